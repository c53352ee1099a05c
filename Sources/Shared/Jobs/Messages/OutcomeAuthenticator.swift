package import PaymentLinks
package import Sealing

/// Proves which rail an outcome comes from. Each rail has a key of its own, so one rail cannot speak for another.
///
/// The MAC covers `settlementId`, `outcome`, `code`, `reason`, `reference`, `occurredAt`, and `amountBaseUnits`, in this
/// order and as they are written in the message. Each is encoded as its length in bytes, a colon, the bytes, and a comma; an absent or
/// null member is `-,`. The purpose is `settlement-outcome`.
package struct OutcomeAuthenticator: Sendable {
    private static let purpose = "settlement-outcome"
    private static let members: [StaticString] = [
        "settlementId", "outcome", "code", "reason", "reference", "occurredAt", "amountBaseUnits",
    ]

    private let keys: [ClaimMethod: MessageKeys]
    private let policy: JobAuthenticator.Policy

    /// Neither signs nor checks.
    package static let none = OutcomeAuthenticator()

    private init() {
        keys = [:]
        policy = .acceptsUnsigned
    }

    /// - Parameter keys: 32 bytes each. A key's name is its rail's method, alone or followed by a hyphen and a label,
    ///   as in `ach-2026`. The first key of a rail signs. A rail without keys signs nothing.
    package init(
        keys named: [(name: String, key: [UInt8])], policy: JobAuthenticator.Policy = .acceptsUnsigned
    ) throws(SealingError) {
        var byRail: [ClaimMethod: [(name: String, key: [UInt8])]] = [:]
        for key in named {
            guard let rail = Self.rail(ofKey: key.name) else {
                throw .unusableKeys("the rail key \(key.name) must be named after its rail, such as ach or ach-2026")
            }
            byRail[rail, default: []].append(key)
        }
        var keys: [ClaimMethod: MessageKeys] = [:]
        for (rail, named) in byRail { keys[rail] = try MessageKeys(named) }
        self.keys = keys
        self.policy = policy
    }

    /// The MAC of an outcome that this rail reports; `nil` if the rail has no key.
    package func mac(of outcome: SettlementOutcome, rail: ClaimMethod) -> String? {
        keys[rail]?.mac(of: Self.message(outcome.texts), purpose: Self.purpose)
    }

    /// The rail whose key signed the outcome; `nil` for an unsigned outcome, which only the lenient policy accepts.
    func rail(of outcome: JSONElement) throws(UnreadableMessage) -> ClaimMethod? {
        guard let mac = outcome["mac"]?.string else {
            guard policy == .acceptsUnsigned else { throw UnreadableMessage("settlement outcome: the mac is missing") }
            return nil
        }
        guard !keys.isEmpty else { return nil }
        let message = Self.message(Self.members.map { outcome[$0]?.string })
        let name = mac.prefix { $0 != ":" }
        guard let rail = Self.rail(ofKey: String(name)),
            keys[rail]?.signer(of: message, purpose: Self.purpose, mac: mac) != nil
        else {
            throw UnreadableMessage(
                "settlement outcome: the mac does not match; check PAYLINKS_RAIL_KEYS on both sides")
        }
        return rail
    }

    private static func rail(ofKey name: String) -> ClaimMethod? {
        let rail = ClaimMethod(rawValue: String(name.prefix { $0 != "-" }))
        return rail == .wallet ? nil : rail
    }

    private static func message(_ texts: [String?]) -> [UInt8] {
        texts.flatMap { text in
            guard let text else { return Array("-,".utf8) }
            return Array("\(text.utf8.count):\(text),".utf8)
        }
    }
}

extension SettlementOutcome {
    /// The members that a MAC covers, as they are written.
    fileprivate var texts: [String?] {
        [
            settlementId.description, kind.rawValue, code, reason, reference, occurredAt.iso8601,
            baseUnits.map { String($0) },
        ]
    }
}
