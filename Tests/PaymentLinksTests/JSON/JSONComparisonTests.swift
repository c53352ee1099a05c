import PaymentLinks
import Testing

/// Our parser beside Foundation's: what one takes the other takes, and both read the same.
@Suite("JSON as others read and write it")
struct JSONComparisonTests {
    @Test("Whatever Foundation writes is read as what it was", arguments: 1...60 as ClosedRange<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<50 {
            let value = AnyJSON.random(using: &generator)
            let bytes = try value.written()
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(try AnyJSON.ours(bytes) == value, "seed \(seed): \(text)")
        }
    }

    @Test("Whatever our writer writes is read as what it was, by both", arguments: 1...60 as ClosedRange<UInt64>)
    func ownWriter(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<50 {
            let value = AnyJSON.random(using: &generator)
            var writer = JSONWriter()
            writer.write(value)
            #expect(try AnyJSON.ours(writer.bytes) == value, "seed \(seed): \(writer.text)")
            #expect(AnyJSON.foundation(writer.bytes) == value, "seed \(seed): \(writer.text)")
        }
    }

    private static let texts = [
        #"{"version":1,"jobs":[{"id":"clm_0","isAwaited":true,"job":{"a":-1.5e3,"b":null}}]}"#,
        #"{"amount":"10.00","expiresAt":"2026-04-01T00:00:00Z","metadata":{"é":"\u00e9\ud83d\ude00","n":[0,1,20]}}"#,
        #" [ "\"\\\/\b\f\n\r\t" , {"a":{"a":{"a":[[[]]]}}} , false , 1E+2 ] "#,
    ]

    /// Bytes that change a text's structure far more often than any byte would.
    private static let structure =
        Array(#"{}[]",:\/u0123456789abcdefDd.eE+- "#.utf8) + [0x0A, 0x1F, 0x7F, 0x80, 0xC3, 0xED, 0xF0, 0xFF]

    private static func mutate(_ text: inout [UInt8], using generator: inout SeededGenerator) {
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            let index = Int.random(in: text.indices, using: &generator)
            let isAny = Int.random(in: 0..<4, using: &generator) == 0
            let byte =
                isAny
                ? UInt8.random(in: 1 ... .max, using: &generator) : structure.randomElement(using: &generator) ?? 0
            switch Int.random(in: 0..<4, using: &generator) {
            case 0 where text.count > 1: text.remove(at: index)
            case 1: text.insert(byte, at: index)
            default: text[index] = byte
            }
        }
    }

    @Test(
        "A text with bytes changed at random is refused, or read as Foundation reads it",
        arguments: 1...100 as ClosedRange<UInt64>)
    func mutations(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var accepted = 0
        for _ in 0..<300 {
            var text = Array(try #require(Self.texts.randomElement(using: &generator)).utf8)
            Self.mutate(&text, using: &generator)
            let ours = try? AnyJSON.ours(text)
            accepted += ours == nil ? 0 : 1
            expectSameVerdict(ours, on: text, "seed \(seed): \(String(decoding: text, as: UTF8.self))")
        }
        #expect((20..<280).contains(accepted), "seed \(seed): \(accepted) of 300 were read")
    }

    private func expectSameVerdict(_ ours: AnyJSON?, on text: [UInt8], _ comment: Comment) {
        guard String(validating: text, as: UTF8.self) != nil else {
            #expect(ours == nil, comment)
            return
        }
        if ours == nil && hasCommaTooMany(text) { return }
        #expect(ours == AnyJSON.foundation(text), comment)
    }

    /// Whether a text is refused for a comma before a closing bracket, which Foundation takes.
    private func hasCommaTooMany(_ text: [UInt8]) -> Bool {
        do throws(JSONSyntaxError) {
            _ = try JSONDocument(text)
            return false
        } catch {
            let before = text[..<error.offset].last { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
            let isClosing = error.offset < text.count && Array("]}".utf8).contains(text[error.offset])
            return isClosing && before == UInt8(ascii: ",")
        }
    }
}

extension JSONWriter {
    fileprivate mutating func write(_ value: AnyJSON) {
        switch value {
        case .null: null()
        case .boolean(let boolean): raw(boolean ? "true" : "false")
        case .number(let number): raw(String(number))
        case .string(let bytes): string(String(decoding: bytes, as: UTF8.self))
        case .array(let elements): array(elements) { $0.write($1) }
        case .object(let members):
            object { writer in
                for (name, value) in members {
                    var inner = JSONWriter()
                    inner.write(value)
                    writer.field(named: String(decoding: name, as: UTF8.self), json: inner.text)
                }
            }
        }
    }
}
