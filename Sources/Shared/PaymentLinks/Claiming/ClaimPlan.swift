/// Everything that a batch of claims writes, and what each job is answered.
package struct ClaimPlan: Sendable {
    /// A claim to record: won or refused.
    package struct Record: Sendable {
        package let request: ClaimRequest
        /// `nil` where the slug leads nowhere.
        package let link: LinkSnapshot?
        package let outcome: ClaimOutcome
    }

    /// A claim that another claim's outcome answers; remembered, so that its own address can be read.
    package struct Alias: Hashable, Sendable {
        package let claimId: ClaimID
        package let answeredBy: ClaimID
        package let slug: Slug
    }

    /// A caller's idempotency key, bound to the claim that answers it from now on.
    package struct Key: Hashable, Sendable {
        package let reference: IdempotencyReference
        package let claimId: ClaimID
    }

    /// A job's answer, in the jobs' order.
    package struct Answer: Sendable {
        package let claimId: ClaimID
        package let outcome: ClaimOutcome
        /// Whether an earlier request's outcome is repeated.
        package let isReplayed: Bool
    }

    package let decidedAt: Timestamp
    package internal(set) var records: [Record] = []
    package internal(set) var aliases: [Alias] = []
    package internal(set) var keys: [Key] = []
    /// The records that are offers. They take no link and move no money.
    package internal(set) var offers: [Offer] = []
    /// Offers that newer ones displace.
    package internal(set) var displacedOffers: [ClaimID] = []
    /// The tallies of links that have changed.
    package internal(set) var tallies: [LinkID: LinkTally] = [:]
    package internal(set) var postings: [Posting] = []
    /// What must still be true of the payers' wallets, where they were read and not locked.
    package internal(set) var demands: [WalletID: WalletDemand] = [:]
    package internal(set) var events: [DomainEvent] = []
    package internal(set) var settlements: [SettlementRequest] = []
    /// What must reach the broker once this plan is committed. Answers are not part of it: a lost answer is read back.
    package internal(set) var outbox: [OutboxMessage] = []
    package internal(set) var answers: [Answer] = []

    /// Whether a first plan was undone, for wallets had moved meanwhile.
    package var isSecond = false

    package init(decidedAt: Timestamp) {
        self.decidedAt = decidedAt
    }

    /// Whether there is anything to write at all; a batch of repeated deliveries writes nothing.
    package var isEmpty: Bool { records.isEmpty && aliases.isEmpty && tallies.isEmpty }
}

/// What a payment rail is asked to do for one claim. (contract: "Jobs and settlement messages")
package struct SettlementRequest: Hashable, Sendable {
    package let settlementId: ClaimID
    package let transactionId: TransactionID
    package let environment: Environment
    package let method: ClaimMethod
    /// In the rail's currency: USD for ACH, USDC for USDC.
    package let amount: Money
    package let sealedDestination: [UInt8]
    package let payee: String
    package let createdAt: Timestamp
    /// What the payer was told; for `usdc` only.
    package let instructions: PaymentInstructions?

    package init(
        settlementId: ClaimID, transactionId: TransactionID, environment: Environment, method: ClaimMethod,
        amount: Money, sealedDestination: [UInt8], payee: String, createdAt: Timestamp,
        instructions: PaymentInstructions? = nil
    ) {
        self.settlementId = settlementId
        self.transactionId = transactionId
        self.environment = environment
        self.method = method
        self.amount = amount
        self.sealedDestination = sealedDestination
        self.payee = payee
        self.createdAt = createdAt
        self.instructions = instructions
    }

    /// What the payer's statement shows: the payee, in the characters and the length that a bank file carries.
    package var statementDescriptor: String {
        let allowed = payee.uppercased().utf8.filter(Self.isOfBankFiles)
        return String(decoding: allowed.prefix(16), as: UTF8.self)
    }

    /// Whether a byte of upper-case text is an ASCII letter, a digit or a space.
    private static func isOfBankFiles(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: " "): true
        default: false
        }
    }
}
