import NIOCore

/// Reads the answers of HTTP/1.1 that say their length; of each only the status is of interest.
struct ResponseParser {
    enum Failure: Error {
        case malformedHead
        case unknownLength
    }

    private var status = 0
    private var bodyLeft: Int?

    /// Takes the next whole answer from the buffer and returns its status; `nil` while it is not all there.
    mutating func next(from buffer: inout ByteBuffer) throws(Failure) -> Int? {
        if bodyLeft == nil {
            guard let length = buffer.readableBytesView.withUnsafeBytes({ Self.headLength($0) }) else { return nil }
            let head = buffer.readableBytesView.withUnsafeBytes { bytes in
                Self.read(UnsafeRawBufferPointer(rebasing: bytes[..<length]))
            }
            guard let head else { throw .malformedHead }
            guard let bodyLength = head.bodyLength else { throw .unknownLength }
            status = head.status
            bodyLeft = bodyLength
            buffer.moveReaderIndex(forwardBy: length)
        }
        let taken = min(bodyLeft ?? 0, buffer.readableBytes)
        buffer.moveReaderIndex(forwardBy: taken)
        bodyLeft? -= taken
        guard bodyLeft == 0 else { return nil }
        bodyLeft = nil
        return status
    }

    private struct Head {
        let status: Int
        let bodyLength: Int?
    }

    /// How long the head is with the empty line that ends it; `nil` if that line has not come yet.
    private static func headLength(_ bytes: UnsafeRawBufferPointer) -> Int? {
        var index = 3
        while index < bytes.count {
            if bytes[index] == 10, bytes[index - 1] == 13, bytes[index - 2] == 10, bytes[index - 3] == 13 {
                return index + 1
            }
            index += 1
        }
        return nil
    }

    private static func read(_ head: UnsafeRawBufferPointer) -> Head? {
        guard head.count > 12, let status = number(head, from: 9), (100..<600).contains(status) else { return nil }
        return Head(status: status, bodyLength: status == 204 ? 0 : bodyLength(head))
    }

    private static let lengthName = Array("content-length:".utf8)

    private static func bodyLength(_ head: UnsafeRawBufferPointer) -> Int? {
        var start = 0
        for index in 1..<head.count where head[index] == 10 {
            if matches(head, at: start) { return number(head, from: start + lengthName.count) }
            start = index + 1
        }
        return nil
    }

    private static func matches(_ head: UnsafeRawBufferPointer, at start: Int) -> Bool {
        guard start + lengthName.count < head.count else { return false }
        // 0x20 makes letters small, and leaves the dash and the colon as they are.
        return lengthName.indices.allSatisfy { head[start + $0] | 0x20 == lengthName[$0] | 0x20 }
    }

    /// The digits from there on, after spaces.
    private static func number(_ head: UnsafeRawBufferPointer, from start: Int) -> Int? {
        var index = start
        while index < head.count, head[index] == 32 { index += 1 }
        var value: Int?
        while index < head.count, (48...57).contains(head[index]) {
            value = (value ?? 0) * 10 + Int(head[index] - 48)
            index += 1
        }
        return value
    }
}
