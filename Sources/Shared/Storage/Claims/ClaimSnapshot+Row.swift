import PaymentLinks
import Postgres

extension ClaimSnapshot {
    /// What a claim's status reads as: an offer whose time has passed is EXPIRED, before the expiry worker gets there.
    static let effectiveStatus = """
        CASE WHEN claims.status = 'AWAITING_PAYMENT' AND claims.pay_before <= clock_timestamp()
            THEN 'EXPIRED' ELSE claims.status END
        """

    /// The columns that `init(row:)` reads, in its order.
    static let columns = """
        claims.id, claims.slug, claims.link_id, claims.method, \(effectiveStatus), claims.request_digest, claims.refusal,
        claims.transaction_id, claims.amount, claims.currency, claims.created_at, claims.chain,
        claims.deposit_address, claims.pay_before
        """

    init(row: Row) throws {
        self.init(
            id: try row.identifier(0), slug: try row.slug(1), linkId: try row.identifierIfPresent(2),
            method: try row.name(3), status: try row.name(4), outcome: try ClaimOutcome(row: row),
            digest: try row.digest(5))
    }
}

extension ClaimOutcome {
    fileprivate init(row: Row) throws {
        if let refusal = try row.decodedIfPresent(6, as: Refusal.self) {
            self = .refused(refusal)
        } else {
            self = .accepted(try ClaimReceipt(row: row))
        }
    }
}

extension ClaimReceipt {
    fileprivate init(row: Row) throws {
        let amount = try row.money(8)
        self.init(
            claimId: try row.identifier(0), transactionId: try row.identifier(7), slug: try row.slug(1),
            method: try row.name(3), amount: amount, createdAt: try row.time(10),
            instructions: try PaymentInstructions(row: row, from: 11, amount: amount))
    }
}

extension PaymentInstructions {
    /// Reads the chain, the address and the end of an offer from the three columns that begin there.
    init?(row: Row, from column: Int, amount: Money) throws {
        guard let chain: Chain = try row.nameIfPresent(column), let payTo = try row.textIfPresent(column + 1),
            let due = amount.converted(to: .usdc)
        else { return nil }
        self.init(
            chain: chain, payTo: try EVMAddress(payTo), amount: due, payBefore: try row.timeIfPresent(column + 2))
    }
}
