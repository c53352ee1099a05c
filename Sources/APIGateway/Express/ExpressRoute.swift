import HTTPTypes
import NIOCore
import PaymentLinks

/// A request that fleets send by the thousand, and that its event loop answers by itself.
enum ExpressRoute: Sendable {
    case create
    case details(Slug)
    case claim(Slug)

    private static let links = "/v1/payment-links"
    private static let claims = "/v1/payment-links/claim/"
    private static let claimSuffix = "/claim"
    private static let linksBytes = Array(links.utf8)
    private static let claimsBytes = Array(claims.utf8)
    private static let suffixBytes = Array(claimSuffix.utf8)

    /// Takes these routes in their plain spelling; whatever is spelt otherwise goes the common way.
    init?(_ request: PlainRequest, in bytes: ByteBuffer) {
        let target = bytes.readableBytesUInt8Span.extracting(request.target)
        let (rest, suffix) = (target.count - Self.claimsBytes.count, Self.suffixBytes.count)
        switch request.method {
        case .post where target.isEqual(to: Self.linksBytes): self = .create
        case .post
        where rest > suffix
            && target.extracting(target.count - suffix..<target.count).isEqual(to: Self.suffixBytes):
            guard let slug = Self.slug(request, in: bytes, length: rest - suffix) else { return nil }
            self = .claim(slug)
        case .get:
            guard let slug = Self.slug(request, in: bytes, length: rest) else { return nil }
            self = .details(slug)
        default: return nil
        }
    }

    private static func slug(_ request: PlainRequest, in bytes: ByteBuffer, length: Int) -> Slug? {
        guard Slug.isLength(length) else { return nil }
        let (start, target) = (request.target.lowerBound, bytes.readableBytesUInt8Span.extracting(request.target))
        guard target.extracting(0..<claimsBytes.count).isEqual(to: claimsBytes) else { return nil }
        let place = start + claimsBytes.count
        return Slug(bytes.text(place..<place + length))
    }

    var method: HTTPRequest.Method {
        switch self {
        case .create, .claim: .post
        case .details: .get
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

extension ByteBuffer {
    /// The ASCII at that place among the readable bytes.
    func text(_ place: Range<Int>) -> String {
        getString(at: readerIndex + place.lowerBound, length: place.count) ?? ""
    }
}
