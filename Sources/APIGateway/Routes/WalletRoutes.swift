import Hummingbird
import PaymentLinks
import Storage

/// Wallets, for their owners.
struct WalletRoutes: RouteGroup {
    private static let creationRoute = "wallets.create"

    private let gateway: Gateway

    init(_ gateway: Gateway) {
        self.gateway = gateway
    }

    func register(on router: Router<GatewayContext>) {
        router.post("/v1/wallets", use: create)
        router.get("/v1/wallets", use: list)
        router.get("/v1/wallets/:id", use: read)
        router.patch("/v1/wallets/:id", use: change)
        router.get("/v1/wallets/:id/balance", use: balance)
        router.post("/v1/wallets/:id/freeze") { try await setFrozen(true, $0, $1) }
        router.post("/v1/wallets/:id/unfreeze") { try await setFrozen(false, $0, $1) }
    }

    /// A key that is held to certain wallets cannot make another: it could not reach it.
    @Sendable private func create(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let known = try context.key(.walletsWrite)
        let body = try WalletBody(await request.jsonObject(), idempotencyHeader: request.idempotencyHeader)
        let key = body.allowsPublicClaims ? try await gateway.keyThatOpensWallets(context) : known
        guard key.grant.walletScope == nil else { throw Refusal.scopedKeyMakesNoWallets }
        let reference = try gateway.reference(
            body.idempotencyKey, scope: key.idempotencyScope, route: Self.creationRoute, body.canonical)
        switch try await gateway.walletCreations.create(body.creation(by: key), idempotency: reference) {
        case .made(let wallet): return Response(created(wallet, by: key))
        case .replayed(let wallet): return Response(created(wallet, by: key).replayed(true))
        case .keyReused: throw Refusal.keyReused
        }
    }

    @Sendable private func list(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let key = try context.key(.walletsRead)
        let query = ListQuery(request)
        try query.finish()
        return try await gateway.wallets.list(
            organization: key.organizationId, environment: key.environment, walletScope: key.grant.walletScope,
            query.page
        ).response(cursor: \.id.bits) { WalletJSON.fields(of: $1, showsBalances: key.readsBalances, in: &$0) }
    }

    @Sendable private func read(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let wallet = try await gateway.wallet(context, .walletsRead)
        return try answer(wallet, context)
    }

    @Sendable private func balance(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let wallet = try await gateway.wallet(context, .walletsRead)
        return Response(status: .ok, json: WalletJSON.balance(wallet))
    }

    @Sendable private func change(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let wallet = try await gateway.wallet(context, .walletsWrite)
        let changes = try WalletChanges(await request.optionalJSONObject())
        if changes.allowsPublicClaims == true { _ = try await gateway.keyThatOpensWallets(context) }
        let changed = try await gateway.wallets.change(wallet.id, organization: wallet.organizationId, changes)
        guard let changed else { throw Refusal.noSuchWallet }
        return try answer(changed, context)
    }

    private func setFrozen(
        _ isFrozen: Bool, _ request: Request, _ context: GatewayContext
    ) async throws -> Response {
        let wallet = try await gateway.wallet(context, .walletsWrite)
        try await request.checkUnusedBody()
        let changed = try await gateway.wallets.setFrozen(
            isFrozen, wallet.id, organization: wallet.organizationId)
        guard let changed else { throw Refusal.noSuchWallet }
        return try answer(changed, context)
    }

    private func answer(_ wallet: WalletRecord, _ context: GatewayContext) throws -> Response {
        let showsBalances = try context.optionalKey()?.readsBalances ?? false
        return Response(status: .ok, json: WalletJSON.wallet(wallet, showsBalances: showsBalances))
    }

    private func created(_ wallet: WalletRecord, by key: APIKey) -> Answer {
        Answer(
            status: .created, json: WalletJSON.wallet(wallet, showsBalances: key.readsBalances),
            headers: [.location: ResourcePath.wallet(wallet.id)])
    }
}

extension Gateway {
    /// The caller's key, if it may open a wallet to claims without a key: opening a wallet is as good as spending from
    /// it.
    fileprivate func keyThatOpensWallets(_ context: GatewayContext) async throws -> APIKey {
        try await currentKey(context, .walletsWrite, .paymentsWrite)
    }

    /// The wallet in the path, if the caller's key may do this with it.
    func wallet(_ context: GatewayContext, _ permission: Permission) async throws -> WalletRecord {
        let key = try context.key(permission)
        return try await wallet(try context.identifier(orThrow: .noSuchWallet), for: key)
    }

    /// The wallet, if it is within the key's reach. Another organization's is not there at all.
    func wallet(_ id: WalletID, for key: APIKey) async throws -> WalletRecord {
        guard let wallet = try await wallets.find(id, organization: key.organizationId) else {
            throw Refusal.noSuchWallet
        }
        try key.requireEnvironment(wallet.environment)
        try key.requireScope(wallet.id)
        return wallet
    }
}

extension WalletBody {
    fileprivate func creation(by key: APIKey) -> WalletCreation {
        WalletCreation(
            organizationId: key.organizationId, environment: key.environment, name: name, agentName: agentName,
            currency: currency, allowsPublicClaims: allowsPublicClaims, metadataJSON: metadata.json)
    }
}
