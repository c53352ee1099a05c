import AsyncHTTPClient
import NIOCore
import NIOHTTP1

extension Transport {
    /// Sends lines while they come, and gives their answers. Nothing is sent again.
    func lines(
        _ path: String, _ body: LineParts<some Sendable>, wait: Duration?
    ) async throws(PaylinksError) -> LineReader {
        var request = request("POST", path, accepting: "application/x-ndjson", wait: wait)
        request.headers.add(name: "content-type", value: "application/x-ndjson")
        request.body = .stream(body, length: .unknown)
        let deadline = NIODeadline.now() + TimeAmount(timeout)
        let response = try await head(of: request, by: deadline)
        guard response.status == .ok else { throw .refused(Refusal(try await whole(response, by: deadline))) }
        return LineReader(BodyParts(response.body, patience: TimeAmount(timeout), on: httpClient.eventLoopGroup.any()))
    }
}
