package import PaymentLinks
import Postgres

/// What a payer may know of a link before paying it, and nothing more.
package struct LinkDetails: Sendable {
    package let slug: Slug
    package let environment: Environment
    package let amount: Money
    package let description: String?
    /// EXPIRED once `expiresAt` has passed, as for its creator.
    package let status: LinkStatus
    package let expiresAt: Timestamp?
    /// The organization's display name.
    package let payee: String
    /// Whether only some payers may claim it.
    package let isRestricted: Bool
    /// Whether it can be paid from certain wallets only.
    package let acceptsWalletsOnly: Bool

    package init(
        slug: Slug, environment: Environment = .sandbox, amount: Money, description: String?, status: LinkStatus,
        expiresAt: Timestamp?, payee: String,
        isRestricted: Bool, acceptsWalletsOnly: Bool
    ) {
        self.slug = slug
        self.environment = environment
        self.amount = amount
        self.description = description
        self.status = status
        self.expiresAt = expiresAt
        self.payee = payee
        self.isRestricted = isRestricted
        self.acceptsWalletsOnly = acceptsWalletsOnly
    }

    fileprivate init(row: Row) throws {
        self.init(
            slug: try row.slug(8), environment: try row.name(9), amount: try row.money(0),
            description: try row.textIfPresent(2),
            status: try row.name(3), expiresAt: try row.timeIfPresent(4), payee: try row.text(5),
            isRestricted: try row.bool(6), acceptsWalletsOnly: try row.bool(7))
    }
}

extension LinkStore {
    /// What the public may know of the link with this slug.
    package func details(of slug: Slug) async throws(StorageError) -> LinkDetails? {
        try await details(of: [slug])[slug]
    }

    /// The same of many links, in one statement: the hot read.
    package func details(of slugs: [Slug]) async throws(StorageError) -> [Slug: LinkDetails] {
        try await pool.read([Query(Self.selectDetails, [slugs.texts(\.string)])]) { results in
            let details = try results[0].rows.map(LinkDetails.init(row:))
            return Dictionary(details.map { ($0.slug, $0) }) { $1 }
        }
    }

    /// Which of these slugs have a link.
    package func existing(among slugs: [Slug]) async throws(StorageError) -> [Slug: Bool] {
        try await pool.read([Query(Self.selectExisting, [slugs.texts(\.string)])]) { results in
            Dictionary(try results[0].rows.map { (try $0.slug(0), true) }) { $1 }
        }
    }

    private static let selectExisting = Statement(
        "links_select_existing", "SELECT slug FROM payment_links WHERE slug = ANY($1::text[])")

    private static let selectDetails = Statement(
        "links_select_details",
        """
        SELECT payment_links.amount, payment_links.currency, payment_links.description, \(LinkRecord.effectiveStatus),
            payment_links.expires_at, organizations.display_name, payment_links.restrictions IS NOT NULL,
            coalesce(payment_links.restrictions -> 'walletIds' <> '[]', false), payment_links.slug,
            payment_links.environment
        FROM payment_links JOIN organizations ON organizations.id = payment_links.organization_id
        WHERE payment_links.slug = ANY($1::text[])
        """)
}
