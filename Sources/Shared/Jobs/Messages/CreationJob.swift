package import PaymentLinks

/// The job that carries a link's creation from a gateway to a claim worker.
package enum CreationJob {
    package static let type = "create"
    private static let name = "creation job"
    private static let version = 1

    package static func encode(_ creation: LinkCreation) -> [UInt8] {
        JSONWriter.object { writer in
            writer.field("version", Self.version)
            writer.fields(of: creation)
            writer.field("idempotencyKey", base64: creation.idempotencyKey?.bytes)
        }
    }

    package static func decode(_ bytes: [UInt8]) throws(UnreadableMessage) -> LinkCreation {
        try decode(MessageFields.parse(bytes, name))
    }

    package static func decode(_ job: JSONElement) throws(UnreadableMessage) -> LinkCreation {
        let fields = try MessageFields(of: name, version: version, in: job)
        return try LinkCreation(fields, idempotencyKey: try fields.optionalDigest("idempotencyKey"))
    }
}

/// A link's creation as it travels, in jobs and in replies.
extension LinkCreation {
    init(_ fields: MessageFields, idempotencyKey: Digest?) throws(UnreadableMessage) {
        self.init(
            linkId: try fields.identifier("linkId"), organizationId: try fields.identifier("organizationId"),
            environment: try fields.choice("environment"), walletId: try fields.identifier("walletId"),
            slug: try fields.slug("slug"),
            amount: Money(
                minorUnits: try fields.required("minorUnits", \.integer), currency: try fields.choice("currency")),
            description: try fields.optional("description", \.string),
            restrictions: try RecipientRestrictions(try fields.optionalObject("restrictions")),
            expiresAt: try fields.optional("expiresAt", Timestamp.init(json:)),
            // JSON text inside a string: the metadata is passed on as it is, never read.
            metadataJSON: try fields.string("metadata"), digest: try fields.digest("digest"),
            idempotencyKey: idempotencyKey)
    }
}

extension RecipientRestrictions {
    fileprivate init?(_ fields: MessageFields?) throws(UnreadableMessage) {
        guard let fields else { return nil }
        self.init(
            emails: try fields.optionalList("emails", EmailAddress.init(json:)) ?? [],
            walletIds: try fields.optionalList("walletIds", WalletID.init(json:)) ?? [])
    }
}

extension JSONWriter {
    mutating func fields(of creation: LinkCreation) {
        field("linkId", creation.linkId)
        field("organizationId", creation.organizationId)
        field("environment", creation.environment.rawValue)
        field("walletId", creation.walletId)
        field("slug", creation.slug)
        field("minorUnits", Int(creation.amount.minorUnits))
        field("currency", creation.amount.currency.rawValue)
        field("description", creation.description)
        field("restrictions", creation.restrictions)
        field("expiresAt", creation.expiresAt)
        field("metadata", creation.metadataJSON)
        field("digest", base64: creation.digest.bytes)
    }

    private mutating func field(_ name: StaticString, _ restrictions: RecipientRestrictions?) {
        guard let restrictions else { return field(name, json: nil) }
        field(
            name,
            object: { writer in
                writer.field("emails", array: restrictions.emails) { $0.string($1.description) }
                writer.field("walletIds", array: restrictions.walletIds) { $0.string($1.description) }
            })
    }
}
