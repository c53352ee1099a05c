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
    /// How long a batch may continue after reading stops: the longest wait for an outcome, and as long again to write
    /// the answers.
    static let timeToEnd = Duration.seconds(60)

    /// How many lines a line counts as.
    @Sendable static func weigh(_ entry: BatchEntry) -> Int {
        if case .line(.text(let bytes)) = entry { 1 + bytes.count / bytesPerLine } else { 1 }
    }
}

/// What a batch's body is read into.
enum BatchEntry: Sendable {
    case line(LineSplitter.Line)
    /// Nothing that follows is read, for this reason.
    case end(Refusal)
}

extension Refusal {
    static let batchTookTooLong = Refusal(
        code: .payloadTooLarge,
        message: "The batch lasted too long; this line and what follows were not read: send them in another batch.")
    static let tooManyBlankLines = Refusal(
        code: .rateLimitExceeded,
        message: "Blank lines and bytes count as requests, and there were too many; what follows was not read.")
    static let lineTooLong = Refusal(
        code: .payloadTooLarge, message: "A line holds at most 64 KiB; this one was not read.")
    static let batchTooLong = Refusal(
        code: .payloadTooLarge,
        message:
            "A batch has at most 10,000 lines; this one and what follows were not read: send them in another batch.")
    static let notLines = Refusal(
        code: .unsupportedMediaType, message: "Send a JSON object a line, with Content-Type: application/x-ndjson.")
}
