import Hummingbird
import HTTPTypes
import Synchronization

/// The parameters of a request's query, decoded, in the order that they came in. (WHATWG URL, section 5.1)
///
/// The framework's own dictionary of them hashes callers' names by their canonical form.
package struct QueryParameters: Sendable {
    /// Bytes of a name or a value before it is decoded; no parameter of ours has more.
    private static let longestText = 512
    /// The most parameters that are decoded: one more than any list looks at.
    private static let most = 65

    package let entries: [(name: String, value: String)]

    /// - Parameter query: what follows the question mark.
    package init(_ query: String?) {
        let parts = (query ?? "").utf8.split(separator: UInt8(ascii: "&"), maxSplits: Self.most)
        entries = parts.prefix(Self.most).map { part in
            let end = part.firstIndex(of: UInt8(ascii: "=")) ?? part.endIndex
            let value = end == part.endIndex ? part[end...] : part[part.index(after: end)...]
            // A value that is too long for every parameter is as wrong as an empty one.
            return (
                Self.decoded(part[..<end].prefix(Self.longestText)),
                value.count > Self.longestText ? "" : Self.decoded(value)
            )
        }
    }

    /// Percent-decoded text.
    private static func decoded(_ text: Substring.UTF8View) -> String {
        var bytes: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                if let value = escaped(rest) {
                    bytes.append(value)
                    rest = rest.dropFirst(2)
                } else {
                    bytes.append(byte)
                }
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func escaped(_ digits: Substring.UTF8View) -> UInt8? {
        guard let high = digits.first.flatMap(value), let low = digits.dropFirst().first.flatMap(value) else {
            return nil
        }
        return high << 4 | low
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

extension QueryParameters: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral entries: (String, String)...) {
        self.entries = entries.map { (name: $0.0, value: $0.1) }
    }
}

extension Request {
    var parameters: QueryParameters { QueryParameters(uri.query) }
}

/// The routes that the router has, such as `GET /v1/wallets`; known only after the middlewares are made.
final class RegisteredRoutes: Sendable {
    private let names = Mutex<Set<String>>([])

    func register(_ routes: some Sequence<RouteName>) {
        names.withLock { $0 = Set(routes.map(\.description)) }
    }

    func contains(_ name: String) -> Bool { names.withLock { $0.contains(name) } }
}

/// Refuses query parameters on every route that takes none.
///
/// A route that takes some is in `readers`. It reads them with `ListQuery`, which refuses all that the route does not
/// ask for: to add a parameter to such a route, read it.
struct KnownParameters: RouterMiddleware {
    typealias Context = GatewayContext

    /// Routes that read their query.
    private static let readers: Set = [
        "GET /v1/payment-links", "GET /v1/wallets", "GET /v1/wallets/{id}/transactions", "GET /v1/wallets/{id}/holds",
        "GET /v1/api-keys", "DELETE /v1/api-keys/{id}", "GET /v1/webhooks", "GET /v1/webhooks/{id}/deliveries",
        "GET /v1/webhooks/dlq", "GET /v1/events",
    ]
    /// Pages for people, which caches may tell apart by a query.
    private static let pages: Set = ["/docs", "/openapi.json"]

    let routes: RegisteredRoutes

    func handle(_ request: Request, context: GatewayContext, next: NextResponder) async throws -> Response {
        if request.uri.query?.isEmpty == false, let path = context.endpointPath, !Self.pages.contains(path),
            takesNoParameters(Self.route(request.method, path))
        {
            try ListQuery.refuseAll(request.parameters)
        }
        return try await next(request, context)
    }

    /// A method that its path does not take is refused for that, whatever its query is.
    private func takesNoParameters(_ route: String) -> Bool {
        routes.contains(route) && !Self.readers.contains(route)
    }

    /// HEAD reads what GET reads.
    private static func route(_ method: HTTPRequest.Method, _ path: String) -> String {
        "\(method == .head ? HTTPRequest.Method.get.rawValue : method.rawValue) \(path)"
    }
}
