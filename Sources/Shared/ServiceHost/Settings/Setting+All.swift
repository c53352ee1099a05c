// The one table of every variable. To add one: a constant here, its place in `groups`, and the roles that read it
// (`Role+All.swift`); then rewrite `docs/configuration.md`, as its test says.

extension Setting {
    /// Every variable there is.
    package static let all: [Setting] = groups.flatMap(\.settings)

    /// Every variable there is, under its heading, in the order of the documentation.
    package static let groups: [Group] = [
        Group(title: "Every role", settings: everyRole),
        Group(title: "Postgres", settings: [databaseURL, databaseConnections, lockTimeout]),
        Group(title: "RabbitMQ", settings: [amqpURL, queuePrefix, declareQueues, prefetch]),
        Group(title: "Keys", settings: [sealingKeys, webhookSealingKeys, digestKey, jobKeys, railKeys, requireMACs]),
        Group(
            title: "Gateway",
            settings: [
                host, port, publicURL, claimWait, maxInFlight, keyCacheTTL, trustedProxies, rateLimitPerOrganization,
                rateLimitPerKey, rateLimitPerAddress, maxKeysPerOrganization, maxBatches, maxBatchDuration, promiseAge,
                maxConnections, maxConnectionsPerAddress, maxConnectionsPerProxy, idleTimeout, slowPeerTimeout,
            ]),
        Group(
            title: "Rails",
            settings: [
                productionRails, usdcDepositAddress, sandboxDepositAddress, offerLifetime, achMaxAmount, sandboxDelay,
            ]),
        Group(
            title: "Batches and upkeep",
            settings: [batchLimit, relayAfter, expiryBatch, expiryMaxSleep] + retentions),
        Group(title: "Webhooks", settings: webhooks + [webhookAllowLoopback]),
        Group(title: "Tests", settings: [faultPoint]),
    ]

    /// What `ServiceHost` itself reads, for every role.
    package static let everyRole = [logLevel, logFormat, drainTimeout, operationsHost, operationsPort]

    package static let logLevel = Setting(
        "PAYLINKS_LOG_LEVEL", .choice(["trace", "debug", "info", "notice", "warning", "error", "critical"]),
        .value("info"), "The least important log lines that are written")
    package static let logFormat = Setting(
        "PAYLINKS_LOG_FORMAT", .choice(["json", "text"]), .value("json"),
        "How log lines on standard output look: for machines or for people")
    package static let drainTimeout = Setting(
        "PAYLINKS_DRAIN_TIMEOUT", .duration(.zero ... .seconds(3600)), .value("25s"),
        "How long work in hand may take after SIGTERM before it is cancelled")
    package static let operationsHost = Setting(
        "PAYLINKS_OPERATIONS_HOST", .text, .value("127.0.0.1"), "The address that serves /health and /metrics")
    package static let operationsPort = Setting(
        "PAYLINKS_OPERATIONS_PORT", .port, .computed("9101 to 9105, by role"),
        "The port that serves /health and /metrics")
}

// MARK: Postgres, RabbitMQ, keys

extension Setting {
    package static let databaseURL = Setting(
        "PAYLINKS_DATABASE_URL", .url(schemes: ["postgresql", "postgres"]), .required, isSecret: true,
        "Where Postgres is; several hosts and every option of libpq are allowed")
    package static let databaseConnections = Setting(
        "PAYLINKS_DATABASE_CONNECTIONS", .integer(1...256), .value("4"), "Connections to Postgres, a thread each")
    package static let lockTimeout = Setting(
        "PAYLINKS_LOCK_TIMEOUT", .duration(.milliseconds(100) ... .seconds(60)), .value("1s"),
        "How long a request or a batch waits for rows that another session has locked; then a request gets 503, and a "
            + "batch goes on without the jobs that need them")
    package static let amqpURL = Setting(
        "PAYLINKS_AMQP_URL", .urls(schemes: ["amqp", "amqps"]), .required, isSecret: true,
        "Where RabbitMQ is; the hosts are tried in turn")
    package static let queuePrefix = Setting(
        "PAYLINKS_QUEUE_PREFIX", .text, .value(""), "What the names of queues and exchanges start with")
    package static let declareQueues = Setting(
        "PAYLINKS_DECLARE_QUEUES", .boolean, .value("true"),
        "Whether the service declares its queues; false for a broker user without the right to, after "
            + "`paylinks queues declare`")
    package static let prefetch = Setting(
        "PAYLINKS_PREFETCH", .integer(1...65535), .value("1024"),
        "Messages that the broker may hand to one consumer ahead of its acknowledgements; "
            + "a claim worker takes 256 of each kind at most, a webhook worker 64")
    package static let sealingKeys = Setting(
        "PAYLINKS_SEALING_KEYS", .namedKeys, .required, isSecret: true,
        "Seal account numbers and secrets; the first seals, all of them open")
    package static let webhookSealingKeys = Setting(
        "PAYLINKS_WEBHOOK_SEALING_KEYS", .namedKeys, .computed("the sealing keys"), isSecret: true,
        "Seal webhook secrets, so that the webhook worker cannot open account numbers; the first seals, all open")
    package static let jobKeys = Setting(
        "PAYLINKS_JOB_KEYS", .namedKeys, .computed("none: jobs carry no MAC"), isSecret: true,
        "Authenticate jobs from gateways to claim workers; the first signs, all of them verify")
    package static let railKeys = Setting(
        "PAYLINKS_RAIL_KEYS", .namedKeys, .computed("none: outcomes carry no MAC"), isSecret: true,
        "Authenticate the outcomes of rails; each key is named after its rail, such as ach or ach-2026")
    package static let requireMACs = Setting(
        "PAYLINKS_REQUIRE_MACS", .boolean, .value("false"),
        "Whether a job or an outcome without a MAC becomes a dead letter; switch it on after every sender has its key")
    package static let digestKey = Setting(
        "PAYLINKS_DIGEST_KEY", .key, .required, isSecret: true,
        "Marks claim ids as ours; the same for every gateway, and not rotated while claims are under way")
}

// MARK: Gateway and rails

extension Setting {
    package static let host = Setting(
        "PAYLINKS_HOST", .text, .value("127.0.0.1"), "The address that serves the API")
    package static let port = Setting("PAYLINKS_PORT", .port, .value("8080"), "The port that serves the API")
    package static let publicURL = Setting(
        "PAYLINKS_PUBLIC_URL", .url(schemes: ["https", "http"]), .computed("http://HOST:PORT"),
        "What the links that payers get start with")
    package static let claimWait = Setting(
        "PAYLINKS_CLAIM_WAIT", .duration(.zero ... .seconds(30)), .value("10s"),
        "How long a claim waits for its outcome before it is answered with 202")
    package static let maxInFlight = Setting(
        "PAYLINKS_MAX_IN_FLIGHT", .integer(1...1_000_000), .value("2048"),
        "Requests that are worked on at once; more are answered with 503. One organization in one environment, or one "
            + "address without a key, has at most half of them")
    package static let keyCacheTTL = Setting(
        "PAYLINKS_KEY_CACHE_TTL", .duration(.zero ... .seconds(60)), .value("5s"),
        "How long a gateway trusts what it knows of an API key; a revoked one works no longer than this")
    package static let trustedProxies = Setting(
        "PAYLINKS_HTTP_TRUSTED_PROXIES", .networks, .value(""),
        "Proxies whose X-Forwarded-For is believed")
    package static let rateLimitPerOrganization = Setting(
        "PAYLINKS_RATE_LIMIT_PER_ORGANIZATION", .integer(1...1_000_000), .value("20000"),
        "Requests a second that all API keys of one organization and environment may make of one gateway together")
    package static let rateLimitPerKey = Setting(
        "PAYLINKS_RATE_LIMIT_PER_KEY", .integer(1...1_000_000), .value("20000"),
        "Requests a second that one API key may make of one gateway")
    package static let rateLimitPerAddress = Setting(
        "PAYLINKS_RATE_LIMIT_PER_ADDRESS", .integer(1...1_000_000), .value("64"),
        "Requests a second that one address may make of one gateway without a key; at least 64 at once are always allowed"
    )
    package static let maxKeysPerOrganization = Setting(
        "PAYLINKS_MAX_KEYS_PER_ORGANIZATION", .integer(1...1_000_000), .value("1000"),
        "API keys of one organization that are neither revoked nor expired; a request for more is rejected")
    package static let maxBatches = Setting(
        "PAYLINKS_MAX_BATCHES", .integer(1...10_000), .value("16"),
        "Batches that are worked on at once, at most half of them for one organization in one environment; more are "
            + "answered with 503")
    package static let maxBatchDuration = Setting(
        "PAYLINKS_MAX_BATCH_DURATION", .duration(.seconds(1) ... .seconds(3600)), .value("5m"),
        "How long a batch is read; its last line then says that the rest was not read, and it ends within a minute")
    package static let promiseAge = Setting(
        "PAYLINKS_PROMISE_AGE", .duration(.seconds(3600) ... .seconds(365 * 24 * 3600)), .value("24h"),
        "How long an accepted id that no row knows reads as PROCESSING; after that it is answered with 404")
    package static let maxConnections = Setting(
        "PAYLINKS_MAX_CONNECTIONS", .integer(1...1_000_000), .value("16384"),
        "Connections that are open at once, idle ones too; more wait to be accepted")
    package static let maxConnectionsPerAddress = Setting(
        "PAYLINKS_MAX_CONNECTIONS_PER_ADDRESS", .integer(1...1_000_000), .computed("a quarter of all connections"),
        "Connections that one client address, or one IPv6 network of 64 bits, can hold at once; more are closed")
    package static let maxConnectionsPerProxy = Setting(
        "PAYLINKS_MAX_CONNECTIONS_PER_PROXY", .integer(1...1_000_000), .computed("three quarters of all connections"),
        "The same for an address in PAYLINKS_HTTP_TRUSTED_PROXIES")
    package static let idleTimeout = Setting(
        "PAYLINKS_IDLE_TIMEOUT", .duration(.seconds(1) ... .seconds(3600)), .value("75s"),
        "How long a connection may stay open without a request, or with the head of one that is not whole")
    package static let slowPeerTimeout = Setting(
        "PAYLINKS_SLOW_PEER_TIMEOUT", .duration(.milliseconds(100) ... .seconds(600)), .value("20s"),
        "How long a caller may take to send the next 64 KiB of a body, or to read any of its answer")
    package static let productionRails = Setting(
        "PAYLINKS_PRODUCTION_RAILS", .choices(["ach", "usdc"]), .value(""),
        "The methods that a rail of yours carries in production; the others are refused there. usdc also needs "
            + "a deposit address. Give the gateways and the claim workers the same value")
    package static let usdcDepositAddress = Setting(
        "PAYLINKS_USDC_DEPOSIT_ADDRESS", .evmAddress, .computed("none"),
        "The address that payers send USDC to in production")
    package static let sandboxDepositAddress = Setting(
        "PAYLINKS_SANDBOX_USDC_DEPOSIT_ADDRESS", .evmAddress, .computed("none: no usdc in the sandbox"),
        "The address in the sandbox's usdc instructions. The simulator pays: do not send money there. Give "
            + "the gateways and the claim workers the same value")
    package static let offerLifetime = Setting(
        "PAYLINKS_OFFER_LIFETIME", .duration(.seconds(1) ... .seconds(24 * 3600)), .value("1h"),
        "How long a usdc claim waits for its payment, unless its link expires first")
    package static let achMaxAmount = Setting(
        "PAYLINKS_ACH_MAX_AMOUNT", .amount, .value("1000000.00"), "The most that one ACH entry may carry, in USD")
    package static let sandboxDelay = Setting(
        "PAYLINKS_SANDBOX_DELAY", .duration(.zero ... .seconds(60)), .value("0s"),
        "How long after a claim the sandbox's rails report, so that PENDING and AWAITING_PAYMENT can be seen")
}

// MARK: Webhooks

extension Setting {
    /// What only the webhook worker reads.
    package static let webhooks = [webhookTimeout, webhookSchedule, webhookConcurrency, webhookCAFile]

    package static let webhookTimeout = Setting(
        "PAYLINKS_WEBHOOK_TIMEOUT", .duration(.milliseconds(100) ... .seconds(60)), .value("15s"),
        "How long an endpoint may take to answer a delivery")
    package static let webhookSchedule = Setting(
        "PAYLINKS_WEBHOOK_SCHEDULE", .schedule(longest: .seconds(30 * 24 * 3600)),
        .value("0s,5s,5m,30m,2h,5h,10h,14h,20h,24h"),
        "The pause before each attempt of a delivery; the first is made at once, and there are as many as pauses")
    package static let webhookConcurrency = Setting(
        "PAYLINKS_WEBHOOK_CONCURRENCY", .integer(16...100_000), .value("1024"),
        "Deliveries that one worker may have under way; each holds a connection")
    package static let webhookCAFile = Setting(
        "PAYLINKS_WEBHOOK_CA_FILE", .text, .value(""),
        "A PEM file of authorities to trust instead of the system's")
    package static let webhookAllowLoopback = Setting(
        "PAYLINKS_WEBHOOK_ALLOW_LOOPBACK", .boolean, .value("false"),
        "Whether webhooks may go to this machine, and by plain http; for development only")
}

// MARK: Batches, upkeep, tests

extension Setting {
    package static let batchLimit = Setting(
        "PAYLINKS_BATCH_LIMIT", .integer(1...2_000), .value("256"), "Jobs, or events, that one transaction may hold")
    package static let relayAfter = Setting(
        "PAYLINKS_RELAY_AFTER", .duration(.milliseconds(1) ... .seconds(3600)), .value("5s"),
        "The age at which an event that its writer left behind is published by the relay")
    package static let expiryBatch = Setting(
        "PAYLINKS_EXPIRY_BATCH", .integer(1...100_000), .value("1000"), "Links that one transaction may expire")
    package static let expiryMaxSleep = Setting(
        "PAYLINKS_EXPIRY_MAX_SLEEP", .duration(.milliseconds(1) ... .seconds(60)), .value("250ms"),
        "The longest rest before due links are looked for again")
    package static let idempotencyRetention = Setting(
        "PAYLINKS_IDEMPOTENCY_RETENTION", .duration(.seconds(24 * 3600) ... .seconds(365 * 24 * 3600)), .value("48h"),
        "How long an idempotency key is remembered")
    /// How long the expiry worker keeps what it prunes.
    package static let retentions = [idempotencyRetention, deliveryRetention, eventRetention]

    package static let deliveryRetention = Setting(
        "PAYLINKS_DELIVERY_RETENTION", .duration(.seconds(24 * 3600) ... .seconds(3650 * 24 * 3600)), .value("30d"),
        "How long a webhook delivery is kept after its end, dead ones too, with its attempts")
    package static let eventRetention = Setting(
        "PAYLINKS_EVENT_RETENTION", .duration(.seconds(5 * 24 * 3600) ... .seconds(3650 * 24 * 3600)), .value("90d"),
        "How long an event is kept, for the feed, for replay, and for the audit to count")
    package static let faultPoint = Setting(
        "PAYLINKS_FAULT_POINT", .choice(["none", "before-commit", "after-commit", "after-publish"]), .value("none"),
        "Where a claim worker kills itself, to test that nothing is lost; never set it in production")
}
