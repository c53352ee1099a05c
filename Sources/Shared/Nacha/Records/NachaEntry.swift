/// An entry detail record with its addenda records.
package struct NachaEntry: Hashable, Sendable {
    package let detail: EntryDetail
    package let addenda: [Addenda]

    /// Sets the addenda record indicator by the addenda records.
    package init(_ detail: EntryDetail, addenda: [Addenda] = []) {
        self.detail = detail.hasAddenda == !addenda.isEmpty ? detail : detail.indicating(addenda: !addenda.isEmpty)
        self.addenda = addenda
    }
}
