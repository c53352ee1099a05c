import Hummingbird
import HTTPTypes
import Metrics
import PaymentLinks

/// Many links or claims in one request: a JSON object a line, answered line by line.
struct BatchRoutes: RouteGroup {
    static let paths: Set = ["/v1/payment-links/batch", "/v1/payment-links/claims/batch"]

    private let gateway: Gateway
    private let admission: Admission
    private let creations = Counter(label: "paylinks_batch_lines_total", dimensions: [("kind", "create")])
    private let claims = Counter(label: "paylinks_batch_lines_total", dimensions: [("kind", "claim")])

    init(_ gateway: Gateway, _ admission: Admission) {
        self.gateway = gateway
        self.admission = admission
    }

    func register(on router: Router<GatewayContext>) {
        router.post("/v1/payment-links/batch", use: create)
        router.post("/v1/payment-links/claims/batch", use: claim)
    }

    @Sendable private func create(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let key = try context.key(.paymentsWrite)
        let lines = CreationLines(
            gateway: gateway, key: key,
            wait: request.preferences.wait(default: gateway.defaultWait), traceparent: context.traceparent)
        return try response(to: request, context, lines, creations)
    }

    @Sendable private func claim(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let lines = ClaimLines(
            gateway: gateway, key: try context.caller.anyKey(), subject: context.meter?.subject,
            wait: request.preferences.wait(default: gateway.defaultWait), traceparent: context.traceparent)
        return try response(to: request, context, lines, claims)
    }

    /// An answer that begins at once, and goes on while lines arrive.
    private func response(
        to request: Request, _ context: GatewayContext, _ desk: some BatchDesk, _ counter: Counter
    ) throws -> Response {
        try request.checkLines()
        guard let slot = gateway.batchSlots.take(for: context.meter?.subject) else { throw Refusal.overloaded }
        let batch = Batch(
            desk: desk, caller: admission.caller(of: request, from: context.peer), body: request.body,
            meter: context.meter, lineCounter: counter, slot: slot, longest: gateway.batchDuration,
            logger: context.logger)
        let body = ResponseBody { writer in try await batch.run(&writer) }
        // Without the last field nginx holds the answer back until it is complete.
        var headers: HTTPFields = [
            .contentType: "application/x-ndjson", .cacheControl: "no-store", .accelBuffering: "no",
        ]
        headers[.preferenceApplied] = request.preferences.applied
        return Response(status: .ok, headers: headers, body: body)
    }
}

extension Request {
    private static let lineTypes: Set = ["application/x-ndjson", "application/ndjson"]

    /// Throws unless the body is said to be lines. A key for all of them would make them one request.
    fileprivate func checkLines() throws {
        // HTTP/1.0 ends such an answer with the connection, so a caller cannot know whether it is complete.
        guard !isHTTP10 else {
            throw InvalidRequest(
                field: "request", code: "HTTP_VERSION",
                message:
                    "Send batches over HTTP/1.1; a proxy in between has to use it too (nginx: proxy_http_version 1.1).")
        }
        guard let essence = headers.contentTypeEssence, Self.lineTypes.contains(essence) else { throw Refusal.notLines }
        guard idempotencyHeader.isEmpty else {
            throw InvalidRequest(
                field: "Idempotency-Key", code: "NOT_SUPPORTED", message: "Send each line its own idempotencyKey.")
        }
    }
}
