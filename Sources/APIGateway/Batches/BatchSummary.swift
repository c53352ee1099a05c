package import NIOCore

/// The last line of a batch's answer: how many lines were answered, and how.
///
/// Its presence shows that the answer is complete. An answer without it was cut off, by the gateway or on the way.
package struct BatchSummary: Sendable, Hashable {
    /// Lines with a status below 300, other than 202.
    package private(set) var succeeded = 0
    /// Lines with the status 202.
    package private(set) var processing = 0
    /// Lines with any other status.
    package private(set) var failed = 0

    package init() {}

    package var lines: Int { succeeded + processing + failed }

    package mutating func count(_ status: Int) {
        switch status {
        case 202: processing += 1
        case ..<300: succeeded += 1
        default: failed += 1
        }
    }

    package mutating func add(_ other: BatchSummary) {
        succeeded += other.succeeded
        processing += other.processing
        failed += other.failed
    }

    /// `{"summary":{"lines":3,"succeeded":1,"processing":1,"failed":1}}`
    package var text: ByteBuffer {
        let counts = "\"lines\":\(lines),\"succeeded\":\(succeeded),\"processing\":\(processing),\"failed\":\(failed)"
        return ByteBuffer(string: "{\"summary\":{\(counts)}}\n")
    }
}
