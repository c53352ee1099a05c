import Hummingbird
import PaymentLinks
import Storage

/// The ledger, as the owners of its wallets read it.
struct TransactionRoutes: RouteGroup {
    private let gateway: Gateway

    init(_ gateway: Gateway) {
        self.gateway = gateway
    }

    func register(on router: Router<GatewayContext>) {
        router.get("/v1/transactions/:id", use: read)
        router.get("/v1/wallets/:id/transactions", use: entries)
        router.get("/v1/wallets/:id/holds", use: holds)
    }

    @Sendable private func read(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let key = try context.key(.walletsRead)
        let id: TransactionID = try context.identifier(orThrow: .noSuchTransaction)
        guard let transaction = try await gateway.transactions.find(id, organization: key.organizationId) else {
            throw Refusal.noSuchTransaction
        }
        try key.requireEnvironment(transaction.environment)
        try key.requireScope(anyOf: transaction.entries.compactMap(\.walletId))
        return Response(status: .ok, json: TransactionJSON.transaction(transaction))
    }

    @Sendable private func entries(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let wallet = try await gateway.wallet(context, .walletsRead)
        let query = ListQuery(request)
        try query.finish()
        return try await gateway.transactions.entries(of: wallet.id, query.page)
            .response(cursor: \.id.bits) { TransactionJSON.fields(of: $1, in: &$0) }
    }

    @Sendable private func holds(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let wallet = try await gateway.wallet(context, .walletsRead)
        var query = ListQuery(request)
        let status = query.choice("status", of: HoldRecord.Status.self)
        try query.finish()
        return try await gateway.holds.list(of: wallet.id, status: status, query.page)
            .response(cursor: \.claimId.bits) { WalletJSON.fields(of: $1, in: &$0) }
    }
}

extension APIKey {
    /// Throws unless the key reaches one of these wallets; a transaction has two sides.
    fileprivate func requireScope(anyOf walletIds: [WalletID]) throws(Refusal) {
        guard let scope = grant.walletScope, !walletIds.contains(where: scope.contains) else { return }
        throw walletIds.first.map(Refusal.outOfScope) ?? .noSuchTransaction
    }
}
