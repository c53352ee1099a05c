package import Hummingbird
import HTTPTypes
import PaymentLinks

/// The routes of one resource.
protocol RouteGroup: Sendable {
    func register(on router: Router<GatewayContext>)
}

extension Router<GatewayContext> {
    /// The methods that callers commonly try.
    private static var commonMethods: [HTTPRequest.Method] {
        [.get, .head, .post, .put, .patch, .delete, .options, .trace, .query]
    }

    /// What a payer means who posts a claim to the link's own address.
    private static func hint(_ method: HTTPRequest.Method, _ path: String) -> String? {
        guard method == .post, path == "/v1/payment-links/claim/{slug}" else { return nil }
        return "To pay this link, send POST to this address followed by /claim."
    }

    /// Answers 405 where a path is known and the method is not; to be called once all routes are registered.
    ///
    /// Where there is GET there is HEAD; the router adds it by itself.
    package func refuseOtherMethods() {
        for (path, known) in Dictionary(grouping: routes, by: { $0.path.description }) {
            let methods = known.flatMap { $0.method == .get ? [.get, .head] : [$0.method] }
            let allowed = methods.map(\.rawValue).sorted().joined(separator: ", ")
            for method in Self.commonMethods where !methods.contains(method) {
                let refusal = MethodNotAllowed(allowed: allowed, hint: Self.hint(method, path))
                on(RouterPath(path), method: method) { _, _ -> Response in throw refusal }
            }
        }
    }
}

extension GatewayContext {
    /// The id in the path; one that is no id at all names nothing.
    func identifier<Kind>(_ name: String = "id", orThrow refusal: Refusal) throws(Refusal) -> Identifier<Kind> {
        guard let identifier = parameters.get(name).flatMap({ Identifier<Kind>($0) }) else { throw refusal }
        return identifier
    }

    /// The slug in the path.
    func slug() throws(Refusal) -> Slug {
        guard let slug = parameters.get("slug").flatMap({ Slug($0) }) else { throw .noSuchSlug }
        return slug
    }
}
