/// An answer of HTTP/1.1 that says its length; only the status is of interest.
enum Answer: Equatable {
    /// More of it is to come.
    case partial
    case whole(status: Int)

    /// Nil when the bytes are no such answer, or go on after it.
    init?(_ bytes: ArraySlice<UInt8>) {
        let span = bytes.span
        guard let head = Head(span) else {
            self = .partial
            return
        }
        guard let status = head.status, let bodyLength = head.bodyLength, span.count <= head.length + bodyLength else {
            return nil
        }
        self = span.count < head.length + bodyLength ? .partial : .whole(status: status)
    }

    private struct Head {
        /// Of the head, with the empty line that ends it.
        private(set) var length = 0
        private(set) var status: Int?
        private(set) var bodyLength: Int?

        /// Nil while its end has not come.
        init?(_ bytes: Span<UInt8>) {
            var start = 0
            for index in bytes.indices where bytes[index] == UInt8(ascii: "\n") {
                let line = bytes.extracting(start..<index)
                start = index + 1
                if length == 0 {
                    length = start
                    status = line.count > 12 ? Self.number(line, from: 9) : nil
                    if status == 204 { bodyLength = 0 }
                } else if line.count <= 1 {
                    length = start
                    return
                } else if Self.begins(line, with: Self.lengthName) {
                    bodyLength = Self.number(line, from: Self.lengthName.count)
                }
            }
            return nil
        }

        private static let lengthName = Array("content-length:".utf8)

        private static func begins(_ line: Span<UInt8>, with name: [UInt8]) -> Bool {
            guard line.count > name.count else { return false }
            // 0x20 makes letters small, and leaves the dash and the colon as they are.
            for index in name.indices where line[index] | 0x20 != name[index] { return false }
            return true
        }

        /// The digits from there on, after spaces.
        private static func number(_ line: Span<UInt8>, from start: Int) -> Int? {
            var index = start
            while index < line.count, line[index] == UInt8(ascii: " ") { index += 1 }
            var value: Int?
            while index < line.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(line[index]) {
                value = (value ?? 0) * 10 + Int(line[index] - UInt8(ascii: "0"))
                index += 1
            }
            return value
        }
    }
}
