package import PaymentLinks
package import Storage

/// A wallet as its owner asks for it.
package struct WalletBody: Sendable {
    private static let longestName = 256

    package let name: String
    package let agentName: String?
    package let currency: Currency
    package let allowsPublicClaims: Bool
    package let metadata: Metadata
    package let idempotencyKey: String?

    /// Reads the body, or throws every wrong field of it.
    package init(_ fields: JSONObject, idempotencyHeader: [String] = []) throws(InvalidRequest) {
        var reader = BodyReader(fields)
        let name = reader.text("name", isRequired: true, longest: Self.longestName, subject: "name")
        agentName = reader.text("agentName", longest: Self.longestName, subject: "name")
        currency = reader.currency("currency")
        allowsPublicClaims = reader.boolean("allowPublicClaims") ?? false
        metadata = reader.metadata("metadata") ?? [:]
        idempotencyKey = reader.idempotencyKey(header: idempotencyHeader)
        try reader.finish()
        guard let name else { throw InvalidRequest(reader.problems) }
        self.name = name
    }

    /// Everything that makes two requests the same, in one spelling.
    package var canonical: [UInt8] {
        JSONWriter.object { writer in
            writer.field("name", name)
            writer.field("agentName", agentName)
            writer.field("currency", currency.rawValue)
            writer.field("allowPublicClaims", allowsPublicClaims)
            writer.field("metadata", json: metadata.json)
        }
    }
}

extension WalletChanges {
    private static let longestName = 256

    /// Reads what a PATCH changes: a field that is absent stays, an `agentName` of null is taken away.
    package init(_ fields: JSONObject) throws(InvalidRequest) {
        var reader = BodyReader(fields)
        let name =
            reader.has("name")
            ? reader.text("name", isRequired: true, longest: Self.longestName, subject: "name") : nil
        let agentName = reader.text("agentName", longest: Self.longestName, subject: "name")
        self.init(
            name: name, agentName: reader.has("agentName") ? .some(agentName) : nil,
            metadataJSON: reader.has("metadata") ? (reader.metadata("metadata") ?? [:]).json : nil,
            allowsPublicClaims: reader.boolean("allowPublicClaims"))
        try reader.finish()
    }
}
