import ArgumentParser
import Jobs
import PaymentLinks
import ServiceHost
import Storage

/// `paylinks settlements`: what rails still work on, for when a rail or the broker has lost some of it.
struct SettlementsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settlements",
        abstract: "Lists what rails still work on, hands it to them again, and reports what became of it.",
        discussion: """
            A claim by ach is PENDING, and a claim by usdc AWAITING_PAYMENT, until the rail reports an outcome. A rail \
            acts once on a settlement, however often it gets it, and the ledger moves once for an outcome, however often \
            it is reported.
            """,
        subcommands: [List.self, Show.self, Resend.self, Report.self])

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows whether a rail may act on a settlement.",
            discussion:
                "A rail acts on a bank debit only once this says that it is submitted, and never if it is CANCELLED.")

        @Argument(help: "The claim, such as clm_01J….", transform: ClaimID.parse)
        var claim: ClaimID
        @OptionGroup var system: SystemOptions

        func run() async throws {
            let standing = try await system.withDatabase {
                try await PendingSettlementStore(pool: $0).standing(of: claim)
            }
            guard let standing else { throw ValidationError("No rail was asked to settle \(claim).") }
            let submittedAt = standing.submittedAt?.iso8601
            let facts = ["claimId": claim.description, "status": standing.status.rawValue, "submittedAt": submittedAt]
            try Answer.print(facts.compactMapValues(\.self), asJSON: system.json) {
                [
                    [
                        claim.description, standing.status.rawValue,
                        submittedAt.map { "submitted \($0)" } ?? "not submitted",
                    ]
                    .joined(separator: "\t")
                ]
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the settlements that are pending or await their payment, oldest first.")

        @OptionGroup var selection: Selection
        @Option(help: "Go on behind this claim, the last one of the list before.", transform: ClaimID.parse)
        var after: ClaimID?
        @OptionGroup var most: LimitOption
        @OptionGroup var system: SystemOptions

        func run() async throws {
            let settlements = try await system.withDatabase { pool in
                try await selection.page(of: PendingSettlementStore(pool: pool), after: after, limit: most.limit)
            }.map(Description.init)
            let empty = "No settlements are pending" + (selection.isGiven ? " of those that the options select." : ".")
            try Answer.print(settlements, asJSON: system.json, empty: empty) {
                settlements.map(\.line) + hint(after: settlements)
            }
        }

        private func hint(after settlements: [Description]) -> [String] {
            guard settlements.count == most.limit, let last = settlements.last else { return [] }
            return ["there may be more: go on with --after \(last.claimId)"]
        }
    }

    struct Resend: AsyncParsableCommand {
        /// How many are read at a time.
        private static let pageSize = 1_000

        static let configuration = CommandConfiguration(
            abstract: "Publishes the messages of pending settlements once more.")

        @Argument(help: "The claims, such as clm_01J….", transform: ClaimID.parse)
        var claims: [ClaimID] = []
        @Flag(help: "Everything that is pending, or what the other options choose of it.")
        var all = false
        @OptionGroup var selection: Selection
        @OptionGroup var system: SystemOptions

        func validate() throws {
            if claims.isEmpty != all { throw ValidationError("Name the claims, or say --all.") }
            if !all && selection.isGiven { throw ValidationError("--method and --older-than go with --all.") }
        }

        func run() async throws {
            let count = try await system.withDatabase { pool in
                try await system.withBroker { broker in
                    let store = PendingSettlementStore(pool: pool)
                    return try await all ? resendAll(of: store, by: broker) : resendNamed(of: store, by: broker)
                }
            }
            try Answer.print(["resent": count], asJSON: system.json) { ["resent \(count)"] }
        }

        private func resendAll(of store: PendingSettlementStore, by broker: BrokerAccess) async throws -> Int {
            var (count, last): (Int, ClaimID?) = (0, nil)
            while true {
                let page = try await selection.page(of: store, after: last, limit: Self.pageSize)
                try await broker.publish(page) { broker.topology.message($0.request) }
                count += page.count
                guard page.count == Self.pageSize else { return count }
                last = page.last?.request.settlementId
            }
        }

        /// All of the named ones, or none if one of them is not pending.
        private func resendNamed(of store: PendingSettlementStore, by broker: BrokerAccess) async throws -> Int {
            let settlements = try await store.find(claims)
            let absent = Set(claims).subtracting(settlements.map(\.request.settlementId)).sorted()
            guard absent.isEmpty else {
                let names = absent.map(\.description).joined(separator: ", ")
                throw Failure.wrongArgument("No rail works on \(names); nothing was sent.")
            }
            try await broker.publish(settlements) { broker.topology.message($0.request) }
            return settlements.count
        }
    }

    struct Report: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Publishes an outcome in a rail's stead.",
            discussion: """
                Say failed only of money that will not come, and returned of money that went back: the link can be \
                claimed again then. The claim workers decide what follows, as if the rail had said it.
                """)

        @Argument(help: "The claim, such as clm_01J….", transform: ClaimID.parse)
        var claim: ClaimID
        @Argument(help: "What became of it: \(SettlementOutcome.Kind.names).", transform: SettlementOutcome.Kind.parse)
        var outcome: SettlementOutcome.Kind
        @Option(help: "Why, as a code in capitals, such as R03. Needed with failed and returned.")
        var code: String?
        @Option(help: "Why, in a sentence that the link's creator gets to see.")
        var reason: String?
        @Option(help: "The rail's own name for the payment.")
        var reference: String?
        @OptionGroup var system: SystemOptions

        func validate() throws {
            if outcome.mayReopenLink && code?.isEmpty != false {
                throw ValidationError("\(outcome.rawValue) needs a --code.")
            }
        }

        func run() async throws {
            let found = try await system.withDatabase { try await PendingSettlementStore(pool: $0).rail(of: claim) }
            guard let (rail, status) = found else {
                throw Failure.wrongArgument("No rail was asked to settle \(claim).")
            }
            let report = SettlementOutcome(
                settlementId: claim, kind: outcome, code: code, reason: reason, reference: reference,
                occurredAt: .now())
            let mac = try Self.authenticator().mac(of: report, rail: rail)
            try await system.withBroker { broker in
                try await broker.publish([report]) { broker.topology.message([$0]) { _ in mac } }
            }
            try Answer.print(
                ["claimId": claim.description, "outcome": outcome.rawValue, "statusBefore": status.rawValue],
                asJSON: system.json
            ) { ["reported \(outcome.rawValue) for \(claim), which was \(status.rawValue)"] }
        }

        /// Signs as the rail does, if the environment has the rail's key.
        private static func authenticator() throws -> OutcomeAuthenticator {
            try OutcomeAuthenticator(keys: Settings().keyPairs(.railKeys))
        }
    }

    /// Which pending settlements a command means.
    struct Selection: ParsableArguments {
        @Option(help: "Only those of one rail: ach or usdc.", transform: Self.rail)
        var method: ClaimMethod?
        @Option(help: "Only those that were claimed so long ago, such as 30m or 2d.", transform: Duration.parse)
        var olderThan: Duration?

        var isGiven: Bool { method != nil || olderThan != nil }

        func page(
            of store: PendingSettlementStore, after last: ClaimID?, limit: Int
        ) async throws -> [PendingSettlement] {
            try await store.list(method, olderThan: olderThan ?? .zero, after: last, limit: limit)
        }

        private static func rail(_ text: String) throws -> ClaimMethod {
            guard let method = ClaimMethod(rawValue: text), method != .wallet else {
                throw ValidationError("\(text) is no rail; there are ach and usdc.")
            }
            return method
        }
    }

    /// A pending settlement as this command prints it. The payer's account stays where it is.
    private struct Description: Encodable {
        let claimId: ClaimID
        let transactionId: TransactionID
        let environment: String
        let method: String
        let amount: String
        let currency: String
        let payee: String
        let status: String
        let createdAt: String
        let submittedAt: String?
        let reference: String?

        init(_ settlement: PendingSettlement) {
            let request = settlement.request
            claimId = request.settlementId
            transactionId = request.transactionId
            environment = request.environment.rawValue
            method = request.method.rawValue
            amount = request.amount.description
            currency = request.amount.currency.rawValue
            payee = request.payee
            status = settlement.status.rawValue
            createdAt = request.createdAt.iso8601
            submittedAt = settlement.submittedAt?.iso8601
            reference = settlement.reference
        }

        var line: String {
            let submitted = submittedAt.map { "submitted \($0)" } ?? "not submitted"
            return [claimId.description, environment, method, "\(amount) \(currency)", createdAt, submitted, reference]
                .compactMap(\.self).joined(separator: "\t")
        }
    }
}

extension SettlementOutcome.Kind {
    fileprivate static let names = allCases.map(\.rawValue).joined(separator: ", ")

    fileprivate static func parse(_ text: String) throws -> Self {
        guard let kind = Self(rawValue: text) else {
            throw ValidationError("\(text) is no outcome; there are \(names).")
        }
        return kind
    }
}
