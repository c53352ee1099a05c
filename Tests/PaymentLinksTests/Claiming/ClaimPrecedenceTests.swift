import PaymentLinks
import Testing

/// Everything that can be wrong with a claim that pays from a wallet, in the order in which it is told.
enum WalletClaimDefect: CaseIterable, Comparable {
    case keyReused, linkMissing, linkCancelled, walletMissing, notAuthorized, walletNotAllowed
    case otherEnvironment, payeeItself, payerFrozen, subCent, fundsMissing, payeeFull, emailNotAllowed

    var code: ErrorCode {
        switch self {
        case .keyReused: .idempotencyKeyReuse
        case .linkMissing: .paymentLinkNotFound
        case .linkCancelled: .linkCancelled
        case .emailNotAllowed, .walletNotAllowed: .recipientNotAllowed
        case .walletMissing, .notAuthorized: .walletAuthorizationRequired
        case .otherEnvironment: .environmentMismatch
        case .payeeItself: .selfClaim
        case .payerFrozen: .walletFrozen
        case .subCent: .amountNotRepresentable
        case .fundsMissing: .insufficientFunds
        case .payeeFull: .amountExceedsRailLimit
        }
    }
}

/// One claim and its surroundings, with the given defects and no others.
struct DefectiveClaim {
    let defects: Set<WalletClaimDefect>
    private let email = Sample.email("payer@example.com")

    func decide() -> ClaimPlan { Sample.decide([request], on: state) }

    private var request: ClaimRequest {
        Sample.claim(
            email: defects.contains(.emailNotAllowed) ? nil : email,
            authority: Sample.authority(
                of: defects.contains(.notAuthorized) ? Sample.stranger : Sample.organization, walletEnvironment),
            key: 1)
    }

    private var walletEnvironment: Environment { defects.contains(.otherEnvironment) ? .production : .sandbox }

    private var link: LinkSnapshot {
        Sample.link(
            amount: defects.contains(.subCent) ? Sample.usdc(1_000_001) : Sample.usd(100),
            status: defects.contains(.linkCancelled) ? .cancelled : .active,
            to: defects.contains(.payeeItself) ? Sample.payer : Sample.payee,
            restrictions: RecipientRestrictions(
                emails: [email],
                walletIds: [defects.contains(.walletNotAllowed) ? Sample.payee : Sample.payer]))
    }

    private var payer: WalletSnapshot {
        Sample.wallet(
            Sample.payer, available: defects.contains(.fundsMissing) ? 0 : 1_000,
            isFrozen: defects.contains(.payerFrozen), environment: walletEnvironment)
    }

    private var payee: WalletSnapshot {
        Sample.wallet(Sample.payee, currency: .usdc, available: defects.contains(.payeeFull) ? .max : 0)
    }

    private var state: ClaimBatchState {
        var state = Sample.state(
            defects.contains(.linkMissing) ? [] : [link],
            defects.contains(.walletMissing) ? [payee] : [payer, payee])
        if defects.contains(.keyReused), let key = request.idempotencyKey {
            state.keys[key] = .init(requestDigest: Sample.digest(99), claimId: ClaimID(bits: 99))
        }
        return state
    }
}

@Suite("Why a claim from a wallet is refused, and which reason comes first")
struct ClaimPrecedenceTests {
    @Test("Each defect by itself is refused with its own code", arguments: WalletClaimDefect.allCases)
    func alone(defect: WalletClaimDefect) {
        let plan = DefectiveClaim(defects: [defect]).decide()
        #expect(plan.codes == [defect.code])
        #expect(plan.postings.isEmpty && plan.events.isEmpty && plan.settlements.isEmpty)
        #expect(plan.records.count == 1)
    }

    @Test("Of all defects at once the first is told, and then the next", arguments: WalletClaimDefect.allCases)
    func precedence(first: WalletClaimDefect) {
        let defects = Set(WalletClaimDefect.allCases.drop { $0 < first })
        #expect(DefectiveClaim(defects: defects).decide().codes == [first.code])
    }

    @Test("Without any defect the claim wins")
    func none() {
        let plan = DefectiveClaim(defects: []).decide()
        #expect(plan.codes == [nil])
        #expect(plan.postings.count == 1 && plan.events.map(\.type) == [.linkClaimed, .linkSettled])
    }

    @Test(
        "A refusal binds its key, but not a missing authority; and a reused key stays with its first request",
        arguments: WalletClaimDefect.allCases)
    func keys(defect: WalletClaimDefect) {
        let plan = DefectiveClaim(defects: [defect]).decide()
        let bindsNone: [WalletClaimDefect] = [.keyReused, .notAuthorized, .walletMissing]
        #expect(plan.keys.count == (bindsNone.contains(defect) ? 0 : 1))
    }
}
