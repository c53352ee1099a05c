import Nacha
import Testing

/// Mutates valid files at random. PAYLINKS_FUZZ_ROUNDS lengthens it, and PAYLINKS_FUZZ_SEED repeats it.
@Suite("Mutated files")
struct FuzzTests {
    @Test("The reader survives every input, and accepts only what it can write again equal")
    func survives() throws {
        let seed = FuzzRounds.seed("mutations")
        var accepted = 0
        let rounds = FuzzRounds.count(1_500)
        for round in 0..<UInt64(rounds) {
            var random = RandomFile(seed: seed + round)
            var bytes = try start(&random)
            for _ in 0..<Int.random(in: 1...3, using: &random.generator) { mutate(&bytes, &random.generator) }
            accepted += try check(bytes, seed + round) ? 1 : 0
            checkChunks(bytes, seed + round, &random.generator)
        }
        print("mutations: \(accepted) of \(rounds) accepted")
        #expect(accepted > 0 && accepted < rounds)
    }

    @Test("Changed columns with repaired controls are refused or written again equal")
    func repaired() throws {
        let seed = FuzzRounds.seed("repaired")
        var accepted = 0
        let rounds = FuzzRounds.count(600)
        for round in 0..<UInt64(rounds) {
            var random = RandomFile(seed: seed + round)
            let file = try random.file().bytes(form: FileForm(isPadded: false))
            var lines = String(decoding: file, as: UTF8.self).split(separator: "\n").map(String.init)
            #expect(Repair.repaired(lines) == lines, "seed \(seed + round)")
            for _ in 0..<3 { changeColumn(&lines, &random.generator) }
            accepted += try check(Repair.repaired(lines).file, seed + round) ? 1 : 0
        }
        print("repaired: \(accepted) of \(rounds) accepted")
        #expect(accepted > 0 && accepted < rounds)
    }

    /// Puts a digit over a digit, and any printable character over another one.
    private func changeColumn(_ lines: inout [String], _ generator: inout SeededGenerator) {
        let line = Int.random(in: 0..<lines.count, using: &generator)
        let column = Int.random(in: 1..<94, using: &generator)
        let isDigit = (0x30...0x39).contains(Array(lines[line].utf8)[column])
        let byte = UInt8.random(in: isDigit ? 0x30...0x39 : 0x20...0x7E, using: &generator)
        lines = lines.putting(String(UnicodeScalar(byte)), line: line + 1, column: column + 1)
    }

    @Test("The reader survives random bytes, and lines that only start like records")
    func junk() throws {
        let seed = FuzzRounds.seed("junk")
        for round in 0..<UInt64(FuzzRounds.count(300)) {
            var generator = SeededGenerator(seed: seed + round)
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 1...20, using: &generator) { bytes += junkLine(&generator) }
            #expect(try !check(bytes, seed + round), "seed \(seed + round)")
            checkChunks(bytes, seed + round, &generator)
        }
    }

    /// A record type, then random columns: all bytes, printable bytes, or digits.
    private func junkLine(_ generator: inout SeededGenerator) -> [UInt8] {
        let ranges: [ClosedRange<UInt8>] = [0...255, 0x20...0x7E, 0x30...0x39]
        let range = ranges[Int.random(in: 0...2, using: &generator)]
        let length = generator.flip() ? 93 : Int.random(in: 0...200, using: &generator)
        let type = Array("156789".utf8).randomElement(using: &generator) ?? 0
        let columns = (0..<length).map { _ in UInt8.random(in: range, using: &generator) }
        return [type] + columns + (generator.flip() ? [0x0A] : [])
    }

    private func start(_ random: inout RandomFile) throws -> [UInt8] {
        let lineBreak = FileForm.LineBreak.allCases[Int.random(in: 0...2, using: &random.generator)]
        let form = FileForm(lineBreak: lineBreak, isPadded: random.generator.flip())
        return try random.file().bytes(form: form)
    }

    /// Whether the reader accepted the bytes. If so, what it read must be what it would write.
    private func check(_ bytes: [UInt8], _ seed: UInt64) throws -> Bool {
        let reading = FileReading(bytes)
        #expect((reading.file == nil) == !reading.breaches.isEmpty, "seed \(seed)")
        guard let file = reading.file else { return false }
        let again = try file.bytes(form: reading.form, keepsTracesUnique: false)
        #expect(FileReading(again).rows.map(\.columns) == reading.rows.map(\.columns), "seed \(seed)")
        #expect(FileReading(again).file == file, "seed \(seed)")
        let isExact = !reading.form.hasStrippedSpaces
        let breaks: Set<UInt8> = reading.form.lineBreak == .none ? [0x0A, 0x0D] : []
        if isExact { #expect(again == bytes.filter { !breaks.contains($0) }, "seed \(seed)") }
        return true
    }

    /// Random chunks must give the same events as the whole file.
    private func checkChunks(_ bytes: [UInt8], _ seed: UInt64, _ generator: inout SeededGenerator) {
        var whole = StreamingReader()
        let expected = whole.read(bytes) + whole.finish()
        var reader = StreamingReader()
        var events: [ReadEvent] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + Int.random(in: 1...300, using: &generator))
            events += reader.read(bytes[start..<end])
            start = end
        }
        #expect(events + reader.finish() == expected, "seed \(seed)")
        #expect(reader.form == whole.form, "seed \(seed)")
    }

    private func mutate(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        let end = min(bytes.count, place + Int.random(in: 1...200, using: &generator))
        switch Int.random(in: 0...9, using: &generator) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes[place] = UInt8.random(in: 0x30...0x39, using: &generator)
        case 2: bytes[place] = UInt8.random(in: 0x20...0x7E, using: &generator)
        case 3: bytes.remove(at: place)
        case 4: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
        case 5: bytes.removeSubrange(place..<end)
        case 6: bytes.insert(contentsOf: bytes[place..<end], at: place)
        case 7: bytes.removeSubrange(place...)
        case 8: moveLine(&bytes, &generator)
        default: bytes[place] = [0x0A, 0x0D, 0x20, 0x39][Int.random(in: 0...3, using: &generator)]
        }
    }

    /// Removes, repeats, or moves a whole line of 95 bytes.
    private func moveLine(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        let width = 95
        guard bytes.count >= 2 * width else { return }
        let line = Int.random(in: 0..<bytes.count / width, using: &generator) * width
        let copy = Array(bytes[line..<line + width])
        if generator.flip() { bytes.removeSubrange(line..<line + width) }
        if generator.flip() {
            bytes.insert(contentsOf: copy, at: Int.random(in: 0...bytes.count / width, using: &generator) * width)
        }
    }
}
