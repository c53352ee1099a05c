import CoreMetrics
import Foundation
import Logging
package import ServiceLifecycle
import UnixSignals

/// What every role's `main` stands on: settings, logs, metrics, health, an orderly stop and an exit status.
///
/// ```swift
/// await ServiceHost.run(role: .claimWorker) { context in
///     let store = try ClaimStore(url: context.settings.string(.databaseURL))
///     context.readiness.register(HealthCheck("postgres") { store.isConnected })
///     return [store, Consumer(store: store)]
/// }
/// ```
package enum ServiceHost {
    /// Makes a role's services. They start in the order of the array and stop in the reverse order, each after the
    /// one before it has stopped; they must not return before they are asked to.
    package typealias Body = (HostContext) async throws -> [any Service]

    /// Runs the role to its end and ends the process. It is called once, from `main`.
    package static func run(
        role: Role, arguments: [String] = Array(CommandLine.arguments.dropFirst()),
        settings: Settings = Settings(), _ body: Body
    ) async -> Never {
        let status = await status(of: role, arguments: arguments, settings: settings, body)
        exit(status.rawValue)
    }

    private static func status(
        of role: Role, arguments: [String], settings: Settings, _ body: Body
    ) async -> ExitStatus {
        switch Invocation(arguments: arguments) {
        case .help: return say(role.help)
        case .version: return say("\(role.name) \(Release.version)\n")
        case .unknown(let argument): return refuse(argument, role: role)
        case .serve: return await serve(HostContext(bootstrapping: role, settings: settings), body)
        }
    }

    private static func say(_ text: String) -> ExitStatus {
        StandardOutput.write(text)
        return .success
    }

    private static func refuse(_ argument: String, role: Role) -> ExitStatus {
        FileHandle.standardError.write(
            Data("\(role.name): unknown argument \"\(argument)\"; --help lists the arguments\n".utf8))
        return .usage
    }

    /// Every error ends here: logged, and turned into a status.
    private static func serve(_ context: HostContext, _ body: Body) async -> ExitStatus {
        do {
            return try await runServices(context, body)
        } catch let error as ConfigurationError {
            for problem in error.problems {
                context.logger.error(
                    "configuration is wrong",
                    metadata: ["variable": "\(problem.variable)", "reason": "\(problem.message)"])
            }
            return .configuration
        } catch let failure as ListenFailure {
            context.logger.error("cannot listen", metadata: failure.metadata)
            return .failure
        } catch {
            context.logger.error("service failed", metadata: ["error": "\(error)"])
            return ExitStatus(for: error)
        }
    }

    private static func runServices(_ context: HostContext, _ body: Body) async throws -> ExitStatus {
        try context.settings.check(context.role.settings)
        let unknown = context.settings.unknownNames
        if !unknown.isEmpty {
            context.logger.warning("unknown settings are ignored", metadata: ["variables": "\(unknown)"])
        }
        let operations = try OperationsServer(context)
        let drainTimeout = try context.settings.duration(.drainTimeout)
        let drain = Drain(deadline: drainTimeout, readiness: context.readiness, logger: context.logger)
        let services = try await [operations] + body(context) + [drain]
        try await group(services, drainTimeout: drainTimeout, logger: context.logger, drain: drain)
        return finish(drain, context.logger)
    }

    private static func finish(_ drain: Drain, _ logger: Logger) -> ExitStatus {
        if drain.hasTimedOut {
            logger.error("service stopped with work in hand")
            return .failure
        }
        logger.info("service stopped")
        return .success
    }

    private static func group(
        _ services: [any Service], drainTimeout: Duration, logger: Logger, drain: Drain
    ) async throws {
        var configuration = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = drainTimeout
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch is CancellationError where drain.hasTimedOut {
            // The deadline passed and the group cancelled what was left; `finish` tells.
        }
    }
}

extension HostContext {
    /// Sets up the process-wide logging and metrics systems, which can be done once.
    ///
    /// A wrong log setting must be told in some shape: the default one.
    fileprivate init(bootstrapping role: Role, settings: Settings) {
        signal(SIGPIPE, SIG_IGN)
        let format: LogFormat = (try? settings.choice(.logFormat)) ?? .json
        let level: Logger.Level = (try? settings.choice(.logLevel)) ?? .info
        LoggingSystem.bootstrap(
            { _, provider in
                LineLogHandler(
                    role: role.name, format: format, level: level, metadataProvider: provider,
                    write: StandardOutput.write)
            }, metadataProvider: nil)
        let metrics = MetricsRegistry()
        MetricsSystem.bootstrap(metrics)
        self.init(role: role, settings: settings, logger: Logger(label: role.name), metrics: metrics)
    }
}

extension OperationsServer {
    fileprivate init(_ context: HostContext) throws(ConfigurationError) {
        let settings = context.settings
        self.init(
            role: context.role,
            host: try settings.string(.operationsHost),
            port: try settings.optionalPort(.operationsPort) ?? context.role.operationsPort,
            readiness: context.readiness, metrics: context.metrics, logger: context.logger,
            onBound: context.announcement.expectPort("operations_port"))
    }
}
