package import PaymentLinks

/// A link as its creator asks for it: valid in itself.
package struct LinkBody: Sendable {
    package let walletId: WalletID
    package let amount: Money
    package let description: String?
    /// `nil` also when its lists are empty, because then no one is restricted.
    package let restrictions: RecipientRestrictions?
    package let expiresAt: Timestamp?
    package let metadata: Metadata
    package let idempotencyKey: String?

    /// Reads the body, or throws every wrong field of it.
    package init(
        _ fields: JSONObject, idempotencyHeader: [String] = [], at now: Timestamp
    ) throws(InvalidRequest) {
        var reader = BodyReader(fields)
        let walletId: WalletID? = reader.identifier("walletId", isRequired: true)
        let amount = reader.amount("amount", in: reader.currency("currency"))
        description = reader.text("description", longest: LinkLimits.longestDescription, subject: "description")
        restrictions = reader.restrictions("recipientRestrictions")
        let expiresAt = reader.time("expiresAt")
        metadata = reader.metadata("metadata") ?? [:]
        idempotencyKey = reader.idempotencyKey(header: idempotencyHeader)
        reader.refuseSeveralUses("maxUses")
        if let expiresAt { reader.check(expiresAt, at: now, mayBeRepeated: idempotencyKey != nil) }
        try reader.finish()
        guard let walletId, let amount else { throw InvalidRequest(reader.problems) }
        self.walletId = walletId
        self.amount = amount
        self.expiresAt = expiresAt
    }

    /// The metadata as JSON text, its keys in order.
    package var metadataJSON: String { metadata.json }

    /// Everything that makes two requests the same, in one spelling.
    package var canonical: [UInt8] {
        JSONWriter.object { writer in
            writer.field("walletId", walletId)
            writer.field("amount", amount)
            writer.field("currency", amount.currency.rawValue)
            writer.field("description", description)
            writer.field("emails", array: restrictions?.emails ?? []) { $0.string($1.folded) }
            writer.field("walletIds", array: restrictions?.walletIds ?? []) { $0.string($1.description) }
            writer.field("expiresAt", expiresAt.map { String($0.microseconds) })
            writer.field("metadata", json: metadataJSON)
        }
    }
}

extension BodyReader {
    /// The currency, USD when there is none. When it is wrong, the amount is held to the longer fraction of USDC, so
    /// that it is not found fault with for the currency's sake.
    mutating func currency(_ field: String) -> Currency {
        choice(field) ?? (value(field) == nil ? .usd : .usdc)
    }

    fileprivate mutating func restrictions(_ field: String) -> RecipientRestrictions? {
        let restrictions = object(field) { reader in
            RecipientRestrictions(
                emails: reader.emails("emails") ?? [],
                walletIds: reader.identifiers("walletIds", most: RecipientRestrictions.mostEntries) ?? [])
        }
        return restrictions.flatMap { $0.isEmpty ? nil : $0 }
    }

    private mutating func emails(_ field: String) -> [EmailAddress]? {
        list(field, most: RecipientRestrictions.mostEntries) { text in
            do throws(EmailAddressError) {
                return .success(try EmailAddress(text))
            } catch {
                return .failure(.init(error))
            }
        }
    }

    /// A time that has passed is left to the worker if the request may be the repetition of one that was in time: it
    /// finds the first one by the key, and refuses this one else.
    fileprivate mutating func check(_ expiresAt: Timestamp, at now: Timestamp, mayBeRepeated: Bool) {
        if expiresAt <= now && mayBeRepeated && problems.isEmpty { return }
        report(LinkLimits.problems(expiresAt: expiresAt, at: now))
    }

    /// Clients of other services send it; here a link is paid once.
    fileprivate mutating func refuseSeveralUses(_ field: String) {
        guard let value = value(field) else { return }
        if case .number(let number) = value, number.integer == 1 { return }
        report(field, "NOT_SUPPORTED", "A payment link is paid once: leave this out, or send 1.")
    }
}
