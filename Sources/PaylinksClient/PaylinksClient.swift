public import AsyncHTTPClient

/// A client of one Paylinks system, as one caller.
///
/// ```swift
/// let client = PaylinksClient(baseURL: "https://pay.example.com", apiKey: key)
/// let link = try await client.paymentLinks.create(NewPaymentLink(walletId: wallet, amount: "150.00"))
/// for try await link in client.paymentLinks.all() { print(link.slug, link.status.rawValue) }
/// ```
///
/// What is safe to send again is sent again when no answer comes: what moves money or makes things goes out with an
/// idempotency key that is made once a call, so it is done once. A time-out means "not known yet", never "failed"; the
/// error then has the key (`PaylinksError.idempotencyKey`), with which the same can be sent again later:
///
/// ```swift
/// do {
///     return try await client.paymentLinks.create(link)
/// } catch where error.idempotencyKey != nil {
///     return try await client.paymentLinks.create(link, idempotencyKey: error.idempotencyKey)
/// }
/// ```
public struct PaylinksClient: Sendable {
    /// What sends requests unless another is given: one for the process, shut down with it.
    ///
    /// It fails at once when a connection is refused, and leaves retries and time limits to its callers.
    public static let httpClient: HTTPClient = {
        var configuration = HTTPClient.Configuration.singletonConfiguration
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.redirectConfiguration = .disallow
        configuration.timeout.read = nil
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    let transport: Transport

    /// - Parameters:
    ///   - baseURL: Where the system is, without `/v1`.
    ///   - apiKey: `wg_test_…` or `wg_live_…`; none for a payer.
    ///   - timeout: How long one exchange may take, its body included, and how long a batch's answer may be silent: more
    ///     than zero, or nil for no limit. The API itself waits up to 30 seconds for outcomes.
    ///   - maxRetries: How many times the client retries a safe request: 0 or more, `Int.max` for no limit.
    ///   - httpClient: What sends the requests; it stays its owner's to shut down. Its own time limits hold as well.
    /// - Precondition: `timeout` is more than zero, and `maxRetries` is not negative.
    public init(
        baseURL: String, apiKey: String? = nil, timeout: Duration? = .seconds(45), maxRetries: Int = 4,
        httpClient: HTTPClient = PaylinksClient.httpClient
    ) {
        precondition(timeout.map { $0 > .zero } ?? true, "timeout must be more than zero, or nil for no limit")
        precondition(maxRetries >= 0, "maxRetries must not be negative")
        transport = Transport(
            baseURL: baseURL, apiKey: apiKey, timeout: timeout ?? Transport.noTimeout,
            policy: RetryPolicy(maxRetries: maxRetries),
            httpClient: httpClient, sleep: { try await Task.sleep(for: $0) })
    }

    package init(transport: Transport) {
        self.transport = transport
    }

    public var paymentLinks: PaymentLinks { PaymentLinks(transport: transport) }
    public var wallets: Wallets { Wallets(transport: transport) }
    public var transactions: Transactions { Transactions(transport: transport) }
    public var sandbox: Sandbox { Sandbox(transport: transport) }
    public var organization: OrganizationSettings { OrganizationSettings(transport: transport) }
    public var apiKeys: APIKeys { APIKeys(transport: transport) }
    public var webhooks: Webhooks { Webhooks(transport: transport) }
    public var events: Events { Events(transport: transport) }
}
