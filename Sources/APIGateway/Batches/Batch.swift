import Hummingbird
import HTTPTypes
import Logging
import Metrics
package import NIOCore
import PaymentLinks
import Threading

/// Works through a batch while it arrives, and answers each line in the order of the lines.
///
/// Lines are handed to the workers by the chunk, in their order, several chunks under way at once, and answers are
/// written as soon as those before them are. While the window is full nothing more is read, so that the memory that a
/// batch takes has a bound, however long it is and however slowly its sender reads.
final class Batch<Desk: BatchDesk>: Sendable {
    private enum Step: Sendable {
        case readAll
        case taken([BatchEntry]?)
        case answered(number: Int, ChunkAnswers)
    }

    private let desk: Desk
    private let caller: @Sendable () async throws -> Caller
    private let body: RequestBody
    private let meter: RateMeter?
    private let lineCounter: Counter
    /// Held as long as this is.
    private let slot: FairSlot
    private let longest: Duration
    private let logger: Logger

    /// - Parameters:
    ///   - caller: says whether the caller's key is still valid; asked before each chunk.
    ///   - longest: how long the body is read.
    init(
        desk: Desk, caller: @escaping @Sendable () async throws -> Caller, body: RequestBody, meter: RateMeter?,
        lineCounter: Counter, slot: FairSlot, longest: Duration, logger: Logger
    ) {
        self.desk = desk
        self.caller = caller
        self.body = body
        self.meter = meter
        self.lineCounter = lineCounter
        self.slot = slot
        self.longest = longest
        self.logger = logger
    }

    /// Reads, works, and writes until every line is answered, and ends with the summary. A batch whose answers are not
    /// taken ends some time after reading stops.
    @concurrent func run(_ writer: inout any ResponseBodyWriter) async throws {
        let buffer = BoundedBuffer(limit: BatchLimits.chunkLines, weigh: BatchLimits.weigh)
        let summary = try await withThrowingTaskGroup(of: Step.self) { group in
            defer { buffer.close() }
            group.addTask {
                defer { buffer.finish() }
                try await self.readInTime(into: buffer)
                return .readAll
            }
            group.addTask {
                try await Task.sleep(for: self.longest + BatchLimits.timeToEnd)
                throw CancellationError()
            }
            let summary = try await work(off: buffer, in: &group, &writer)
            group.cancelAll()
            return summary
        }
        try await writer.write(summary.text)
        try await writer.finish(nil)
    }

    @concurrent private func work(
        off buffer: BoundedBuffer<BatchEntry>, in group: inout ThrowingTaskGroup<Step, any Error>,
        _ writer: inout any ResponseBodyWriter
    ) async throws -> BatchSummary {
        var window = BatchWindow<ChunkAnswers>(limit: BatchLimits.chunksInFlight)
        var summary = BatchSummary()
        var (isTaking, hasMore) = (false, true)
        var firstIndex = 0
        while hasMore || !window.isEmpty {
            if hasMore, !isTaking, window.hasRoom {
                isTaking = true
                group.addTask { .taken(await buffer.take()) }
            }
            switch try await group.next() {
            case .taken(let entries?):
                isTaking = false
                let number = window.begin()
                let chunk = await begin(entries, at: firstIndex, await admittedDesk())
                firstIndex += entries.count
                group.addTask { .answered(number: number, await chunk.answer()) }
            case .taken(nil): (isTaking, hasMore) = (false, false)
            case .answered(let number, let answers):
                summary.add(answers.summary)
                for due in window.finish(number, answers) { try await writer.write(due.lines) }
            case .readAll, nil: break
            }
        }
        return summary
    }

    /// Reads the body for as long as a batch may last.
    private func readInTime(into buffer: BoundedBuffer<BatchEntry>) async throws {
        let end = try await withThrowingTaskGroup(of: Refusal?.self) { group in
            group.addTask { try await self.read(into: buffer) }
            group.addTask {
                try await Task.sleep(for: self.longest)
                return .batchTookTooLong
            }
            let end = try await group.next() ?? nil
            group.cancelAll()
            return end
        }
        if let end { _ = await buffer.put(.end(end)) }
    }

    /// Reads lines until the body ends or holds more than a batch may; the line after that stands for all that follow.
    /// Returns why the rest is not read, unless the last line says so.
    private func read(into buffer: BoundedBuffer<BatchEntry>) async throws -> Refusal? {
        var splitter = LineSplitter(longest: BatchLimits.longestLine)
        var count = 0
        for try await bytes in body {
            splitter.append(bytes)
            while let line = splitter.next() {
                count += 1
                guard await buffer.put(.line(line)), count <= BatchLimits.lineCount else { return nil }
            }
            guard pays(splitter.takeDues()) else { return .tooManyBlankLines }
        }
        // A body that was cut off ends in part of a line.
        if !Task.isCancelled, let line = splitter.finish() { _ = await buffer.put(.line(line)) }
        return nil
    }

    /// Counts what made no line against the caller's rate.
    private func pays(_ dues: Int) -> Bool {
        guard dues > 0, let meter else { return true }
        return meter.take(upTo: dues) == dues
    }

    /// The desk, unless the caller's key has come to its end: a batch may take longer than that.
    private func admittedDesk() async -> Result<Desk, any Error> {
        do {
            var desk = desk
            try desk.admit(try await caller())
            return .success(desk)
        } catch {
            return .failure(error)
        }
    }

    /// Reads the lines and hands over what they ask for: nothing that comes later can overtake it.
    private func begin(
        _ entries: [BatchEntry], at firstIndex: Int, _ desk: Result<Desk, any Error>
    ) async -> Chunk {
        let granted = meter?.take(upTo: entries.count) ?? entries.count
        let jobs = entries.enumerated().map { offset, entry -> Result<Desk.Job, Refused> in
            switch entry {
            case .end(let refusal): .failure(Refused(answer: ErrorEnvelope.answer(to: refusal)))
            case .line(let line): offset < granted ? read(line, at: firstIndex + offset, desk) : .failure(rateLimited)
            }
        }
        lineCounter.increment(by: Int64(jobs.count))
        return Chunk(
            firstIndex: firstIndex, refused: jobs.map(\.failure?.answer),
            outcomes: await self.desk.send(jobs.compactMap { try? $0.get() }))
    }

    private func read(
        _ line: LineSplitter.Line, at index: Int, _ desk: Result<Desk, any Error>
    ) -> Result<Desk.Job, Refused> {
        do {
            guard index < BatchLimits.lineCount else { throw Refusal.batchTooLong }
            guard case .text(let bytes) = line else { throw Refusal.lineTooLong }
            return .success(try desk.get().accept(JSONValue.object(from: bytes)))
        } catch {
            return .failure(Refused(answer: ErrorEnvelope.answer(to: error, logger: logger)))
        }
    }

    private var rateLimited: Refused { Refused(answer: ErrorEnvelope.answer(to: Refusal.rateLimited)) }
}

/// A chunk's answers as they go out, and their counts.
private struct ChunkAnswers: Sendable {
    var lines = ByteBuffer()
    var summary = BatchSummary()
}

/// Some lines of a batch, one after the other, that are under way.
private struct Chunk: Sendable {
    /// The place of the first line in the batch, from 0.
    let firstIndex: Int
    /// For each line its answer, if no worker sees it.
    let refused: [Answer?]
    /// The answers to the others.
    let outcomes: PendingAnswers

    func answer() async -> ChunkAnswers {
        var outcomes = await outcomes().makeIterator()
        var answers = ChunkAnswers()
        for (offset, refused) in refused.enumerated() {
            let answer = refused ?? outcomes.next() ?? ErrorEnvelope.answer(to: Refusal.internalError)
            answer.write(to: &answers.lines, at: firstIndex + offset)
            answers.summary.count(answer.status.code)
        }
        return answers
    }
}

/// A line that no worker sees, with what it is answered.
private struct Refused: Error {
    let answer: Answer
}

extension Result where Failure == Refused {
    fileprivate var failure: Refused? {
        if case .failure(let refused) = self { refused } else { nil }
    }
}

extension Answer {
    /// Writes the answer as a line: the place of the line that it answers, the status, what the headers of an answer of
    /// its own would say, and its body.
    package func write(to buffer: inout ByteBuffer, at index: Int) {
        buffer.writeString("{\"index\":\(index),\"status\":\(status.code)")
        if headers[.idempotentReplayed] != nil { buffer.writeString(",\"replayed\":true") }
        if let location = headers[.location] { buffer.writeString(",\"location\":\"\(location)\"") }
        if let pause = headers[.retryAfter] { buffer.writeString(",\"retryAfter\":\(pause)") }
        buffer.writeString(",\"body\":")
        buffer.writeBytes(json)
        buffer.writeString("}\n")
    }
}
