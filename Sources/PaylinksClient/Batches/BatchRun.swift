import AsyncHTTPClient
import Foundation
import NIOCore
import NIOFoundationCompat

/// One walk through a batch: exchange after exchange, until every line has its result.
final class BatchRun<Value: Decodable & Sendable> {
    private let batch: BatchResults<Value>
    private let feed = LineFeed<Value>()
    private var pump: Task<Void, Never>?
    private var answers: LineReader?
    /// Whether the exchange's answer has come to its last line.
    private var isComplete = false
    /// How many exchanges in a row decided nothing.
    private var attempt = 0
    /// What ends the walk, once the results that came are taken.
    private var failure: PaylinksError?

    init(_ batch: BatchResults<Value>) {
        self.batch = batch
    }

    deinit {
        pump?.cancel()
    }

    func next() async throws -> BatchResult<Value>? {
        start()
        do {
            return try await nextResult()
        } catch let error as PaylinksError {
            throw error.telling(feed.openKeys)
        }
    }

    private func nextResult() async throws -> BatchResult<Value>? {
        while true {
            if let result = feed.take() { return result }
            if let failure { throw failure }
            if answers == nil, try await !feed.awaitWork() { return nil }
            try await advance()
        }
    }

    /// Reads the source beside the exchanges. The task is not awaited: it ends with its source, or with this.
    private func start() {
        guard pump == nil else { return }
        pump = Task { [feed, read = batch.pump] in
            do {
                try await read(feed)
                feed.end()
            } catch {
                feed.end(error)
            }
        }
    }

    /// Begins an exchange, or takes one line of its answer.
    private func advance() async throws {
        let line: ByteBuffer?
        do throws(PaylinksError) {
            line = try await nextLine()
            if let line { try note(line) }
        } catch {
            return try await conclude(error)
        }
        if line == nil { try await conclude(nil) }
    }

    private func nextLine() async throws(PaylinksError) -> ByteBuffer? {
        if answers == nil {
            isComplete = false
            answers = try await batch.transport.lines(batch.path, feed.body(), wait: batch.wait)
        }
        return try await answers?.next()
    }

    private func note(_ line: ByteBuffer) throws(PaylinksError) {
        let decoded: BatchAnswer<Value>
        do {
            decoded = try JSON.decoder.decode(BatchAnswer<Value>.self, from: Data(buffer: line))
        } catch {
            throw .unreadable("\(error)")
        }
        guard case .line(let answer) = decoded else { return isComplete = true }
        let isFinal = answer.refusal.map { !batch.transport.policy.mayRepeat(after: $0, .keyed) } ?? true
        guard feed.note(answer, isFinal: isFinal) else { throw .unreadable("no line \(answer.index) was sent") }
    }

    /// Ends the exchange; pauses before the next one, or gives up.
    private func conclude(_ error: PaylinksError?) async throws {
        answers = nil
        let (sent, undecided, refusals) = feed.endExchange()
        if undecided < sent { attempt = 0 }
        let latest = refusals.max { ($0.retryAfter ?? .zero) < ($1.retryAfter ?? .zero) }
        guard let cause = error ?? latest.map({ .refused($0) }) ?? (undecided > 0 ? missingAnswers : nil),
            undecided > 0 || sent == 0
        else { return }
        let pause = batch.transport.policy.pause(after: cause, .keyed, attempt: attempt, chance: .random(in: 0...1))
        guard let pause else {
            // A line that was told something last has that for its outcome; only silence ends the walk.
            feed.giveUp()
            failure = undecided > refusals.count || sent == 0 ? cause : nil
            return attempt = 0
        }
        attempt += 1
        do { try await batch.transport.sleep(pause) } catch { throw PaylinksError.cancelled() }
    }
}

extension BatchRun {
    /// Why lines have no answer. Whether a line that was sent after the cut was done is not known.
    private var missingAnswers: PaylinksError {
        .noAnswer(isComplete ? "some lines have no answer" : "the answer was cut off before its summary")
    }
}

extension LineAnswer {
    fileprivate var refusal: Refusal? {
        if case .failure(let refusal) = outcome { refusal } else { nil }
    }
}
