import Jobs
import PaymentLinks
import RabbitMQ
import Testing

@Suite("Authenticated jobs and outcomes")
struct MessageAuthenticationTests {
    private static func key(_ byte: UInt8) -> [UInt8] { Array(repeating: byte, count: 32) }

    private static func jobs(_ policy: JobAuthenticator.Policy, key byte: UInt8 = 1) throws -> JobAuthenticator {
        try JobAuthenticator(keys: [(name: "k", key: key(byte))], policy: policy)
    }

    private static func element(_ bytes: [UInt8]) throws -> JSONElement { try JSONDocument(bytes).root }

    private static func failure(_ body: () throws(UnreadableMessage) -> Void) -> String? {
        do throws(UnreadableMessage) {
            try body()
            return nil
        } catch {
            return error.description
        }
    }

    @Test("A signed job verifies alone, out of a batch, and as a dead letter that is replayed")
    func signedJobs() throws {
        let authenticator = try Self.jobs(.requiresMAC)
        let signed = Sample.jobs(1...3).map { $0.signed(by: authenticator) }
        let topology = JobTopology(prefix: "")
        let alone = Sample.delivery(topology.message([signed[0]], of: .claim, replyTo: "r"))
        let batch = Sample.delivery(topology.message(signed, of: .claim, replyTo: "r"))
        let jobs = try (alone.jobs() + batch.jobs()).map { try $0.get() }
        #expect(jobs.count == 4)
        for job in jobs {
            try authenticator.verify(job.body, type: ClaimJob.type)
            #expect(try ClaimJob.decode(job.body).slug == Sample.slug)
            let letter = Sample.delivery(topology.deadLetter(batch.alone(job), from: "jobs.claim", reason: "x"))
            let replayed = Sample.delivery(topology.replay(letter, to: "jobs.claim"))
            try authenticator.verify(try #require(replayed.jobs().first).get().body, type: ClaimJob.type)
        }
    }

    @Test("A changed job, another kind, another key, and a missing MAC are refused; the policy admits unsigned jobs")
    func forgedJobs() throws {
        let required = try Self.jobs(.requiresMAC)
        let unsigned = ClaimJob.encode(Sample.claim(.wallet(WalletID(bits: 9))))
        let job = Sample.jobs([1])[0].signed(by: required)
        let signed = Sample.delivery(JobTopology(prefix: "").message([job], of: .claim, replyTo: nil)).body
        let changed = Array(String(decoding: signed, as: UTF8.self).replacing("PRODUCTION", with: "SANDBOX").utf8)
        #expect(changed != signed)
        let mismatch = "claim job: the mac does not match; check PAYLINKS_JOB_KEYS on both sides"
        let appended = Array(signed.dropLast()) + Array(#","walletId":"x"}"#.utf8)
        for forged in [changed, appended] {
            let element = try Self.element(forged)
            #expect(
                Self.failure { () throws(UnreadableMessage) in try required.verify(element, type: "claim") } == mismatch
            )
        }
        let element = try Self.element(signed)
        let other = try Self.jobs(.acceptsUnsigned, key: 2)
        #expect(Self.failure { () throws(UnreadableMessage) in try other.verify(element, type: "claim") } == mismatch)
        #expect(Self.failure { () throws(UnreadableMessage) in try required.verify(element, type: "create") } != nil)
        let bare = try Self.element(unsigned)
        #expect(
            Self.failure { () throws(UnreadableMessage) in try required.verify(bare, type: "claim") }
                == "claim job: the mac is missing")
        try Self.jobs(.acceptsUnsigned).verify(bare, type: "claim")
        try JobAuthenticator(keys: []).verify(element, type: "claim")
    }

    private static func outcomes(_ policy: JobAuthenticator.Policy) throws -> OutcomeAuthenticator {
        try OutcomeAuthenticator(
            keys: [(name: "ach-2026", key: key(1)), (name: "ach", key: key(2)), (name: "usdc", key: key(3))],
            policy: policy)
    }

    @Test("An outcome's MAC proves its rail, with null members and with every kind", arguments: [true, false])
    func signedOutcomes(isBare: Bool) throws {
        let authenticator = try Self.outcomes(.requiresMAC)
        for rail in [ClaimMethod.ach, .usdc] {
            for kind in SettlementOutcome.Kind.allCases {
                let outcome = Sample.outcome(kind, isBare: isBare)
                let mac = try #require(authenticator.mac(of: outcome, rail: rail))
                #expect(mac.hasPrefix(rail == .ach ? "ach-2026:" : "usdc:"))
                let sent = try Self.element(OutcomeMessage.encode(outcome, mac: mac))
                #expect(try OutcomeMessage.decode(sent, authenticator).provenRail == rail)
            }
        }
    }

    @Test("A changed outcome and a missing MAC are refused; the policy admits unsigned outcomes")
    func forgedOutcomes() throws {
        let required = try Self.outcomes(.requiresMAC)
        let mac = required.mac(of: Sample.outcome(.failed), rail: .ach)
        let forged = try Self.element(OutcomeMessage.encode(Sample.outcome(.settled), mac: mac))
        let bare = try Self.element(OutcomeMessage.encode(Sample.outcome(.settled)))
        for element in [forged, bare] {
            #expect(throws: UnreadableMessage.self) { _ = try OutcomeMessage.decode(element, required) }
        }
        let lenient = try Self.outcomes(.acceptsUnsigned)
        #expect(try OutcomeMessage.decode(bare, lenient).provenRail == nil)
        #expect(throws: UnreadableMessage.self) { _ = try OutcomeMessage.decode(forged, lenient) }
    }

    /// Computed with Python's hmac module from the documented text.
    @Test("The documented example of an outcome has this MAC")
    func documentedOutcome() throws {
        let text = """
            {"version":1,"settlementId":"clm_01JQRGX5R0ZB7Y3M4N5P6Q7R8S","outcome":"returned","code":"R01",
            "reason":"Insufficient funds.","reference":"091000012345678","occurredAt":"2026-04-03T14:30:00.000Z",
            "mac":"ach:3INSUWaKaDdM0JmXxUO78Laz12Ns9/PEmFpShqyBmjM="}
            """
        let keys = [(name: "ach", key: Array(UInt8(0)..<32))]
        let authenticator = try OutcomeAuthenticator(keys: keys, policy: .requiresMAC)
        #expect(try OutcomeMessage.decode(try Self.element(Array(text.utf8)), authenticator).provenRail == .ach)
    }

    @Test("A rail key is named after its rail", arguments: ["wallet", "card", "ach.2026", ""])
    func misnamedKeys(name: String) {
        #expect(throws: (any Error).self) { _ = try OutcomeAuthenticator(keys: [(name: name, key: Self.key(1))]) }
    }
}
