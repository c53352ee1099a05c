package import PaymentLinks
package import Postgres

/// Reads links: for their creators, and for payers.
package struct LinkStore: Sendable {
    let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    /// What a link's id leads to.
    package enum Lookup: Sendable {
        /// A link: the one of this id or, for the id of a repeated creation, the one that the first request made.
        case link(LinkRecord)
        /// The creation with this id was refused.
        case refused(Refusal)
        /// No row knows the id.
        case absent
    }

    /// Looks an id up among the organization's links, of either environment, and its refused creations.
    package func find(_ id: LinkID, organization: OrganizationID) async throws(StorageError) -> Lookup {
        let parameters: [PostgresValue] = [.id(id), .id(organization)]
        let queries = [Query(Self.selectLink, parameters), Query(Self.selectRefusal, parameters)]
        return try await pool.read(queries) { results in
            if let row = results[0].rows.first { return .link(try LinkRecord(row: row)) }
            let refusal = try results[1].rows.first?.decodedIfPresent(0, as: Refusal.self)
            return refusal.map(Lookup.refused) ?? .absent
        }
    }

    /// Which links a list holds.
    package struct Filter: Sendable {
        package let organization: OrganizationID
        package let environment: Environment
        package let walletId: WalletID?
        /// The only wallets whose links the caller may see; `nil`: all.
        package let walletScope: [WalletID]?
        /// The status as it reads, not as it is stored.
        package let status: LinkStatus?

        package init(
            organization: OrganizationID, environment: Environment, walletId: WalletID?, walletScope: [WalletID]?,
            status: LinkStatus?
        ) {
            self.organization = organization
            self.environment = environment
            self.walletId = walletId
            self.walletScope = walletScope
            self.status = status
        }
    }

    /// The links that pass the filter, newest first.
    package func list(_ filter: Filter, _ page: PageRequest) async throws(StorageError) -> Page<LinkRecord> {
        let parameters: [PostgresValue] =
            [
                .id(filter.organization), .text(filter.environment.rawValue), .uuidArray(filter.walletScope),
                .text(filter.status?.rawValue), page.cursor, .int64(Int64(page.limit + 1)),
            ] + (filter.walletId.map { [.id($0)] } ?? [])
        let statement = filter.walletId == nil ? Self.selectPage : Self.selectPageOfWallet
        return try await pool.read([Query(statement, parameters)]) { results in
            Page(rowsWithOneMore: try results[0].rows.map(LinkRecord.init(row:)), limit: page.limit)
        }
    }

    private static let selectLink = Statement(
        "links_select",
        """
        SELECT \(LinkRecord.columns)
        FROM \(LinkRecord.source)
        WHERE payment_links.organization_id = $2 AND payment_links.id = ANY(
            ARRAY[$1::uuid] || ARRAY(
                SELECT answered_by FROM job_results
                WHERE job_id = $1 AND organization_id = $2 AND answered_by IS NOT NULL
            )
        )
        """)

    private static let selectRefusal = Statement(
        "links_select_refusal", "SELECT refusal FROM job_results WHERE job_id = $1 AND organization_id = $2")

    private static let pageConditions = """
        payment_links.organization_id = $1 AND payment_links.environment = $2
            AND ($3::uuid[] IS NULL OR payment_links.wallet_id = ANY($3::uuid[]))
            AND ($4::text IS NULL OR $4::text = \(LinkRecord.effectiveStatus))
            AND payment_links.id < $5
        """

    private static let selectPage = Statement(
        "links_select_page",
        """
        SELECT \(LinkRecord.columns)
        FROM \(LinkRecord.source)
        WHERE \(pageConditions)
        ORDER BY payment_links.id DESC
        LIMIT $6
        """)

    /// Apart from `selectPage`, so that it is planned for the wallet's own index.
    private static let selectPageOfWallet = Statement(
        "links_select_page_of_wallet",
        """
        SELECT \(LinkRecord.columns)
        FROM \(LinkRecord.source)
        WHERE payment_links.wallet_id = $7 AND \(pageConditions)
        ORDER BY payment_links.id DESC
        LIMIT $6
        """)
}
