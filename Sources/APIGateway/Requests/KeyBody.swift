package import PaymentLinks
package import Storage

/// An API key as somebody asks for it. What is absent of its bounds is taken over from the asking key.
package struct KeyBody: Sendable {
    fileprivate static let longestName = 256
    private static let mostWallets = 100
    private static let mostAddresses = 100

    package let name: String
    package let permissions: Set<Permission>
    package let environment: Environment?
    package let walletScope: [WalletID]?
    package let allowedIps: [AddressRange]?
    package let expiresAt: Timestamp?
    package let rateLimit: Int?

    /// Reads the body, or throws every wrong field of it.
    package init(_ fields: JSONObject, at now: Timestamp) throws(InvalidRequest) {
        var reader = BodyReader(fields)
        let name = reader.text("name", isRequired: true, longest: Self.longestName, subject: "name")
        let permissions = reader.permissions("permissions", isRequired: true)
        environment = reader.choice("environment")
        walletScope = reader.identifiers("walletScope", most: Self.mostWallets)
        allowedIps = reader.addressRanges("allowedIps", most: Self.mostAddresses)
        expiresAt = reader.futureTime("expiresAt", at: now)
        rateLimit = reader.wholeNumber("rateLimit", in: KeyGrant.rateLimits)
        try reader.finish()
        guard let name, let permissions else { throw InvalidRequest(reader.problems) }
        self.name = name
        self.permissions = permissions
    }
}

extension KeyChanges {
    /// Reads what a PATCH changes: a field that is absent stays, a `rateLimit` of null is taken away.
    package init(_ fields: JSONObject) throws(InvalidRequest) {
        var reader = BodyReader(fields)
        let name =
            reader.has("name")
            ? reader.text("name", isRequired: true, longest: KeyBody.longestName, subject: "name") : nil
        let permissions = reader.has("permissions") ? reader.permissions("permissions", isRequired: true) : nil
        let rateLimit = reader.wholeNumber("rateLimit", in: KeyGrant.rateLimits)
        self.init(name: name, permissions: permissions, rateLimit: reader.has("rateLimit") ? .some(rateLimit) : nil)
        try reader.finish()
    }
}

extension BodyReader {
    fileprivate mutating func permissions(_ field: String, isRequired: Bool) -> Set<Permission>? {
        let permissions: [Permission]? = list(field, isRequired: isRequired, most: Permission.allCases.count * 2) {
            text in
            guard let permission = Permission(rawValue: text) else {
                let names = Permission.allCases.map(\.rawValue).joined(separator: ", ")
                return .failure(.init(code: "INVALID_VALUE", message: "Send one of \(names)."))
            }
            return .success(permission)
        }
        return permissions.map(Set.init)
    }

    fileprivate mutating func addressRanges(_ field: String, most: Int) -> [AddressRange]? {
        list(field, most: most) { text in
            guard let range = AddressRange(text) else {
                return .failure(
                    .init(code: "INVALID_ADDRESS", message: "Send an IP address or a block, such as 192.0.2.0/24."))
            }
            return .success(range)
        }
    }

    fileprivate mutating func futureTime(_ field: String, at now: Timestamp) -> Timestamp? {
        guard let time = time(field) else { return nil }
        if time <= now { report(field, "NOT_IN_FUTURE", "Send a time in the future.") }
        return time
    }
}
