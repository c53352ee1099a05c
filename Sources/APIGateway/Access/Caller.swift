package import PaymentLinks
package import Storage

/// Who sends a request, as far as its key tells.
package enum Caller: Sendable {
    /// No key was sent.
    case anonymous
    case key(APIKey)
    /// A key was sent that does not count.
    case refused(Refusal)
}

extension Caller {
    /// The caller's key, if it may do this; every route that is not public starts with it.
    func key(_ permission: Permission) throws(Refusal) -> APIKey {
        let key = try anyKey()
        guard key.grant.permissions.contains(permission) else { throw .missingPermission(permission) }
        return key
    }

    /// The caller's key, whatever it may do.
    func anyKey() throws(Refusal) -> APIKey {
        guard let key = try optionalKey() else { throw .missingKey }
        return key
    }

    /// The caller's key where a key is not needed; an invalid key is still refused.
    func optionalKey() throws(Refusal) -> APIKey? {
        switch self {
        case .anonymous: nil
        case .key(let key): key
        case .refused(let refusal): throw refusal
        }
    }
}

extension GatewayContext {
    func key(_ permission: Permission) throws(Refusal) -> APIKey { try caller.key(permission) }

    func optionalKey() throws(Refusal) -> APIKey? { try caller.optionalKey() }
}

extension APIKey {
    /// Throws unless the key reaches this wallet.
    package func requireScope(_ walletId: WalletID) throws(Refusal) {
        guard grant.walletScope?.contains(walletId) ?? true else { throw .outOfScope(walletId) }
    }

    /// Throws unless the key is of this environment.
    package func requireEnvironment(_ other: Environment) throws(Refusal) {
        guard environment == other else { throw .wrongEnvironment }
    }

    /// What the key lets a claim do: nothing, unless it may write payments.
    package var authority: ClaimRequest.WalletAuthority? {
        guard grant.permissions.contains(.paymentsWrite) else { return nil }
        return ClaimRequest.WalletAuthority(
            organizationId: organizationId, environment: environment, walletScope: grant.walletScope.map(Set.init),
            readsBalances: readsBalances)
    }

    /// Names whose idempotency keys these are: equal keys of other organizations or environments are other keys.
    package var idempotencyScope: String { "\(organizationId):\(environment.rawValue)" }

    /// Why the key does not count now, from there; `nil` when it does.
    package func refusal(at now: Timestamp, from address: IPAddress?) -> Refusal? {
        if let refusal = endOfLife(at: now) { return refusal }
        guard let ranges = grant.allowedIps else { return nil }
        let isAllowed = address.map { address in ranges.contains { $0.contains(address) } } ?? false
        return isAllowed ? nil : .addressNotAllowed
    }

    /// The refusal of a key that is revoked or expired; `nil` for one in use.
    func endOfLife(at now: Timestamp) -> Refusal? {
        if revokedAt != nil { return .revokedKey }
        if let expiresAt = grant.expiresAt, expiresAt <= now { return .expiredKey }
        return nil
    }

    /// Whether bodies show this key what wallets have and owe.
    var readsBalances: Bool { grant.permissions.contains(.walletsRead) }
}
