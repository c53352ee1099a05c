import AsyncHTTPClient
package import NIOCore
import NIOHTTP1
package import NIOSSL
import PaymentLinks
package import Storage
package import Webhooks

/// Posts to endpoints that may be hostile: one request on one connection, to an address that was checked.
///
/// The name is resolved once, every answer is checked, and the connection goes to exactly such an address; TLS still
/// asks for, and verifies, the name. Redirects are answers like any other. So neither a redirect nor a DNS answer that
/// changes in between leads anywhere else.
package struct EndpointClient: Sendable {
    /// How many of a host's addresses are tried.
    private static let addressLimit = 3
    /// How long after its head an answer's body may take.
    private static let bodyPatience = TimeAmount.seconds(1)

    let resolver: GuardedResolver
    /// What the whole of an attempt may take, looking up the name included.
    let timeout: Duration
    private let clients: TargetClients

    package init(
        resolver: GuardedResolver, timeout: Duration, tls: TLSConfiguration, group: any EventLoopGroup
    ) {
        self.resolver = resolver
        self.timeout = timeout
        clients = TargetClients(group: group, tls: tls) { target in
            TimeAmount(target.hasNext ? timeout / Self.addressLimit : timeout)
        }
    }

    /// - Parameter standing: endpoints of each standing have their names looked up apart, so that the dead name servers
    ///   of some delay those alone.
    package func post(
        _ body: [UInt8], headers: [(name: String, value: String)], to url: WebhookURL, standing: EndpointStanding
    ) async -> EndpointAnswer {
        let deadline = NIODeadline.now() + TimeAmount(timeout)
        do throws(AttemptFailure) {
            let addresses = try await resolver.addresses(of: url.host, standing: standing, by: deadline)
            let request = Self.request(body, headers: headers, to: url)
            let targets = CheckedTarget.all(url, at: addresses.prefix(Self.addressLimit))
            return try await send(request, to: targets, by: deadline)
        } catch {
            return .failed(error)
        }
    }

    /// Closes the connections that no attempt uses any more.
    package func shutdown() async {
        await clients.shutdown()
    }

    /// The connection is for this request alone: one that is kept may be closed by its other end just when the next
    /// request is on its way, and that attempt would count as failed.
    private static func request(
        _ body: [UInt8], headers: [(name: String, value: String)], to url: WebhookURL
    ) -> HTTPClientRequest {
        let scheme = url.isSecure ? "https" : "http"
        var request = HTTPClientRequest(url: "\(scheme)://\(url.authority)\(url.target)")
        request.method = .POST
        request.headers = HTTPHeaders([
            ("Host", url.authority), ("Content-Type", "application/json"), ("User-Agent", "Paylinks-Webhooks/1"),
            ("Accept", "*/*"), ("Connection", "close"),
        ])
        request.headers.add(contentsOf: headers.map { ($0.name, $0.value) })
        request.body = .bytes(ByteBuffer(bytes: body))
        return request
    }

    /// Goes on to the next address as long as there has been no connection: nothing has been sent then.
    private func send(
        _ request: HTTPClientRequest, to targets: [CheckedTarget], by deadline: NIODeadline
    ) async throws(AttemptFailure) -> EndpointAnswer {
        var failure = AttemptFailure.connectionFailed
        for target in targets {
            guard deadline > .now() else { throw .timedOut }
            do {
                return try await send(request, to: target, by: deadline)
            } catch {
                failure = AttemptFailure(error)
                guard failure == .connectionFailed || Self.isSilence(error) else { throw failure }
            }
        }
        throw failure
    }

    private func send(
        _ request: HTTPClientRequest, to target: CheckedTarget, by deadline: NIODeadline
    ) async throws -> EndpointAnswer {
        let client = clients.lend(for: target)
        do {
            let response = try await client.execute(request, deadline: deadline)
            let patience = min(deadline, .now() + Self.bodyPatience)
            let excerpt = await AnswerExcerpt.read(response.body, until: patience)
            clients.keep(client, for: target)
            return .answered(
                status: Int(response.status.code), retryAfter: response.headers.first(name: "Retry-After"),
                excerpt: excerpt)
        } catch {
            clients.drop(client)
            throw error
        }
    }

    /// Whether no server answered at the address, or not with a whole TLS handshake.
    private static func isSilence(_ error: any Error) -> Bool {
        (error as? HTTPClientError).map { [.connectTimeout, .tlsHandshakeTimeout].contains($0) } ?? false
    }
}
