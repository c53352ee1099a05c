import Hummingbird

/// Every route of the API, behind what every request goes through.
struct GatewayRouter {
    let gateway: Gateway
    let shedding: LoadShedding
    let admission: Admission
    let shares: InFlightShares
    let metrics: RequestMetrics
    private let registered = RegisteredRoutes()

    init(
        gateway: Gateway, shedding: LoadShedding, admission: Admission, shares: InFlightShares, metrics: RequestMetrics
    ) {
        self.gateway = gateway
        self.shedding = shedding
        self.admission = admission
        self.shares = shares
        self.metrics = metrics
    }

    func make() -> Router<GatewayContext> {
        let router = routed()
        router.refuseOtherMethods()
        return router
    }

    /// The API's own routes, and nothing that answers for others.
    func routed() -> Router<GatewayContext> {
        let router = Router(context: GatewayContext.self, options: .autoGenerateHeadEndpoints)
        addMiddlewares(to: router)
        LinkRoutes(gateway).register(on: router)
        ClaimRoutes(gateway).register(on: router)
        ReleaseRoutes(gateway).register(on: router)
        BatchRoutes(gateway, admission).register(on: router)
        WalletRoutes(gateway).register(on: router)
        OrganizationRoutes(gateway).register(on: router)
        FundingRoutes(gateway).register(on: router)
        TransactionRoutes(gateway).register(on: router)
        KeyRoutes(gateway, admission.keys).register(on: router)
        WebhookRoutes(gateway).register(on: router)
        DeliveryRoutes(gateway).register(on: router)
        EventRoutes(gateway).register(on: router)
        DocumentationRoutes().register(on: router)
        registered.register(
            router.routes.map { RouteName(method: $0.method.rawValue, path: $0.path.description) })
        return router
    }

    /// From the outside in. Errors are rendered twice: outside, for what the admission itself throws, and inside, so
    /// that a refused request's answer shows the rate limit too.
    private func addMiddlewares(to router: Router<GatewayContext>) {
        router.add(middleware: Telemetry(metrics: metrics))
        router.add(middleware: CrossOrigin())
        router.add(middleware: ErrorEnvelope())
        router.add(middleware: BodyFirst(besides: BatchRoutes.paths))
        router.add(middleware: shedding)
        router.add(middleware: admission)
        router.add(middleware: ErrorEnvelope())
        router.add(middleware: shares)
        router.add(middleware: KnownParameters(routes: registered))
    }
}
