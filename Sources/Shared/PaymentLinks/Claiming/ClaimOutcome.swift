/// What a claim was answered with when it was decided.
///
/// It is made of facts that never change after the decision, so a retry is answered with the very same words,
/// wherever the rail has got to meanwhile.
package enum ClaimOutcome: Hashable, Sendable {
    indirect case accepted(ClaimReceipt)
    case refused(Refusal)

    var isAccepted: Bool { if case .accepted = self { true } else { false } }
}

/// The facts of an accepted claim: one that took its link, or an offer.
package struct ClaimReceipt: Hashable, Sendable {
    package let claimId: ClaimID
    package let transactionId: TransactionID
    package let slug: Slug
    package let method: ClaimMethod
    package let amount: Money
    package let createdAt: Timestamp
    /// How to pay; for `usdc` only.
    package let instructions: PaymentInstructions?

    package init(
        claimId: ClaimID, transactionId: TransactionID, slug: Slug, method: ClaimMethod, amount: Money,
        createdAt: Timestamp, instructions: PaymentInstructions?
    ) {
        self.claimId = claimId
        self.transactionId = transactionId
        self.slug = slug
        self.method = method
        self.amount = amount
        self.createdAt = createdAt
        self.instructions = instructions
    }

    /// The status at the decision: a wallet pays at once, a bank takes its time, and USDC is awaited.
    package var decidedStatus: ClaimStatus {
        switch method {
        case .wallet: .settled
        case .ach: .pending
        case .usdc: .awaitingPayment
        }
    }

    /// The link's status at the decision: an offer leaves it to others.
    package var decidedLinkStatus: LinkStatus { decidedStatus == .awaitingPayment ? .active : .claimed }
}

/// How a payer brings USDC to us on a chain.
package struct PaymentInstructions: Hashable, Sendable {
    package let chain: Chain
    package let payTo: EVMAddress
    /// In USDC.
    package let amount: Money
    package let payBefore: Timestamp?

    package init(chain: Chain, payTo: EVMAddress, amount: Money, payBefore: Timestamp?) {
        self.chain = chain
        self.payTo = payTo
        self.amount = amount
        self.payBefore = payBefore
    }

    /// A wallet application's link that fills in the whole transfer. (EIP-681)
    package var paymentUri: String {
        "ethereum:\(chain.usdcToken)@\(chain.chainId)/transfer?address=\(payTo)&uint256=\(amount.minorUnits)"
    }
}

extension JSONWriter {
    package mutating func field(_ name: StaticString, _ instructions: PaymentInstructions?) {
        guard let instructions else { return field(name, json: nil) }
        field(
            name,
            object: { writer in
                writer.field("chain", instructions.chain.rawValue)
                writer.field("chainId", instructions.chain.chainId)
                writer.field("token", instructions.chain.usdcToken)
                writer.field("payTo", instructions.payTo)
                writer.field("amount", instructions.amount)
                writer.field("amountBaseUnits", String(instructions.amount.minorUnits))
                writer.field("paymentUri", instructions.paymentUri)
                writer.field("payBefore", instructions.payBefore)
            })
    }
}

extension ClaimReceipt {
    /// The events that the claim writes at its decision, the cause before its effect.
    var eventTypes: [EventType] {
        switch decidedStatus {
        case .settled: [.linkClaimed, .linkSettled]
        case .pending: [.linkClaimed]
        default: []
        }
    }
}
