import NIOCore

/// The lines of an answer, each as soon as it is there.
struct LineReader {
    private var parts: BodyParts
    private var rest = ByteBuffer()

    init(_ parts: BodyParts) {
        self.parts = parts
    }

    /// The next line, without its end; nil after the last. What is no whole line at the end is none.
    mutating func next() async throws(PaylinksError) -> ByteBuffer? {
        while true {
            if let length = rest.readableBytesView.firstIndex(of: UInt8(ascii: "\n")).map({ $0 - rest.readerIndex }) {
                let line = rest.readSlice(length: length)
                rest.moveReaderIndex(forwardBy: 1)
                return line
            }
            guard var part = try await parts.next() else { return nil }
            rest.discardReadBytes()
            rest.writeBuffer(&part)
        }
    }
}
