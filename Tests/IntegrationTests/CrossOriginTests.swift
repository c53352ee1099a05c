import Testing
import TestSupport

/// What browsers ask before a page of another origin pays.
@Suite struct CrossOriginTests {
    private static let path = "/v1/payment-links/claim/\(String(repeating: "a", count: 20))"

    private static func preflight(_ socket: RawSocket, _ asked: String) async throws -> String {
        let before = socket.received.count
        try await socket.write(
            "OPTIONS \(path)/claim HTTP/1.1\r\nHost: a\r\nOrigin: https://shop.example\r\n"
                + "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: \(asked)\r\n\r\n")
        _ = try await eventually { socket.received.dropFirst(before).contains("\r\n\r\n") }
        return String(socket.received.dropFirst(before))
    }

    @Test func `a page can send the fields of tracing libraries, within a bound`() async throws {
        try await TestSystem.run([]) { system, _ in
            let socket = try await RawSocket.connect(to: system.api.baseURL, isReading: true)
            let asked = "baggage,content-type,sentry-trace,tracestate,x-datadog-trace-id"
            let answer = try await Self.preflight(socket, asked)
            #expect(answer.hasPrefix("HTTP/1.1 204 "))
            #expect(
                answer.contains("traceparent, baggage, sentry-trace, tracestate, x-datadog-trace-id\r\n"), "\(answer)")
            #expect(
                answer.contains("Access-Control-Request-Headers") && answer.lowercased().contains("vary: "), "\(answer)"
            )
            let many = (0..<100).map { "x-\($0)" }.joined(separator: ",")
            for asked in [many, String(repeating: "x", count: 5_000), "baggage, a b", "x-a: b"] {
                let answer = try await Self.preflight(socket, asked)
                #expect(answer.contains("X-Request-Id, traceparent\r\n"), "\(answer)")
            }
            await socket.close()
            let page = ["origin": "https://shop.example", "baggage": "a=b", "sentry-trace": "1"]
            let details = try await system.api.get(Self.path, headers: page)
            #expect(details.status == 404 && details.header("vary") == "Origin")
        }
    }
}
