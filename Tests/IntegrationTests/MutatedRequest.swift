import Foundation

/// An HTTP/1.1 request, perhaps malformed, as lines of text and a body.
struct MutatedRequest {
    var line: String
    var fields: [String]
    var body: String

    /// A field that makes the gateway use its parser and router, and that changes nothing else.
    private static let detour = "Connection: TE"

    /// The request's text. The detour is the first field.
    func text(detoured: Bool) -> String {
        ([line] + (detoured ? [Self.detour] : []) + fields).joined(separator: "\r\n") + "\r\n\r\n" + body
    }
}

/// Makes requests of the hot routes and spoils them, by a seed.
struct RequestMutator {
    private var generator: SeededGenerator
    let key: String
    let claimPath: String
    let wallet: String

    private let uniqueKey: String

    init(seed: UInt64, key: String, claimPath: String, wallet: String) {
        uniqueKey = "k\(seed)"
        generator = SeededGenerator(seed: seed)
        self.key = key
        self.claimPath = claimPath
        self.wallet = wallet
    }

    /// One request, spoiled up to three times.
    mutating func request() -> MutatedRequest {
        var request = base()
        for _ in 0..<Int.random(in: 0...3, using: &generator) { mutate(&request) }
        return request
    }

    mutating func pipeline() -> [MutatedRequest] {
        (0..<Int.random(in: 2...6, using: &generator)).map { _ in
            Int.random(in: 0..<3, using: &generator) == 0 ? request() : base()
        }
    }

    private mutating func base() -> MutatedRequest {
        let details = String(claimPath.dropLast("/claim".count))
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: return MutatedRequest(line: "GET \(details) HTTP/1.1", fields: ["Host: a"], body: "")
        case 1: return MutatedRequest(line: "GET \(details.dropLast(4))zzzz HTTP/1.1", fields: ["Host: a"], body: "")
        case 2: return Self.post(claimPath, Self.claim)
        case 3: return Self.post("/v1/payment-links", creation, ["Authorization: Bearer \(key)"])
        default: return MutatedRequest(line: "GET /v1/nothing HTTP/1.1", fields: ["Host: a"], body: "")
        }
    }

    private static let claim =
        #"{"method":"ach","destination":{"type":"ACH","routingNumber":"021000021","accountNumber":"1234567890","accountName":"A"}}"#
    private var creation: String { #"{"walletId":"\#(wallet)","amount":"1.00"}"# }

    private static func post(_ path: String, _ body: String, _ fields: [String] = []) -> MutatedRequest {
        let length = "Content-Length: \(body.utf8.count)"
        return MutatedRequest(
            line: "POST \(path) HTTP/1.1", fields: ["Host: a", "Content-Type: application/json", length] + fields,
            body: body)
    }

    // MARK: - Ways to spoil a request

    private mutating func mutate(_ request: inout MutatedRequest) {
        switch Int.random(in: 0..<10, using: &generator) {
        case _ where request.fields.isEmpty: insertField(&request)
        case 0...3: insertField(&request)
        case 4: changeField(&request)
        case 5: request.fields.remove(at: place(in: request))
        case 6: request.fields.append(request.fields[place(in: request)])
        case 7: request.line = changed(request.line)
        case 8: request.body = spoilt(request.body)
        default:
            let index = place(in: request)
            request.fields[index] = spoilt(request.fields[index])
        }
    }

    /// The place of one of the fields, of which there is at least one.
    private mutating func place(in request: MutatedRequest) -> Int {
        Int.random(in: 0..<request.fields.count, using: &generator)
    }

    private mutating func insertField(_ request: inout MutatedRequest) {
        let place = Int.random(in: 0...request.fields.count, using: &generator)
        let field = Self.extraFields.randomElement(using: &generator) ?? ""
        // Equal keys of requests that run at the same time could meet.
        request.fields.insert(field == "Idempotency-Key: k" ? "Idempotency-Key: \(uniqueKey)" : field, at: place)
    }

    private mutating func changeField(_ request: inout MutatedRequest) {
        guard let index = request.fields.indices.randomElement(using: &generator) else { return }
        request.fields[index] = changedField(request.fields[index])
    }

    private mutating func changedField(_ field: String) -> String {
        switch Int.random(in: 0..<9, using: &generator) {
        case 0: field.uppercased()
        case 1: field.lowercased()
        case 2: field + " "
        case 3: field + "\t"
        case 4: field.replacingOccurrences(of: ": ", with: ":\t ")
        case 5: field.replacingOccurrences(of: ":", with: " :")
        case 6: " " + field
        case 7: field + "\r\n folded"
        default: field + "x"
        }
    }

    private static let lineChanges = [
        ("HTTP/1.1", "HTTP/1.0"), (" HTTP", "?a=b HTTP"), (" HTTP", "/ HTTP"), ("/v1", "//v1"), ("/v1", "/%76%31"),
        (" /v1", " http://a/v1"), ("GET", "HEAD"), ("POST", "PUT"), ("GET", "POST"), ("GET", "OPTIONS"), (" ", "  "),
        (" HTTP", "#a HTTP"), ("GET", "\r\nGET"), ("1.1", "1.1 "), ("GET", "get"), ("HTTP", "http"),
    ]

    private mutating func changed(_ line: String) -> String {
        guard Int.random(in: 0..<5, using: &generator) > 0,
            let change = Self.lineChanges.randomElement(using: &generator)
        else { return spoilt(line) }
        return line.replacingOccurrences(of: change.0, with: change.1)
    }

    /// The text with one character replaced, removed, or put in.
    private mutating func spoilt(_ text: String) -> String {
        guard let place = text.indices.randomElement(using: &generator) else { return text + "x" }
        var text = text
        let odd = ["\0", "\t", "\u{7F}", "\u{E9}", ",", ":", ";", " ", "\"", "{", "}", "%", "0", "A", "\r", "\n"]
        let put = odd.randomElement(using: &generator) ?? ""
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: text.replaceSubrange(place...place, with: put)
        case 1: text.remove(at: place)
        default: text.insert(contentsOf: put, at: place)
        }
        return text
    }

    /// No length is above the limit of a body: such a request is answered unread, and whether its answer also says that
    /// the connection ends depends on when the end of the input arrives.
    private static let extraFields = [
        "Connection: close", "Connection: keep-alive", "Connection: Close, TE", "Connection: upgrade", "Connection:",
        "Proxy-Connection: close", "Proxy-Connection: keep-alive", "Proxy-Connection: Keep-Alive, x",
        "Keep-Alive: timeout=5",
        "Upgrade: h2c", "Upgrade: websocket", "Upgrade:", "HTTP2-Settings: AAEAAEAAAAIAAAAB", "TE: trailers",
        "Trailer: a",
        "Expect: 100-continue", "Expect: a", "Transfer-Encoding: chunked", "Transfer-Encoding: identity",
        "Content-Length: 0",
        "Content-Length: 2", "Content-Length: 007", "Content-Length: -1", "Content-Length: 70",
        "Content-Length: 1, 1",
        "Content-Type: text/plain", "Content-Type: application/json; charset=utf-8", "Content-Type:",
        "Content-Type: APPLICATION/JSON",
        "Prefer: wait=0", "Prefer: respond-async", "Prefer: wait=a, respond-async", "Prefer:", "Idempotency-Key: k",
        "Idempotency-Key:", "X-Request-Id: mine", "X-Request-Id: m\u{22}",
        "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "traceparent: x", "X-Forwarded-For: 192.0.2.1", "X-Forwarded-For: x", "Host: b", "Host:", "TE: x", "Host: a b",
        "Cookie: a=b",
        "Authorization: Bearer wg_test_wrong", "Authorization: Basic x", "Authorization:", "Accept: text/plain",
        "X_A: b", "X-A: \t b ",
        "Internal-HTTP-Version: 1.0", "Accept-Encoding: gzip", "Range: bytes=0-1", "If-None-Match: *",
    ]
}

/// Random numbers that a seed repeats. (SplitMix64)
private struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}
