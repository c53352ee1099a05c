/// Money that a rail brought and that no claim could take. It waits in suspense for its refund.
package struct SuspendedPayment: Hashable, Sendable {
    /// Why the money is in suspense.
    package enum Label: String, Sendable, CaseIterable {
        /// Less arrived than the claim asked for.
        case underpaid = "UNDERPAID"
        /// The part of a payment above what the claim asked for.
        case overpaid = "OVERPAID"
        /// It arrived after the offer's `payBefore`, or after the link's end.
        case late = "LATE"
        /// It arrived in time, but the link was taken or the claim was over.
        case unmatched = "UNMATCHED"
    }

    /// What two reports of one payment share.
    package struct Key: Hashable, Sendable {
        package let claimId: ClaimID
        /// The rail's name for the payment; empty when the rail gave none.
        package let reference: String

        package init(claimId: ClaimID, reference: String?) {
            self.claimId = claimId
            self.reference = reference ?? ""
        }
    }

    package let key: Key
    /// The transaction that the payment makes.
    package let transactionId: TransactionID
    package let linkId: LinkID
    package let organizationId: OrganizationID
    package let environment: Environment
    package let label: Label
    /// In the rail's currency.
    package let amount: Money
    package let clearing: Account

    /// Moves the money from its rail's clearing account to suspense.
    var posting: Posting {
        .transfer(transactionId, .suspend, from: clearing, amount, to: .suspense, amount)
    }
}

extension SuspendedPayment.Label {
    /// What the payer reads beside the claim.
    var failure: SettlementFailure {
        SettlementFailure(code: rawValue, reason: "\(sentence) The money is kept for its sender.")
    }

    private var sentence: String {
        switch self {
        case .underpaid: "Less arrived than the claim asks for."
        case .overpaid: "More arrived than the claim asks for."
        case .late: "The payment arrived too late."
        case .unmatched: "The payment arrived when the link could not take it."
        }
    }
}
