/// Checks the lines of 9s that fill the last block of a file.
///
/// A file has all of them or none. Banks accept both forms.
struct PaddingChecker: Hashable, Sendable {
    private var expected = 0
    private var found = 0
    private var controlLine = 0

    init() {}

    /// Starts after a file control record that is the file's record number `recordCount`.
    init(recordCount: Int, controlLine: Int) {
        let factor = RecordType.blockingFactor
        expected = (factor - recordCount % factor) % factor
        self.controlLine = controlLine
    }

    /// Whether the last block is full.
    var isComplete: Bool { found == expected }

    /// Checks one line that starts with a 9.
    mutating func check(_ line: Line) -> [Breach] {
        found += 1
        if line.length != RecordType.columns {
            let rule: BreachRule =
                line.length < RecordType.columns
                ? .lineTooShort(columns: line.length) : .lineTooLong(columns: line.length)
            let column = min(line.length, RecordType.columns) + 1
            return [Breach(line: line.number, column: column, field: Field.record.name, rule: rule)]
        }
        guard let offset = line.columns.firstIndex(where: { $0 != .nine }) else { return [] }
        return [Breach(line: line.number, column: offset + 1, field: Field.record.name, rule: .paddingCharacter)]
    }

    /// Ends the file. The breach stands at the line after the file control record.
    func finish() -> [Breach] {
        if found == 0 || found == expected { return [] }
        let rule = BreachRule.padding(expected: expected, found: found)
        return [Breach(line: controlLine + 1, .record, rule)]
    }
}
