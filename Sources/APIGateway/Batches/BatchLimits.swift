import PaymentLinks

/// What a batch may hold, and how much of it a gateway holds at a time.
enum BatchLimits {
    static let lineCount = 10_000
    /// As much as a request of its own may say.
    static let longestLine = 65_536
    /// Lines that are handed to the workers together.
    static let chunkLines = 256
    /// A line of more bytes counts as several, so that a chunk of long lines is shorter.
    private static let bytesPerLine = 1024
    /// Chunks of one batch that are worked on at once; nothing is read while there are as many, and one more waits.
    static let chunksInFlight = 4

    /// How many lines a line counts as.
    @Sendable static func weigh(_ line: LineSplitter.Line) -> Int {
        if case .text(let bytes) = line { 1 + bytes.count / bytesPerLine } else { 1 }
    }
}

extension Refusal {
    static let lineTooLong = Refusal(
        code: .payloadTooLarge, message: "A line holds at most 64 KiB; this one was not read.")
    static let batchTooLong = Refusal(
        code: .payloadTooLarge,
        message: "A batch has at most 10,000 lines; this one and what follows were not read: send them in another batch.")
    static let notLines = Refusal(
        code: .unsupportedMediaType, message: "Send a JSON object a line, with Content-Type: application/x-ndjson.")
}
