import APIGateway
import PaymentLinks
import Storage
import Testing

@Suite("Headers and queries")
struct RequestHeaderTests {
    @Test(
        arguments: [
            (["wait=5"], 5.0, "wait=5"), (["wait=99"], 30, "wait=30"), (["wait=99999999999999999999"], 30, "wait=30"),
            (["respond-async"], 0, "respond-async"), (["respond-async, wait=3"], 3, "wait=3"),
            (["respond-async", "wait=0"], 0, "wait=0"), (["Wait = 7 ; x=y"], 7, "wait=7"),
            (["wait=\"4\""], 4, "wait=4"),
            (["wait=-1"], 10, nil), (["wait"], 10, nil), (["wait=x"], 10, nil), ([], 10, nil),
            (["return=minimal"], 10, nil),
        ] as [([String], Double, String?)])
    func `Preferences decide the wait`(_ fields: [String], _ seconds: Double, _ applied: String?) {
        let preferences = Preferences(fields)
        #expect(preferences.wait(default: .seconds(10)) == .seconds(seconds))
        #expect(preferences.applied == applied)
    }

    @Test(arguments: [
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-later-versions-add",
    ])
    func `A caller's trace goes on with a span of ours`(_ parent: String) {
        var generator = SystemRandomNumberGenerator()
        let trace = TraceContext(parent: parent, using: &generator)
        #expect(trace.traceId == "4bf92f3577b34da6a3ce929d0e0e4736" && trace.flags == "01")
        #expect(trace.spanId != "00f067aa0ba902b7" && trace.spanId.count == 16)
    }

    @Test(
        arguments: [
            nil, "", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ] as [String?])
    func `A trace that cannot be read is replaced by a new one`(_ parent: String?) {
        var generator = SystemRandomNumberGenerator()
        let trace = TraceContext(parent: parent, using: &generator)
        #expect(trace.traceId != "4bf92f3577b34da6a3ce929d0e0e4736" && trace.traceId.count == 32)
        #expect(TraceContext(parent: trace.traceparent, using: &generator).traceId == trace.traceId)
    }

    @Test(
        arguments: [
            ("abc-1", true), (String(repeating: "x", count: 128), true), (String(repeating: "x", count: 129), false),
            ("", false), ("a b", false), ("é", false), (nil, false),
        ] as [(String?, Bool)])
    func `A caller's own request id is kept if it is fit for it`(_ own: String?, _ isKept: Bool) {
        var generator = SystemRandomNumberGenerator()
        let id = RequestID.make(from: own, using: &generator)
        #expect((id == own) == isKept)
        if !isKept { #expect(ULID(id) != nil) }
    }

    @Test func `A cursor leads back to its id, and other texts do not`() {
        let id = UInt128(0x0189_0000_0000_0000) << 64 | 42
        #expect(Cursor.id(Cursor.text(id)) == id)
        for text in ["", "c1", "x", "c2" + Cursor.text(id).dropFirst(2), Cursor.text(id) + "0"] {
            #expect(Cursor.id(text) == nil)
        }
    }

    @Test(arguments: [("1", 1), ("100", 100), (nil, 20)] as [(String?, Int)])
    func `A limit is read`(_ text: String?, _ limit: Int) throws {
        let query = ListQuery(text.map { ["limit": $0] } ?? [:])
        try query.finish()
        #expect(query.page.limit == limit)
    }

    @Test(arguments: ["0", "101", "-1", "+5", "x", "", "1.0", "99999999999999999999"])
    func `A limit out of range is named`(_ text: String) {
        let query = ListQuery(["limit": text, "cursor": "nonsense"])
        let invalid = #expect(throws: InvalidRequest.self) { try query.finish() }
        #expect(invalid?.fields.map(\.field) == ["limit", "cursor"])
    }

    @Test func `A list's filters are checked`() {
        var query = ListQuery(["walletId": "x", "status": "LOST"])
        _ = query.walletId()
        _ = query.choice("status", of: LinkStatus.self)
        let invalid = #expect(throws: InvalidRequest.self) { try query.finish() }
        #expect(invalid?.fields.map(\.field) == ["walletId", "status"])
    }
}
