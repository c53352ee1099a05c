import HTTPTypes
import NIOCore

/// A request of the express lane, taken out of the bytes that it came in.
struct ExpressRequest: Sendable {
    let route: ExpressRoute
    let authorization: String?
    let forwardedFor: String?
    let idempotencyKey: String?
    let prefer: String?
    let requestId: String?
    let traceparent: String?
    /// Whether the body is said to be JSON.
    let announcesJSON: Bool
    let body: [UInt8]

    /// - Parameter bytes: begin with the request, whole.
    init(_ request: PlainRequest, on route: ExpressRoute, in bytes: ByteBuffer) {
        let fields = request.fields
        self.route = route
        authorization = fields.authorization.map(bytes.text)
        forwardedFor = fields.forwardedFor.map(bytes.text)
        idempotencyKey = fields.idempotencyKey.map(bytes.text)
        prefer = fields.prefer.map(bytes.text)
        requestId = fields.requestId.map(bytes.text)
        traceparent = fields.traceparent.map(bytes.text)
        announcesJSON = fields.contentType.map { Self.isJSON($0, in: bytes) } ?? false
        body = bytes.getBytes(at: bytes.readerIndex + request.headLength, length: request.body.count) ?? []
    }

    private static func isJSON(_ type: Range<Int>, in bytes: ByteBuffer) -> Bool {
        bytes.readableBytesUInt8Span.extracting(type).isEqual(to: ContentType.jsonBytes)
            || ContentType.essence(of: bytes.text(type)) == ContentType.json
    }
}
