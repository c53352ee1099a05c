/// Recomputes what depends on other columns, so that a changed file reaches the rules of single fields.
///
/// It works on the lines and shares no code with the library.
enum Repair {
    static func repaired(_ lines: [String]) -> [String] {
        var lines = lines
        var header = 0
        var entry = 0
        var sums = Sums()
        var file = Sums()
        for line in lines.indices {
            switch lines[line].first {
            case "5":
                header = line
                sums = Sums()
            case "6":
                entry = line
                fixEntry(&lines, line, header)
                sums.add(entry: lines[line])
            case "7":
                fixAddenda(&lines, line, entry)
                sums.count += 1
            case "8":
                fixControl(&lines, line, header, sums)
                file.add(sums)
            case "9":
                lines = putting(file, in: lines, line: line, columns: [14, 22, 32, 44], lengths: [8, 10, 12, 12])
            default: break
            }
        }
        return lines
    }

    private static func fixEntry(_ lines: inout [String], _ line: Int, _ header: Int) {
        let digits = lines[line].columns(4, 8).compactMap(\.wholeNumberValue)
        if digits.count == 8 {
            let sum = zip(digits, [3, 7, 1, 3, 7, 1, 3, 7]).reduce(0) { $0 + $1.0 * $1.1 }
            lines = lines.putting("\((10 - sum % 10) % 10)", line: line + 1, column: 12)
        }
        lines = lines.putting(lines[header].columns(80, 8), line: line + 1, column: 80)
    }

    private static func fixAddenda(_ lines: inout [String], _ line: Int, _ entry: Int) {
        let isPayment = lines[line].columns(2, 2) == "05"
        let trace = isPayment ? lines[entry].columns(88, 7) : lines[entry].columns(80, 15)
        lines = lines.putting(trace, line: line + 1, column: isPayment ? 88 : 80)
    }

    private static func fixControl(_ lines: inout [String], _ line: Int, _ header: Int, _ batch: Sums) {
        lines = lines.putting(lines[header].columns(2, 3), line: line + 1, column: 2)
        lines = lines.putting(lines[header].columns(41, 10), line: line + 1, column: 45)
        lines = lines.putting(lines[header].columns(80, 15), line: line + 1, column: 80)
        lines = putting(batch, in: lines, line: line, columns: [5, 11, 21, 33], lengths: [6, 10, 12, 12])
    }

    private static func putting(
        _ sums: Sums, in lines: [String], line: Int, columns: [Int], lengths: [Int]
    ) -> [String] {
        var lines = lines
        for (value, (column, length)) in zip(sums.values, zip(columns, lengths)) {
            let digits = String(String(value).suffix(length))
            let text = String(repeating: "0", count: length - digits.count) + digits
            lines = lines.putting(text, line: line + 1, column: column)
        }
        return lines
    }
}

/// The count, hash, debits, and credits of a batch or a file.
private struct Sums {
    var count = 0
    var hash = 0
    var debit = 0
    var credit = 0

    var values: [Int] { [count, hash, debit, credit] }

    mutating func add(entry: String) {
        count += 1
        hash += Int(entry.columns(4, 8)) ?? 0
        let amount = Int(entry.columns(30, 10)) ?? 0
        if (Int(entry.columns(3, 1)) ?? 0) > 5 { debit += amount } else { credit += amount }
    }

    mutating func add(_ other: Sums) {
        count += other.count
        hash += other.hash
        debit += other.debit
        credit += other.credit
    }
}

extension String {
    /// The text of columns, the first counted from 1.
    fileprivate func columns(_ column: Int, _ length: Int) -> String {
        String(decoding: Array(utf8)[column - 1..<column - 1 + length], as: UTF8.self)
    }
}
