import HTTPTypes
import NIOCore
import NIOHTTP1
import PaymentLinks

extension Answer {
    /// The answer as it goes over a connection. (RFC 9112)
    ///
    /// - Parameter isLast: whether the connection ends with it.
    func bytes(isLast: Bool) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(512 + json.count)
        buffer.writeStatus(status.code)
        buffer.write(headers)
        if isLast { buffer.write("Connection", "close") }
        buffer.write("Content-Length", String(json.count))
        buffer.write("Date", HTTPDate.now())
        buffer.writeString("\r\n")
        buffer.writeBytes(json)
        return buffer
    }
}

/// The refusal of a request that is one too many, made from two parts that are always the same.
enum OverloadAnswer {
    private static let (head, end) = {
        let answer = ErrorEnvelope.answer(to: Refusal.overloaded)
        var head = ByteBuffer()
        head.writeStatus(answer.status.code)
        head.write(answer.headers)
        head.write("Content-Length", String(answer.json.count))
        return (head, ByteBuffer(string: "\r\n" + String(decoding: answer.json, as: UTF8.self)))
    }()

    static func bytes() -> ByteBuffer {
        var generator = PooledRandomNumberGenerator()
        var buffer = ByteBuffer()
        buffer.reserveCapacity(head.readableBytes + end.readableBytes + 128)
        buffer.writeImmutableBuffer(head)
        buffer.write("Request-Id", RequestID.make(from: nil, using: &generator))
        buffer.write("Date", HTTPDate.now())
        buffer.writeImmutableBuffer(end)
        return buffer
    }
}

extension ByteBuffer {
    fileprivate mutating func writeStatus(_ code: Int) {
        writeString("HTTP/1.1 ")
        writeString(String(code))
        writeString(" ")
        writeString(HTTPResponseStatus(statusCode: code).reasonPhrase)
        writeString("\r\n")
    }

    fileprivate mutating func write(_ fields: HTTPFields) {
        for field in fields { write(field.name.rawName, field.value) }
    }

    fileprivate mutating func write(_ name: String, _ value: String) {
        writeString(name)
        writeString(": ")
        writeString(value)
        writeString("\r\n")
    }
}
