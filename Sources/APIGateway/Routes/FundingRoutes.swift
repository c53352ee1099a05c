import Hummingbird
import PaymentLinks
import Storage

/// Sandbox money.
struct FundingRoutes: RouteGroup {
    private static let walletRoute = "wallets.fund"
    private static let sandboxRoute = "sandbox.fund"

    private let gateway: Gateway

    init(_ gateway: Gateway) {
        self.gateway = gateway
    }

    func register(on router: Router<GatewayContext>) {
        router.post("/v1/wallets/:id/fund", use: fundWallet)
        router.post("/v1/sandbox/fund", use: fundInSandbox)
    }

    @Sendable private func fundWallet(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let key = try sandboxKey(context)
        let id: WalletID = try context.identifier(orThrow: .noSuchWallet)
        let body = try FundingBody(await request.jsonObject(), idempotencyHeader: request.idempotencyHeader)
        return try await fund(id, body, by: key, route: Self.walletRoute)
    }

    @Sendable private func fundInSandbox(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let key = try sandboxKey(context)
        let body = try SandboxFundingBody(
            await request.jsonObject(), idempotencyHeader: request.idempotencyHeader)
        return try await fund(body.walletId, body.funding, by: key, route: Self.sandboxRoute)
    }

    private func sandboxKey(_ context: GatewayContext) throws(Refusal) -> APIKey {
        let key = try context.key(.walletsWrite)
        guard key.environment == .sandbox else { throw .sandboxOnly }
        return key
    }

    private func fund(
        _ id: WalletID, _ body: FundingBody, by key: APIKey, route: String
    ) async throws -> Response {
        let wallet = try await gateway.wallet(id, for: key)
        let amount = try body.amount(in: wallet.currency)
        let reference = try gateway.reference(
            body.idempotencyKey, scope: key.idempotencyScope, route: route, FundingBody.canonical(amount, for: id))
        let outcome = try await gateway.fundings.fund(
            id, organization: key.organizationId, amount: amount, idempotency: reference)
        return try await response(to: outcome, id, showsBalances: key.readsBalances)
    }

    private func response(
        to outcome: FundingStore.Outcome, _ id: WalletID, showsBalances: Bool
    ) async throws -> Response {
        switch outcome {
        case .answered(.made(let receipt), let messages):
            await gateway.outbox.publish(messages)
            return Response(status: .ok, json: WalletJSON.funding(receipt, showsBalances: showsBalances))
        case .answered(.replayed(let receipt), _):
            let json = WalletJSON.funding(receipt, showsBalances: showsBalances)
            return Response(Answer(status: .ok, json: json).replayed(true))
        case .answered(.keyReused, _): throw Refusal.keyReused
        case .walletFrozen: throw Refusal.frozen(id)
        case .balanceTooLarge: throw Refusal.balanceTooLarge
        case .walletNotFound: throw Refusal.noSuchWallet
        }
    }
}
