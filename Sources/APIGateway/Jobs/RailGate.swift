import PaymentLinks
import Storage

/// Refuses claims that no rail carries, before anything is promised or queued.
///
/// Only claims by a method that production lacks cost a look-up, together with others that ask at the same time. The
/// worker checks again, so a claim that cannot be checked goes on: its link is not there yet, or the database is away.
struct RailGate: Sendable {
    let rails: ConnectedRails
    let details: SlugReader<LinkDetails>
    /// Whether the database responds. Claims do not wait for one that does not.
    let isReady: @Sendable () -> Bool

    /// Calls with the claim's refusal, or with `nil`; once, on any thread.
    func check(_ claim: ClaimRequest, _ completion: @escaping @Sendable (Refusal?) -> Void) {
        guard !rails.carriesEverywhere(claim.method), isReady() else { return completion(nil) }
        details.read(claim.slug) { [rails] result in
            guard case .success(let link?) = result, !rails.carries(claim.method, in: link.environment) else {
                return completion(nil)
            }
            completion(.railUnavailable(claim.method))
        }
    }
}
