import Jobs
import PaymentLinks
import RabbitMQ
import Testing

@Suite("Jobs that travel together")
struct JobBatchTests {
    private let topology = JobTopology(prefix: "test.")

    private func delivery(_ jobs: [OutgoingJob], _ kind: OutgoingJob.Kind = .claim) -> Delivery {
        Sample.delivery(topology.message(jobs, of: kind, replyTo: "r"))
    }

    private func delivery(_ text: String) -> Delivery {
        Delivery(body: Array(text.utf8), tag: DeliveryTag(number: 1, generation: 1))
    }

    @Test("One job travels as itself, with its id, its trace and where the answer goes beside it")
    func single() throws {
        let delivery = delivery(Sample.jobs([1]))
        #expect(delivery.type == "claim" && delivery.messageId == ClaimID(bits: 1).description)
        #expect(delivery.replyTo == "r" && delivery.headers == ["traceparent": .string("00-trace-1")])
        #expect(delivery.count == 1)
        let job = try #require(try delivery.readableJobs().first)
        #expect(try ClaimJob.decode(job.body).claimId == ClaimID(bits: 1))
        #expect(job.id == delivery.messageId && job.traceparent == "00-trace-1" && job.replyTo == "r")
    }

    @Test("A job whose answer nobody awaits says so, alone and among others")
    func unawaited() throws {
        #expect(delivery(Sample.jobs([1], isAwaited: false)).replyTo == nil)
        let jobs = try delivery(Sample.jobs([1]) + Sample.jobs([2], isAwaited: false)).readableJobs()
        #expect(jobs.map(\.replyTo) == ["r", nil])
    }

    @Test("Several jobs share a message that tells their number, and each keeps its id, trace and facts in order")
    func several() throws {
        let delivery = delivery(Sample.jobs(1...64))
        #expect(delivery.type == "claim-batch" && delivery.messageId == nil)
        #expect(delivery.headers == ["paylinks-count": .int64(64)])
        #expect(delivery.count == 64)
        let jobs = try delivery.readableJobs()
        #expect(jobs.map(\.id) == (1...64).map { ClaimID(bits: UInt128($0)).description })
        #expect(jobs.map(\.traceparent) == (1...64).map { "00-trace-\($0)" })
        #expect(jobs.allSatisfy { $0.replyTo == "r" })
        let claims = try jobs.map { try ClaimJob.decode($0.body) }
        #expect(claims.map(\.claimId) == (1...64).map { ClaimID(bits: UInt128($0)) })
        #expect(claims.allSatisfy { $0.digest == Sample.digest && $0.slug == Sample.slug })
    }

    @Test("Links' creations travel in the same way, under their own type")
    func creations() throws {
        let creation = try Sample.creation()
        let job = OutgoingJob(creation, traceparent: nil, isAwaited: true)
        let delivery = delivery([job, job], .creation)
        #expect(delivery.type == "create-batch" && delivery.routingKey == "create")
        for job in try delivery.readableJobs() {
            #expect(job.id == creation.linkId.description && job.traceparent == nil)
            #expect(try CreationJob.decode(job.body).metadataJSON == creation.metadataJSON)
        }
    }

    @Test(
        "A job of a batch by itself is the message that it would have been, had it come alone",
        arguments: [true, false])
    func alone(isAwaited: Bool) throws {
        let batch = delivery(Sample.jobs(1...3, isAwaited: isAwaited))
        for (number, job) in zip(1..., try batch.readableJobs()) {
            #expect(batch.alone(job) == delivery(Sample.jobs([number], isAwaited: isAwaited)))
        }
        let single = delivery(Sample.jobs([7], isAwaited: isAwaited))
        #expect(single.alone(try #require(try single.readableJobs().first)) == single)
    }

    private static func entry(_ job: String) -> String { #"{"id":"x","isAwaited":false,"job":\#(job)}"# }

    @Test(
        "A job that cannot be read spoils none of its neighbours, and by itself is those bytes",
        arguments: [
            "{}", "[]", "7", #""text""#, #"{"version":2}"#, #"{ "version" : 1 }"#,
        ])
    func unreadableJob(poison: String) throws {
        let good = String(decoding: ClaimJob.encode(Sample.claim(.wallet(WalletID(bits: 9)))), as: UTF8.self)
        let entries = [good, poison, good].map(Self.entry).joined(separator: ",")
        let batch = delivery(#"{"version":1,"jobs":[\#(entries)]}"#)
        let jobs = try batch.readableJobs()
        #expect(jobs.count == 3)
        #expect(throws: UnreadableMessage.self) { try ClaimJob.decode(jobs[1].body) }
        for job in [jobs[0], jobs[2]] { #expect(try ClaimJob.decode(job.body).claimId == Sample.claimId) }
        #expect(batch.alone(jobs[1]).body == Array(poison.utf8))
        #expect(batch.alone(jobs[1]).messageId == "x")
    }

    private static let secret = "4111-SECRET"

    /// Entries that are none, and what is said of each.
    private static let spoiltEntries: [(text: String, names: String)] = [
        (#""\#(secret)""#, "jobs"), ("[]", "jobs"), ("null", "jobs"), (#"{"isAwaited":true}"#, "jobs.job"),
        (#"{"job":{}}"#, "jobs.isAwaited"), (#"{"job":{},"isAwaited":"\#(secret)"}"#, "jobs.isAwaited"),
        (#"{"job":{},"isAwaited":true,"id":["\#(secret)"]}"#, "jobs.id"),
        (#"{ "job":{}, "isAwaited":true, "traceparent":7 }"#, "jobs.traceparent"),
    ]

    @Test(
        "An entry that is none spoils none of its neighbours, and by itself is a batch of it alone",
        arguments: spoiltEntries)
    func unreadableEntry(row: (text: String, names: String)) throws {
        let good = String(decoding: ClaimJob.encode(Sample.claim(.wallet(WalletID(bits: 9)))), as: UTF8.self)
        let entries = [Self.entry(good), row.text, Self.entry(good)].joined(separator: ",")
        var batch = delivery(#"{"version":1,"jobs":[\#(entries)]}"#)
        batch.properties.headers["paylinks-count"] = .int64(3)
        let jobs = try batch.jobs()
        #expect(jobs.count == 3)
        for job in [jobs[0], jobs[2]] { #expect(try ClaimJob.decode(job.get().body).claimId == Sample.claimId) }
        let unreadable = try #require(throws: UnreadableEntry.self) { try jobs[1].get() }
        #expect(unreadable.reason.description.contains(row.names), "\(unreadable.reason)")
        #expect(!unreadable.reason.description.contains(Self.secret))
        let alone = batch.alone(unreadable)
        #expect(alone.body == Array(#"{"version":1,"jobs":[\#(row.text)]}"#.utf8))
        #expect(alone.count == 1)
        #expect(try alone.jobs().count == 1, "sent again it is the same entry")
    }

    /// Batches that cannot be taken apart, and what is said of each.
    private static let spoilt: [(text: String, names: String)] = [
        (#"{"jobs":[]}"#, "version"), (#"{"version":2,"jobs":[]}"#, "version 2"),
        (#"{"version":1,"jobs":null}"#, "jobs"), (#"{"version":1,"jobs":{}}"#, "jobs"),
        (#"{"version":1,"jobs":[\#(secret)]}"#, "byte 25"), ("", "byte 0"),
    ]

    @Test(
        "A batch that cannot be taken apart is unreadable in whole; what is wrong is named and not shown",
        arguments: spoilt)
    func unreadableBatch(row: (text: String, names: String)) {
        let error = #expect(throws: UnreadableMessage.self) { try delivery(row.text).jobs() }
        #expect(error?.description.contains(row.names) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains(Self.secret) == false)
    }

    @Test("A message weighs what its header says, and 1 at least; a number that nobody means is cut")
    func weight() {
        let headers: [(HeaderValue?, count: Int)] = [
            (nil, 1), (.int64(64), 64), (.int64(.max), 65_536), (.int64(0), 1), (.int64(-5), 1), (.string("64"), 1),
        ]
        for (header, count) in headers {
            var delivery = delivery("{}")
            delivery.properties.headers["paylinks-count"] = header
            #expect(delivery.count == count)
        }
    }
}

extension Delivery {
    /// The jobs, each of which must be one.
    fileprivate func readableJobs() throws -> [IncomingJob] { try jobs().map { try $0.get() } }
}
