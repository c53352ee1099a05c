package import NIOCore
package import NIOHTTP1

/// Decodes HTTP/1.1 requests, and goes on after a request that asks for another protocol.
///
/// `HTTPRequestDecoder` stops for good after such a request, because it expects its owner to replace it by the other
/// protocol's handlers. A server that ignores `Upgrade` stays with HTTP/1.1 (RFC 9110, 7.8), so a fresh decoder takes
/// over at the byte where the first one stopped.
package final class PersistentRequestDecoder: ByteToMessageDecoder {
    package typealias InboundOut = HTTPServerRequestPart

    private var decoder = HTTPRequestDecoder()
    private var hasStopped = false

    package init() {}

    /// Tells that the request that ends now makes the decoder stop.
    ///
    /// Call this while the request's `end` passes, and only for requests at which the decoder stops: otherwise the
    /// beginning of the next request would be lost.
    package func restart() { hasStopped = true }

    package func decoderAdded(context: ChannelHandlerContext) { decoder.decoderAdded(context: context) }

    package func decoderRemoved(context: ChannelHandlerContext) { decoder.decoderRemoved(context: context) }

    package func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
        let state = try decoder.decode(context: context, buffer: &buffer)
        guard hasStopped else { return state }
        replace(context)
        return buffer.readableBytes > 0 ? .continue : .needMoreData
    }

    package func decodeLast(
        context: ChannelHandlerContext, buffer: inout ByteBuffer, seenEOF: Bool
    ) throws -> DecodingState {
        while buffer.readableBytes > 0, case .continue = try decode(context: context, buffer: &buffer) {}
        return try decoder.decodeLast(context: context, buffer: &buffer, seenEOF: seenEOF)
    }

    private func replace(_ context: ChannelHandlerContext) {
        hasStopped = false
        decoder.decoderRemoved(context: context)
        decoder = HTTPRequestDecoder()
        decoder.decoderAdded(context: context)
    }
}
