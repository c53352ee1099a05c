import HTTPTypes
import PaymentLinks

/// A request that fleets send by the thousand, and that its event loop answers by itself.
enum ExpressRoute: Sendable {
    case create
    case details(Slug)
    case claim(Slug)

    private static let links = "/v1/payment-links"
    private static let claims = "/v1/payment-links/claim/"
    private static let claimSuffix = "/claim"

    /// Takes these routes in their plain spelling. Whatever is spelt otherwise goes the common way, and so does what
    /// says more in `Connection` or `Expect` than `ConnectionRules` take away.
    init?(_ head: HTTPRequest) {
        guard let path = head.path, head.headerFields[.connection] == nil, head.headerFields[.expect] == nil else {
            return nil
        }
        switch head.method {
        case .post where path == Self.links: self = .create
        case .post where path.hasPrefix(Self.claims) && path.hasSuffix(Self.claimSuffix):
            let slug = path.utf8.dropFirst(Self.claims.utf8.count).dropLast(Self.claimSuffix.utf8.count)
            guard let slug = Slug(String(Substring(slug))) else { return nil }
            self = .claim(slug)
        case .get where path.hasPrefix(Self.claims):
            guard let slug = Slug(String(path.dropFirst(Self.claims.count))) else { return nil }
            self = .details(slug)
        default: return nil
        }
    }

    /// The route's name in metrics, as the router spells it.
    var pattern: String {
        switch self {
        case .create: Self.links
        case .details: Self.claims + "{slug}"
        case .claim: Self.claims + "{slug}" + Self.claimSuffix
        }
    }
}
