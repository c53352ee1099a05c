/// A line with the record that it holds and the breaches that it revealed.
struct CheckedLine: Hashable, Sendable {
    let line: Line
    let isPadding: Bool
    let record: NachaRecord?
    /// They can concern an earlier line: the next record reveals a wrong addenda record indicator.
    let breaches: [Breach]

    init(_ line: Line, isPadding: Bool = false, record: NachaRecord? = nil, breaches: [Breach]) {
        self.line = line
        self.isPadding = isPadding
        self.record = record
        self.breaches = breaches
    }
}
