/// A batch header record with its entries. The writer makes the batch control record.
package struct NachaBatch: Hashable, Sendable {
    package let header: BatchHeader
    package var entries: [NachaEntry]
    /// What the batch control record repeats. Paylinks leaves it blank.
    package var messageAuthenticationCode: NachaText

    package init(
        _ header: BatchHeader, entries: [NachaEntry] = [], messageAuthenticationCode: NachaText = .blank
    ) {
        self.header = header
        self.entries = entries
        self.messageAuthenticationCode = messageAuthenticationCode
    }
}
