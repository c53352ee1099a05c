/// Payment links, for those who make them and for those who pay.
public struct PaymentLinks: Resource {
    let transport: Transport

    /// Makes a link.
    ///
    /// - Parameters:
    ///   - idempotencyKey: Made by the client unless given; give one where your program itself may come back to the
    ///     call.
    ///   - wait: How long to wait for the outcome, at most 30 seconds; zero: not at all.
    public func create(
        _ link: NewPaymentLink, idempotencyKey: String? = nil, wait: Duration? = nil
    ) async throws(PaylinksError) -> LinkCreation {
        try await create("/payment-links", link, key: idempotencyKey, wait: wait)
    }

    /// Makes as many links as there are lines.
    public func createBatch<Lines: AsyncSequence & Sendable>(
        _ lines: Lines, wait: Duration? = nil
    ) -> BatchResults<LinkCreation> where Lines.Element == NewLinkLine {
        BatchResults(lines, to: "/payment-links/batch", wait: wait, over: transport)
    }

    public func createBatch(
        _ lines: some Sequence<NewLinkLine> & Sendable, wait: Duration? = nil
    ) -> BatchResults<LinkCreation> {
        createBatch(Immediate(base: lines), wait: wait)
    }

    /// One page of links, newest first.
    public func list(
        walletId: String? = nil, status: LinkStatus? = nil, limit: Int? = nil, cursor: String? = nil
    ) async throws(PaylinksError) -> Page<PaymentLink> {
        try await all(walletId: walletId, status: status, pageSize: limit).page(after: cursor)
    }

    /// Every link, newest first.
    public func all(
        walletId: String? = nil, status: LinkStatus? = nil, pageSize: Int? = nil
    ) -> Items<PaymentLink> {
        items("/payment-links", pageSize: pageSize, [("walletId", walletId), ("status", status?.rawValue)])
    }

    /// A link as it is now.
    ///
    /// - Parameter wait: How long to wait until the link or its claim changes, at most 30 seconds.
    public func get(_ id: String, wait: Duration? = nil) async throws(PaylinksError) -> LinkCreation {
        try await read("/payment-links/\(segment(id))", wait: wait)
    }

    /// Cancels an active link; one that is cancelled already stays so.
    public func cancel(_ id: String) async throws(PaylinksError) -> PaymentLink {
        try await set("PATCH", "/payment-links/\(segment(id))", ["status": "CANCELLED"])
    }

    /// Changes an active link. At least one change is required: the API cancels a link when it receives none.
    public func update(_ id: String, _ changes: LinkChanges) async throws(PaylinksError) -> PaymentLink {
        try await set("PATCH", "/payment-links/\(segment(id))", changes)
    }

    /// What a payer may know of a link. Needs no key.
    public func details(slug: String) async throws(PaylinksError) -> LinkDetails {
        try await read(path(slug))
    }

    /// Pays a link. Needs no key, but for paying from a wallet.
    ///
    /// - Returns: The claim; with the status PROCESSING where it is accepted and not decided in time.
    public func claim(
        slug: String, _ claim: NewClaim, idempotencyKey: String? = nil, wait: Duration? = nil
    ) async throws(PaylinksError) -> Claim {
        try await create(path(slug) + "/claim", claim, key: idempotencyKey, wait: wait)
    }

    /// Pays as many links as there are lines. Needs a key, and authority over each wallet that pays.
    public func claimBatch<Lines: AsyncSequence & Sendable>(
        _ lines: Lines, wait: Duration? = nil
    ) -> BatchResults<Claim> where Lines.Element == NewClaimLine {
        BatchResults(lines, to: "/payment-links/claims/batch", wait: wait, over: transport)
    }

    public func claimBatch(
        _ lines: some Sequence<NewClaimLine> & Sendable, wait: Duration? = nil
    ) -> BatchResults<Claim> {
        claimBatch(Immediate(base: lines), wait: wait)
    }

    /// A claim, while and after it is worked on. A refused one throws its refusal.
    public func claim(
        slug: String, id: String, wait: Duration? = nil
    ) async throws(PaylinksError) -> Claim {
        try await read(path(slug) + "/claims/\(segment(id))", wait: wait)
    }

    /// Releases a claim before its money moves, for its payer, who sends the claim's own body again. Needs no key.
    public func releaseClaim(slug: String, id: String, _ claim: NewClaim) async throws(PaylinksError) -> Claim {
        try await set("POST", path(slug) + "/claims/\(segment(id))/release", claim)
    }

    /// Releases the claim that holds a link, or the one that is named. A link that no claim holds stays as it is.
    ///
    /// Name the claim where you know it: without the name the call is not repeated, since another claim may hold the
    /// link by then.
    public func release(_ id: String, claimId: String? = nil) async throws(PaylinksError) -> PaymentLink {
        let path = "/payment-links/\(segment(id))/release"
        guard let claimId else { return try await once(path) }
        return try await set("POST", path, ["claimId": claimId])
    }

    private func path(_ slug: String) -> String { "/payment-links/claim/\(segment(slug))" }
}
