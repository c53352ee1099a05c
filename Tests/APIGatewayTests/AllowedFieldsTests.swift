import APIGateway
import Testing

@Suite("Fields that pages can send")
struct AllowedFieldsTests {
    private static let known = "Authorization, Content-Type, Idempotency-Key, Prefer, X-Request-Id, traceparent"
    private static let many = (0..<64).map { "x-\($0)" }

    @Test(
        arguments: [
            ([], ""), ([""], ""), (["content-type"], ""), (["AUTHORIZATION, prefer"], ""),
            (["baggage,sentry-trace"], ", baggage, sentry-trace"),
            ([" x-datadog-trace-id\t,, tracestate "], ", x-datadog-trace-id, tracestate"),
            (["content-type,baggage", "tracestate"], ", baggage, tracestate"), (["x_y.z~!"], ", x_y.z~!"),
            (many, ", " + many.joined(separator: ", ")), (many + ["x-64"], ""),
            ([String(repeating: "x", count: 128)], ", " + String(repeating: "x", count: 128)),
            ([String(repeating: "x", count: 129)], ""), ([String(repeating: ",", count: 4_097)], ""),
            (["baggage, a b"], ""), (["baggage\r\nx: y"], ""), (["a:b"], ""), (["b\u{E9}"], ""), (["\"a\""], ""),
            (["a/b"], ""),
        ] as [([String], String)])
    func `Fields that are asked for are allowed with those that the API reads, within a bound`(
        asked: [String], others: String
    ) {
        #expect(AllowedFields.list(asked: asked) == Self.known + others)
    }
}
