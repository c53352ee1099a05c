import HTTPServing
import HTTPTypes
import Hummingbird
package import Logging
import NIOCore
import ServiceLifecycle

/// The operators' HTTP server: `/health/live`, `/health/ready` and `/metrics`.
///
/// It starts first and stops last, so that a process can be watched while it drains.
package struct OperationsServer: Service {
    private let role: Role
    private let host: String
    private let port: Int
    private let readiness: Readiness
    private let metrics: MetricsRegistry
    private let logger: Logger
    private let onBound: @Sendable (Int) -> Void

    /// - Parameters:
    ///   - port: 0 takes any free one.
    ///   - onBound: called once, with the port in use.
    package init(
        role: Role, host: String, port: Int, readiness: Readiness, metrics: MetricsRegistry, logger: Logger,
        onBound: @escaping @Sendable (Int) -> Void
    ) {
        self.role = role
        self.host = host
        self.port = port
        self.readiness = readiness
        self.metrics = metrics
        // The server greets at the level of information; `service started` says the same.
        self.logger = logger.with(minimumLevel: .warning)
        self.onBound = onBound
    }

    package func run() async throws {
        let application = Application(
            router: router, server: .small,
            configuration: ApplicationConfiguration(address: .hostname(host, port: port)),
            onServerRunning: { [onBound] channel in onBound(channel.localAddress?.port ?? 0) },
            logger: logger)
        let place = ListeningPlace(host: host, port: port, hostSetting: .operationsHost, portSetting: .operationsPort)
        try await ListeningService(application, at: place).run()
    }

    private var router: Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self)
        let process = ProcessMetrics(role: role)
        router.get("health/live") { _, _ in Self.json(.ok, "{\"status\":\"ok\"}\n") }
        router.get("health/ready") { [readiness] _, _ in
            let report = await readiness.report()
            return Self.json(report.status == .ready ? .ok : .serviceUnavailable, report.json)
        }
        router.get("metrics") { [metrics] _, _ in
            Self.response(.ok, PrometheusText.contentType, metrics.text() + process.text())
        }
        return router
    }

    private static func json(_ status: HTTPResponse.Status, _ body: String) -> Response {
        response(status, "application/json", body)
    }

    private static func response(_ status: HTTPResponse.Status, _ type: String, _ body: String) -> Response {
        Response(
            status: status,
            headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: body)))
    }
}

extension Logger {
    fileprivate func with(minimumLevel level: Logger.Level) -> Logger {
        var logger = self
        logger.logLevel = max(logger.logLevel, level)
        return logger
    }
}
