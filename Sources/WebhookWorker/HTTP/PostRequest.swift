import NIOCore
import NIOHTTP1
import PaymentLinks
import ServiceHost
import Webhooks

/// One delivery as an HTTP request.
struct PostRequest: Sendable {
    let url: WebhookURL
    let head: HTTPRequestHead
    let body: [UInt8]

    init(url: WebhookURL, headers: [(name: String, value: String)], body: [UInt8]) {
        self.url = url
        self.body = body
        var fields = HTTPHeaders([
            ("Host", url.authority), ("Content-Type", "application/json"), ("Content-Length", String(body.count)),
            ("User-Agent", "Paylinks-Webhooks/1"), ("Accept", "*/*"), ("Connection", "close"),
        ])
        fields.add(contentsOf: headers.map { ($0.name, $0.value) })
        head = HTTPRequestHead(version: .http1_1, method: .POST, uri: url.target, headers: fields)
    }
}

extension AttemptFailure {
    /// What an error of connecting means.
    init(connecting error: any Error) {
        if let error = error as? ChannelError, case .connectTimeout = error {
            self = .timedOut
        } else {
            self = (error as? AttemptFailure) ?? .connectionFailed
        }
    }
}

extension IPAddress {
    func socketAddress(port: Int) -> SocketAddress? {
        let bytes: [UInt8] =
            isIPv4
            ? withUnsafeBytes(of: UInt32(truncatingIfNeeded: bits).bigEndian) { Array($0) }
            : withUnsafeBytes(of: bits.bigEndian) { Array($0) }
        return try? SocketAddress(packedIPAddress: ByteBuffer(bytes: bytes), port: port)
    }
}
