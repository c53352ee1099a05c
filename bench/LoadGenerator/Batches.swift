import ArgumentParser
import Foundation
import PaylinksClient

/// Claims links by batches of lines, through the package's own client.
struct Batches: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Claims links in batches, as a program with the Swift client does.")

    @OptionGroup var options: ClaimOptions

    @Option(help: "How many claims to make, shared evenly among the connections.")
    var count: Int

    struct Report: Encodable {
        let seconds: Double
        let statuses: [String: Int]
    }

    func run() async throws {
        let claims = try options.source()
        let (connections, share) = (options.connections, count / options.connections)
        let clock = ContinuousClock()
        try await options.withClient { client in
            var statuses: [String: Int] = [:]
            let duration = try await clock.measure {
                statuses = try await withThrowingTaskGroup { group in
                    for number in 0..<connections {
                        let range = number * share..<(number + 1) * share
                        group.addTask { try await Self.batch(range, of: claims, client) }
                    }
                    return try await group.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
                }
            }
            return Report(seconds: duration / .seconds(1), statuses: statuses)
        }.print()
    }

    private static func batch(
        _ range: Range<Int>, of claims: ClaimSource, _ client: PaylinksClient
    ) async throws -> [String: Int] {
        let lines = range.map { NewClaimLine(slug: claims.slug($0), claims.claim($0)) }
        var statuses: [String: Int] = [:]
        for try await result in client.paymentLinks.claimBatch(lines) {
            statuses["\(result.status)", default: 0] += 1
        }
        return statuses
    }
}
