/// Wallets, their money and its history.
public struct Wallets: Resource {
    let transport: Transport

    public func create(_ wallet: NewWallet, idempotencyKey: String? = nil) async throws(PaylinksError) -> Wallet {
        try await create("/wallets", wallet, key: idempotencyKey)
    }

    /// Every wallet, newest first.
    public func all(pageSize: Int? = nil) -> Items<Wallet> { items("/wallets", pageSize: pageSize) }

    public func get(_ id: String) async throws(PaylinksError) -> Wallet { try await read(path(id)) }

    public func update(_ id: String, _ changes: WalletChanges) async throws(PaylinksError) -> Wallet {
        try await set("PATCH", path(id), changes)
    }

    public func balance(of id: String) async throws(PaylinksError) -> Balance { try await read(path(id) + "/balance") }

    /// Brings sandbox money.
    public func fund(
        _ id: String, amount: String, idempotencyKey: String? = nil
    ) async throws(PaylinksError) -> Funding {
        try await create(path(id) + "/fund", ["amount": amount], key: idempotencyKey)
    }

    /// A frozen wallet pays nothing and is not funded; it can be read, and can receive.
    public func freeze(_ id: String) async throws(PaylinksError) -> Wallet {
        try await set("POST", path(id) + "/freeze")
    }

    public func unfreeze(_ id: String) async throws(PaylinksError) -> Wallet {
        try await set("POST", path(id) + "/unfreeze")
    }

    /// The entries that changed what the wallet can spend, newest first.
    public func entries(of id: String, pageSize: Int? = nil) -> Items<Entry> {
        items(path(id) + "/transactions", pageSize: pageSize)
    }

    /// What rails work on for the wallet, newest first.
    public func holds(of id: String, status: String? = nil, pageSize: Int? = nil) -> Items<Hold> {
        items(path(id) + "/holds", pageSize: pageSize, [("status", status)])
    }

    private func path(_ id: String) -> String { "/wallets/\(segment(id))" }
}

/// What only the sandbox has.
public struct Sandbox: Resource {
    let transport: Transport

    /// Brings money, as `wallets.fund` does.
    public func fund(
        walletId: String, amount: String, idempotencyKey: String? = nil
    ) async throws(PaylinksError) -> Funding {
        try await create("/sandbox/fund", ["walletId": walletId, "amount": amount], key: idempotencyKey)
    }
}

/// The ledger.
public struct Transactions: Resource {
    let transport: Transport

    public func get(_ id: String) async throws(PaylinksError) -> Transaction {
        try await read("/transactions/\(segment(id))")
    }
}
