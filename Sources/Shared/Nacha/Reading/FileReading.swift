/// A whole file that was read at once.
package struct FileReading: Hashable, Sendable {
    /// The file, or nil if it has a breach.
    package let file: NachaFile?
    /// Every breach, in the order of lines and columns.
    package let breaches: [Breach]
    /// Every record in its order, readable or not, without padding.
    package let rows: [Row]
    package let form: FileForm

    /// Reads all bytes of a file.
    package init(_ bytes: some Sequence<UInt8>) {
        var reader = StreamingReader()
        let events = reader.read(bytes) + reader.finish()
        rows = events.compactMap(\.row)
        breaches = events.compactMap(\.breach).sorted { ($0.line, $0.column) < ($1.line, $1.column) }
        form = reader.form
        file = breaches.isEmpty ? FileAssembler.file(of: rows) : nil
    }
}

extension ReadEvent {
    package var row: Row? {
        if case .row(let row) = self { row } else { nil }
    }

    package var breach: Breach? {
        if case .breach(let breach) = self { breach } else { nil }
    }
}
