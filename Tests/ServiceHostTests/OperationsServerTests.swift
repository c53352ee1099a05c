import AsyncHTTPClient
import CoreMetrics
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import ServiceHost
import ServiceLifecycle
import Synchronization
import Testing

@Suite("The operators' server")
struct OperationsServerTests {
    private struct Answer: Equatable {
        let status: Int
        let type: String?
        let body: String
    }

    private let readiness = Readiness()
    private let metrics = MetricsRegistry()

    /// Runs a server on a free port for as long as `body` takes.
    private func withServer(_ body: (Int) async throws -> Void) async throws {
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let server = OperationsServer(
            role: .claimWorker, host: "127.0.0.1", port: 0, readiness: readiness, metrics: metrics,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            onBound: { continuation.yield($0) })
        let services = ServiceGroup(services: [server], logger: Logger(label: "test"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            let port = try #require(await ports.first { _ in true })
            do {
                try await body(port)
            } catch {
                Issue.record(error)
            }
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
        }
    }

    private func get(_ path: String, _ port: Int) async throws -> Answer {
        let response = try await HTTPClient.shared.execute(
            HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)"), timeout: .seconds(30))
        let body = try await response.body.collect(upTo: 1 << 20)
        return Answer(
            status: Int(response.status.code), type: response.headers.first(name: "Content-Type"),
            body: String(buffer: body))
    }

    @Test("A process that answers is alive, however its checks stand")
    func live() async throws {
        readiness.register(HealthCheck("postgres") { false })
        try await withServer { port in
            let answer = try await get("/health/live", port)
            #expect(answer == Answer(status: 200, type: "application/json", body: "{\"status\":\"ok\"}\n"))
        }
    }

    @Test("Readiness follows the checks, and ends when the process drains")
    func ready() async throws {
        let isConnected = Mutex(true)
        readiness.register(HealthCheck("postgres") { true })
        readiness.register(HealthCheck("rabbitmq") { isConnected.withLock { $0 } })
        try await withServer { port in
            var answer = try await get("/health/ready", port)
            #expect(answer.status == 200)
            #expect(answer.body == "{\"status\":\"ready\",\"checks\":{\"postgres\":true,\"rabbitmq\":true}}\n")

            isConnected.withLock { $0 = false }
            answer = try await get("/health/ready", port)
            #expect(answer.status == 503)
            #expect(answer.body == "{\"status\":\"unready\",\"checks\":{\"postgres\":true,\"rabbitmq\":false}}\n")

            isConnected.withLock { $0 = true }
            readiness.beginDraining()
            answer = try await get("/health/ready", port)
            #expect(answer.status == 503)
            #expect(answer.body.hasPrefix("{\"status\":\"draining\""))
        }
    }

    @Test("A check that does not answer counts as unhealthy")
    func stuckCheck() async {
        let readiness = Readiness(patience: .milliseconds(20))
        readiness.register(
            HealthCheck("stuck") {
                try? await Task.sleep(for: .seconds(600))
                return true
            })
        let report = await readiness.report()
        #expect(report.checks == ["stuck": false])
        #expect(report.status == .unready)
    }

    @Test("Metrics are Prometheus text, the process's own among them")
    func exposition() async throws {
        Counter(label: "paylinks_claims", factory: metrics).increment(by: 3)
        try await withServer { port in
            let answer = try await get("/metrics", port)
            #expect(answer.status == 200)
            #expect(answer.type == "text/plain; version=0.0.4; charset=utf-8")
            #expect(answer.body.contains("\npaylinks_claims_total 3\n"))
            let build = "paylinks_build_info{role=\"claim-worker\",version=\"\(Release.version)\"} 1\n"
            #expect(answer.body.contains(build))
            try expectPlausibleProcess(answer.body)
        }
    }

    private func expectPlausibleProcess(_ text: String) throws {
        let values = try Dictionary(
            text.split(separator: "\n").filter { $0.hasPrefix("process_") }.map { line in
                let parts = line.split(separator: " ")
                return (String(parts[0]), try #require(Double(parts[1])))
            }, uniquingKeysWith: { first, _ in first })
        #expect(try #require(values["process_resident_memory_bytes"]) > 1_000_000)
        #expect(try #require(values["process_cpu_seconds_total"]) > 0)
        #expect((3...10_000).contains(try #require(values["process_open_fds"])))
        let age = Date.now.timeIntervalSince1970 - (try #require(values["process_start_time_seconds"]))
        #expect((-2...3600).contains(age))
    }

    @Test("There is nothing else", arguments: ["/", "/health", "/v1/payment-links", "/metrics/x"])
    func nothingElse(path: String) async throws {
        try await withServer { port in
            let answer = try await get(path, port)
            #expect(answer.status == 404)
        }
    }
}
