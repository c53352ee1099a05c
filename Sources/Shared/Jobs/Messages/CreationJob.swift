import FoundationEssentials
package import PaymentLinks

/// The job that carries a link's creation from a gateway to a claim worker.
package enum CreationJob {
    static let type = "create"

    package static func encode(_ creation: LinkCreation) -> [UInt8] {
        JSONWriter.object { writer in
            writer.field("version", CreationJobBody.version)
            writer.fields(of: creation)
            writer.field("idempotencyKey", base64: creation.idempotencyKey?.bytes)
        }
    }

    package static func decode(_ bytes: [UInt8]) throws(UnreadableMessage) -> LinkCreation {
        let body = try CreationJobBody.decode(bytes)
        return try body.creation.creation(idempotencyKey: try body.idempotencyKey?.digest("idempotencyKey"))
    }
}

private struct CreationJobBody: VersionedBody {
    static let name = "creation job"
    static let version = 1

    let version: Int
    let creation: LinkCreationBody
    let idempotencyKey: Base64?

    private enum CodingKeys: String, CodingKey {
        case version, idempotencyKey
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        version = try container.decode(Int.self, forKey: .version)
        idempotencyKey = try container.decodeIfPresent(Base64.self, forKey: .idempotencyKey)
        creation = try LinkCreationBody(from: decoder)
    }
}

/// A link's creation as it travels, in jobs and in replies.
struct LinkCreationBody: Decodable {
    let linkId: LinkID
    let organizationId: OrganizationID
    let environment: Environment
    let walletId: WalletID
    let slug: Slug
    let minorUnits: Int64
    let currency: Currency
    let description: String?
    let restrictions: RecipientRestrictions?
    let expiresAt: Timestamp?
    /// JSON text inside a string: the metadata is passed on as it is, never read.
    let metadata: String
    let digest: Base64

    func creation(idempotencyKey: Digest?) throws(UnreadableMessage) -> LinkCreation {
        LinkCreation(
            linkId: linkId, organizationId: organizationId, environment: environment, walletId: walletId, slug: slug,
            amount: Money(minorUnits: minorUnits, currency: currency), description: description,
            restrictions: restrictions, expiresAt: expiresAt, metadataJSON: metadata,
            digest: try digest.digest("digest"), idempotencyKey: idempotencyKey)
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
        field(name, object: { writer in
            writer.field("emails", array: restrictions.emails) { $0.string($1.description) }
            writer.field("walletIds", array: restrictions.walletIds) { $0.string($1.description) }
        })
    }
}
