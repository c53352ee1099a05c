package import PaymentLinks
import Storage

/// What the lines of one kind of batch ask for.
protocol BatchDesk: Sendable {
    associatedtype Job: Sendable

    /// Goes on for the caller as its key counts now; throws what a request of its own would be refused with.
    mutating func admit(_ caller: Caller) throws(Refusal)

    /// Reads a line; throws what a request of its own would be refused with.
    func accept(_ fields: JSONObject) throws -> Job

    /// Hands all of them to the workers together, before it returns.
    func send(_ jobs: [Job]) async -> PendingAnswers
}

/// Lines that each create a link.
struct CreationLines: BatchDesk {
    let gateway: Gateway
    private(set) var key: APIKey
    let wait: Duration
    let traceparent: String?

    mutating func admit(_ caller: Caller) throws(Refusal) { key = try caller.key(.paymentsWrite) }

    func accept(_ fields: JSONObject) throws -> LinkCreation {
        let body = try LinkBody(fields, at: .now())
        try key.requireScope(body.walletId)
        return try gateway.accept(body, by: key)
    }

    func send(_ jobs: [LinkCreation]) async -> PendingAnswers {
        await JobDesk(gateway).send(jobs, wait: wait, traceparent: traceparent)
    }
}

/// Lines that each claim a link, which they name by its slug.
struct ClaimLines: BatchDesk {
    let gateway: Gateway
    private(set) var key: APIKey
    /// Who is held to a bound.
    let subject: RateLimiter.Subject?
    let wait: Duration
    let traceparent: String?

    mutating func admit(_ caller: Caller) throws(Refusal) { key = try caller.anyKey() }

    func accept(_ fields: JSONObject) throws -> ClaimRequest {
        let line = try ClaimLine(fields)
        return try intake.accept(line.body, on: line.slug)
    }

    func send(_ jobs: [ClaimRequest]) async -> PendingAnswers {
        await intake.send(jobs, wait: wait, traceparent: traceparent)
    }

    private var intake: ClaimIntake { ClaimIntake(gateway: gateway, authority: key.authority, subject: subject) }
}

/// A claim's body, and the slug that a request of its own has in its path.
package struct ClaimLine: Sendable {
    package let slug: Slug
    package let body: ClaimBody

    /// Reads the line, or throws every wrong field of it.
    package init(_ fields: JSONObject) throws {
        var reader = BodyReader(fields)
        let text = reader.string("slug", isRequired: true)
        body = try ClaimBody(&reader)
        guard let slug = text.flatMap({ Slug($0) }) else { throw Refusal.noSuchSlug }
        self.slug = slug
    }
}
