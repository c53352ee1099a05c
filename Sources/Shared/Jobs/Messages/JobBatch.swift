package import PaymentLinks
package import RabbitMQ

/// A job that is ready to be sent, with what travels beside it.
package struct OutgoingJob: Sendable {
    /// The queues that jobs go to.
    package enum Kind: Sendable { case claim, creation, outcome }

    let kind: Kind
    /// What its answer names it by.
    package let id: ULID
    /// The same as text: a claim's or a link's id.
    let messageId: String
    /// The job as JSON.
    private(set) var body: [UInt8]
    let traceparent: String?
    /// Whether anybody waits for the answer.
    let isAwaited: Bool

    /// About how many bytes it takes in a message: the body, and what stands around it.
    var size: Int { body.count + Self.envelopeSize }
    private static let envelopeSize = 160

    package init(_ request: ClaimRequest, traceparent: String?, isAwaited: Bool) {
        self.init(.claim, request.claimId, ClaimJob.encode(request), traceparent, isAwaited)
    }

    package init(_ creation: LinkCreation, traceparent: String?, isAwaited: Bool) {
        self.init(.creation, creation.linkId, CreationJob.encode(creation), traceparent, isAwaited)
    }

    package init(_ outcome: SettlementOutcome, mac: String? = nil) {
        self.init(.outcome, outcome.settlementId, OutcomeMessage.encode(outcome, mac: mac), nil, false)
    }

    /// The same job with its MAC, if there are keys for one. Outcomes carry MACs of their own.
    package func signed(by authenticator: JobAuthenticator) -> OutgoingJob {
        var job = self
        job.body = authenticator.signed(body, type: kind.type)
        return job
    }

    private init<Subject>(
        _ kind: Kind, _ id: Identifier<Subject>, _ body: [UInt8], _ traceparent: String?, _ isAwaited: Bool
    ) {
        self.kind = kind
        self.id = id.ulid
        messageId = id.description
        self.body = body
        self.traceparent = traceparent
        self.isAwaited = isAwaited
    }
}

/// A job as a message brought it, alone or among others.
package struct IncomingJob: Sendable {
    /// The job itself, still to be decoded.
    package let body: JSONElement
    /// The job's id as its sender wrote it.
    package let id: String?
    package let traceparent: String?
    /// Where the answer goes; `nil` when no caller waits for it.
    package let replyTo: String?
}

/// An entry of a batch around which something is missing or wrong, so that its job cannot be told from it.
package struct UnreadableEntry: Error, Sendable {
    /// What the batch has in the job's place.
    let entry: JSONElement
    package let reason: UnreadableMessage
}

/// Several jobs of one kind in one message: what gathered at a gateway while the broker confirmed the last message.
///
/// The broker's work is by the message, so a busy gateway's jobs travel together. Everything else stays by the job:
/// its answer, its trace, and its own dead letter.
enum JobBatch {
    /// What a batch's type has behind that of its jobs.
    static let typeSuffix = "-batch"
    private static let name = "job batch"
    private static let version = 1

    static func encode(_ jobs: [OutgoingJob]) -> [UInt8] {
        var writer = JSONWriter(capacity: jobs.reduce(64) { $0 + $1.size })
        writer.object { writer in
            writer.field("version", version)
            writer.field("jobs", array: jobs) { writer, job in
                writer.object { writer in
                    writer.field("id", job.messageId)
                    writer.field("traceparent", job.traceparent)
                    writer.field("isAwaited", job.isAwaited)
                    writer.field("job", json: job.body[...])
                }
            }
        }
        return writer.bytes
    }

    /// Whether this is a batch; else it is a job by itself.
    static func isBatch(_ message: JSONElement) -> Bool { message["jobs"] != nil }

    /// Throws when there is nothing to take apart; an entry that is none spoils none of its neighbours.
    static func decode(
        _ message: JSONElement, replyTo: String?
    ) throws(UnreadableMessage) -> [Result<IncomingJob, UnreadableEntry>] {
        let fields = try MessageFields(of: name, version: version, in: message)
        return try fields.required("jobs", \.elements).map { entry in
            do throws(UnreadableMessage) {
                return .success(try IncomingJob(try fields.element(entry, of: "jobs"), replyTo: replyTo))
            } catch {
                return .failure(UnreadableEntry(entry: entry, reason: error))
            }
        }
    }

    /// A batch of nothing but the entry, as it stood there.
    static func encode(_ entry: JSONElement) -> [UInt8] {
        JSONWriter.object { writer in
            writer.field("version", version)
            writer.field("jobs", array: [entry]) { $0.raw($1.json) }
        }
    }
}

extension IncomingJob {
    fileprivate init(_ entry: MessageFields, replyTo: String?) throws(UnreadableMessage) {
        self.init(
            body: try entry.required("job") { $0 }, id: try entry.optional("id", \.string),
            traceparent: try entry.optional("traceparent", \.string),
            replyTo: try entry.required("isAwaited", \.boolean) ? replyTo : nil)
    }
}

extension Delivery {
    /// The jobs that the message carries. A job of a batch that cannot be read spoils none of its neighbours.
    package func jobs() throws(UnreadableMessage) -> [Result<IncomingJob, UnreadableEntry>] {
        let message = try MessageFields.parse(body, "job")
        if JobBatch.isBatch(message) { return try JobBatch.decode(message, replyTo: replyTo) }
        return [.success(IncomingJob(body: message, id: messageId, traceparent: traceparent, replyTo: replyTo))]
    }

    /// The job as if it had come in a message of its own, as which it becomes a dead letter and is replayed.
    package func alone(_ job: IncomingJob) -> Delivery {
        var delivery = self
        delivery.body = Array(job.body.json)
        delivery.properties.messageId = job.id
        delivery.properties.type = type.map { type in
            type.hasSuffix(JobBatch.typeSuffix) ? String(type.dropLast(JobBatch.typeSuffix.count)) : type
        }
        delivery.properties.replyTo = job.replyTo
        delivery.properties.headers[JobTopology.countHeader] = nil
        delivery.properties.headers[JobTopology.traceparentHeader] = job.traceparent.map { .string($0) }
        return delivery
    }

    /// The entry as a batch by itself, as which it becomes a dead letter.
    package func alone(_ unreadable: UnreadableEntry) -> Delivery {
        var delivery = self
        delivery.body = JobBatch.encode(unreadable.entry)
        delivery.properties.headers[JobTopology.countHeader] = nil
        return delivery
    }

    /// The most that a message is believed to carry; a stranger may write any number.
    private static let highestCount: Int64 = 65_536

    /// How many jobs or events the message says that it carries: what it weighs in a batch.
    package var count: Int {
        guard case .int64(let count)? = headers[JobTopology.countHeader] else { return 1 }
        return Int(min(max(1, count), Self.highestCount))
    }
}
