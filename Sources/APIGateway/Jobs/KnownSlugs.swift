package import PaymentLinks
package import Sealing

/// Tells slugs that can name a link from invented ones, before anything is queued or stored for them.
///
/// A slug with a right mark was made by a gateway and needs no query. Its link may not be committed yet, since its
/// creation was answered with 202 a moment ago; the claim is still queued. Any other slug is looked up: one
/// without a mark is from before there were marks, and a wrong mark can be one of an earlier digest key, so that a
/// rotation of the key invalidates no link.
package final class KnownSlugs: Sendable {
    /// Finds out which slugs have a link.
    package let reader: SlugReader<Bool>
    private let identifiers: AcceptedIdentifiers

    package init(_ identifiers: AcceptedIdentifiers, reader: SlugReader<Bool>) {
        self.identifiers = identifiers
        self.reader = reader
    }

    /// Whether a gateway made the slug, going by its mark.
    package func isOurs(_ slug: Slug) -> Bool { identifiers.isOurs(slug) }

    /// Calls with a failure if no link has the slug; on any thread.
    package func require(_ slug: Slug, _ completion: @escaping @Sendable (Result<Void, any Error>) -> Void) {
        reader.read(slug) { result in
            completion(result.flatMap { $0 == nil ? .failure(Refusal.noSuchSlug) : .success(()) })
        }
    }

    /// Why claims on these slugs cannot be queued. Slugs that need no query, and those that have a link, are left out.
    package func refusals(of slugs: some Sequence<Slug>) async -> [Slug: any Error] {
        let unmarked = Set(slugs.filter { !isOurs($0) })
        guard !unmarked.isEmpty else { return [:] }
        let answers = Gathering<(Slug, any Error)?>(unmarked.count) { set in
            for (index, slug) in unmarked.enumerated() {
                require(slug) { result in
                    if case .failure(let error) = result { set(index, (slug, error)) } else { set(index, nil) }
                }
            }
        }
        return Dictionary(await answers.values.compactMap(\.self)) { $1 }
    }
}
