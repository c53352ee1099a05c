import Glibc
import Nacha

/// Measures the library on files of any size, and prints what it reads for comparison with other readers.
@main
struct NachaFigures {
    static func main() {
        do {
            try run()
        } catch {
            print("NachaFigures: \(error)")
            exit(1)
        }
    }

    private static func run() throws {
        let arguments = CommandLine.arguments.dropFirst()
        switch (arguments.first, arguments.count) {
        case ("write", 3): try write(entries: Int(arguments[2]) ?? 0, to: arguments[3])
        case ("read", 2): try read(arguments[2])
        case ("values", 2): try printValues(arguments[2])
        default: print("usage: NachaFigures write ENTRIES PATH | read PATH | values PATH")
        }
    }

    /// Writes a file of three kinds of batches in chunks of 64 KiB.
    private static func write(entries: Int, to path: String) throws {
        let file = try ByteFile(path, mode: "w")
        let start = ContinuousClock.now
        var sample = SampleEntries(count: entries)
        var writer = try StreamingWriter(sample.header())
        var byteCount = 0
        while let step = try sample.next() {
            try step.apply(to: &writer)
            if writer.pendingBytes >= 65_536 { byteCount += file.write(writer.take().bytes) }
        }
        try writer.finish()
        byteCount += file.write(writer.take().bytes)
        file.close()
        report("written", entries: entries, bytes: byteCount, since: start)
    }

    private static func read(_ path: String) throws {
        let file = try ByteFile(path, mode: "r")
        let start = ContinuousClock.now
        var reader = StreamingReader()
        var counts = EventCounts()
        var byteCount = 0
        while let chunk = file.read(65_536) {
            byteCount += chunk.count
            counts.add(reader.read(chunk))
        }
        counts.add(reader.finish())
        report("read", entries: counts.entries, bytes: byteCount, since: start)
        print("rows \(counts.rows), breaches \(counts.breaches)")
    }

    private static func printValues(_ path: String) throws {
        let file = try ByteFile(path, mode: "r")
        var reader = StreamingReader()
        while let chunk = file.read(65_536) { RowValues.print(reader.read(chunk)) }
        RowValues.print(reader.finish())
    }

    private static func report(_ verb: String, entries: Int, bytes: Int, since start: ContinuousClock.Instant) {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let elapsed = ContinuousClock.now - start
        print("\(entries) entries, \(bytes) bytes \(verb) in \(elapsed), peak memory \(usage.ru_maxrss) KiB")
    }
}

struct EventCounts {
    private(set) var entries = 0
    private(set) var rows = 0
    private(set) var breaches = 0

    mutating func add(_ events: [ReadEvent]) {
        for event in events {
            switch event {
            case .breach: breaches += 1
            case .row(let row):
                rows += 1
                if case .entryDetail = row.record { entries += 1 }
            }
        }
    }
}
