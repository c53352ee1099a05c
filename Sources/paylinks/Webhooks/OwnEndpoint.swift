import ArgumentParser
import Foundation
import HTTPServing
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import PaymentLinks
import Synchronization
import Webhooks

/// An endpoint on this machine for as long as the command runs: it is made when its server listens, takes signed
/// deliveries, lets pass what is genuine, and is removed at the end.
final class OwnEndpoint: Sendable {
    /// Deliveries are far smaller.
    private static let longestBody = 1 << 20

    private let api: APIAccess
    private let program: LocalProgram?
    private let made = Mutex<(id: String, secret: WebhookSecret)?>(nil)
    private let failure = Mutex<(any Error)?>(nil)

    init(api: APIAccess, program: LocalProgram?) {
        self.api = api
        self.program = program
    }

    /// Runs until the process is asked to end.
    func run() async throws {
        let router = Router()
        router.post("/") { request, _ in try await self.take(request) }
        let application = Application(
            router: router, server: .small,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in await self.register(channel.localAddress?.port ?? 0) },
            logger: SystemOptions.logger)
        try await application.runService()
        if let id = made.withLock({ $0?.id }) { _ = try await api.send(.DELETE, "/v1/webhooks/\(id)") }
        if let failure = failure.withLock({ $0 }) { throw failure }
    }

    private func register(_ port: Int) async {
        do {
            let body = ["url": "http://127.0.0.1:\(port)/", "description": "paylinks webhooks listen"]
            let answer = try await api.send(.POST, "/v1/webhooks", body: body)
            guard let id = answer["id"] as? String,
                let secret = (answer["secret"] as? String).flatMap(WebhookSecret.init)
            else { throw Failure.exit("The response is not a webhook endpoint; check --base-url.") }
            made.withLock { $0 = (id, secret) }
            Listening.note("listening as \(id)")
        } catch {
            failure.withLock { $0 = error }
            // The way that the server is stopped from outside is the only one it has.
            kill(getpid(), SIGTERM)
        }
    }

    private func take(_ request: Request) async throws -> Response {
        let body = Array(try await request.body.collect(upTo: Self.longestBody).readableBytesView)
        guard let secret = made.withLock({ $0?.secret }) else { return Response(status: .serviceUnavailable) }
        let headers = Dictionary(request.headers.map { ($0.name.canonicalName, $0.value) }) { first, _ in first }
        guard WebhookSignature(current: secret).verifies(body, header: { headers[$0] }, now: .now()) else {
            Listening.note("a delivery came whose signature is wrong, and was refused")
            return Response(status: .badRequest)
        }
        Listening.show(String(decoding: body, as: UTF8.self))
        guard let program else { return Response(status: .ok) }
        let signed = headers.filter { $0.key.hasPrefix("webhook-") || $0.key.hasPrefix("wallgent-") }
        if await program.post(body, headers: signed.map { (name: $0.key, value: $0.value) }) {
            return Response(status: .ok)
        }
        Listening.note("\(program.address) did not take the event; it comes again on the schedule")
        return Response(status: .badGateway)
    }
}
