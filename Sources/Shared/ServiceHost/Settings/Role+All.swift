extension Role {
    /// The roles that make up the product.
    package static let all = [apiGateway, claimWorker, expiryWorker, settlementWorker, webhookWorker]

    package static let apiGateway = Role(
        name: "api-gateway",
        summary: "Serves the HTTP API: makes links, takes claims and hands them to the workers.",
        operationsPort: 9101,
        settings: [
            .databaseURL, .databaseConnections, .lockTimeout, .amqpURL, .queuePrefix, .declareQueues,
            .sealingKeys, .webhookSealingKeys, .digestKey, .jobKeys,
            .host, .port, .publicURL, .claimWait, .maxInFlight, .keyCacheTTL, .trustedProxies,
            .rateLimitPerOrganization, .rateLimitPerKey, .rateLimitPerAddress, .maxKeysPerOrganization, .maxBatches,
            .maxBatchDuration, .promiseAge, .maxConnections, .maxConnectionsPerAddress, .maxConnectionsPerProxy,
            .idleTimeout, .slowPeerTimeout, .productionRails, .sandboxDepositAddress, .achMaxAmount,
            .webhookAllowLoopback,
        ])

    package static let claimWorker = Role(
        name: "claim-worker",
        summary: "Decides claims and settlement outcomes, a batch to a transaction.",
        operationsPort: 9102,
        settings: [
            .databaseURL, .databaseConnections, .lockTimeout, .amqpURL, .queuePrefix, .declareQueues, .prefetch,
            .batchLimit,
            .productionRails, .usdcDepositAddress, .sandboxDepositAddress, .offerLifetime, .achMaxAmount, .jobKeys,
            .railKeys, .requireMACs,
            .faultPoint,
        ])

    package static let expiryWorker = Role(
        name: "expiry-worker",
        summary: "Expires links that are due, publishes events that were left behind, and prunes what is old.",
        operationsPort: 9103,
        settings: [
            .databaseURL, .databaseConnections, .amqpURL, .queuePrefix, .declareQueues,
            .expiryBatch, .expiryMaxSleep, .relayAfter,
            .idempotencyRetention, .deliveryRetention, .eventRetention,
        ])

    package static let settlementWorker = Role(
        name: "settlement-worker",
        summary: "Carries settlements to the payment rails and reports their outcomes.",
        operationsPort: 9104,
        settings: [.amqpURL, .queuePrefix, .declareQueues, .prefetch, .sealingKeys, .railKeys, .sandboxDelay])

    package static let webhookWorker = Role(
        name: "webhook-worker",
        summary: "Delivers events to the organizations' endpoints, signed, until they arrive.",
        operationsPort: 9105,
        settings: [
            .databaseURL, .databaseConnections, .amqpURL, .queuePrefix, .declareQueues,
            .prefetch, .batchLimit, .webhookSealingKeys,
            .webhookAllowLoopback,
        ] + Setting.webhooks)
}
