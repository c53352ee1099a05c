import PaymentLinks
import Storage

/// Takes one caller's claims on, however they arrive: the fast path, the router, and the lines of batches begin here.
struct ClaimIntake: Sendable {
    let gateway: Gateway
    /// What the caller's key lets a claim spend from; `nil` without such a key.
    let authority: ClaimRequest.WalletAuthority?
    /// Who is held to a bound; `nil` for a caller who is not limited.
    let subject: RateLimiter.Subject?

    /// Makes the claim of a body that is valid in itself.
    func accept(_ body: ClaimBody, on slug: Slug) throws -> ClaimRequest {
        if body.recipientEmail != nil { try gateway.guesses.check(slug, by: subject) }
        return try gateway.accept(body, on: slug, authority: authority)
    }

    /// What became of the claim, or 202 if it is not decided in time.
    func answer(to claim: ClaimRequest, _ preferences: Preferences, traceparent: String?) async throws -> Answer {
        try await Answer.awaiting { completion in
            try answer(to: claim, preferences, traceparent: traceparent, completion)
        }
    }

    /// The same for callers that do not wait in a task. A slug that needs no query is queued before this returns.
    func answer(
        to claim: ClaimRequest, _ preferences: Preferences, traceparent: String?,
        _ completion: @escaping @Sendable (Result<Answer, any Error>) -> Void
    ) throws {
        let finish = counting(claim, completion)
        if gateway.slugs.isOurs(claim.slug) {
            return try JobDesk(gateway).answer(to: claim, preferences, traceparent: traceparent, finish)
        }
        gateway.slugs.require(claim.slug) { [gateway] known in
            do {
                try known.get()
                try JobDesk(gateway).answer(to: claim, preferences, traceparent: traceparent, finish)
            } catch {
                finish(.failure(error))
            }
        }
    }

    /// Hands claims to the workers together and in their order, but for those on slugs that no link has.
    func send(_ claims: [ClaimRequest], wait: Duration, traceparent: String?) async -> PendingAnswers {
        let refusals = await gateway.slugs.refusals(of: claims.lazy.map(\.slug))
        let known = refusals.isEmpty ? claims : claims.filter { refusals[$0.slug] == nil }
        let outcomes = await JobDesk(gateway).send(known, wait: wait, traceparent: traceparent)
        return {
            var answers = await outcomes().makeIterator()
            return claims.map { claim in
                if let refusal = refusals[claim.slug] {
                    return ErrorEnvelope.answer(to: refusal, logger: gateway.logger)
                }
                let answer = answers.next() ?? ErrorEnvelope.answer(to: Refusal.internalError)
                count(answer, to: claim)
                return answer
            }
        }
    }

    private func counting(
        _ claim: ClaimRequest, _ completion: @escaping @Sendable (Result<Answer, any Error>) -> Void
    ) -> @Sendable (Result<Answer, any Error>) -> Void {
        guard claim.recipientEmail != nil else { return completion }
        return { result in
            if case .success(let answer) = result { count(answer, to: claim) }
            completion(result)
        }
    }

    private func count(_ answer: Answer, to claim: ClaimRequest) {
        guard answer.errorCode == .recipientNotAllowed, claim.recipientEmail != nil else { return }
        gateway.guesses.count(claim.slug, by: subject)
    }
}
