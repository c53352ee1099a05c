/// A whole file as a value: the file header record and the batches. The writer makes every control record.
package struct NachaFile: Hashable, Sendable {
    package let header: FileHeader
    package var batches: [NachaBatch]

    package init(_ header: FileHeader, batches: [NachaBatch] = []) {
        self.header = header
        self.batches = batches
    }
}
