/// The layouts that the reader and the writer know, one for each table of fields.
package enum RecordLayout: String, Hashable, Sendable, CaseIterable {
    case fileHeader
    case batchHeader
    case entryDetail
    case corporateEntryDetail
    case paymentAddenda
    case changeAddenda
    case returnAddenda
    case dishonoredAddenda
    case contestedAddenda
    case batchControl
    case fileControl

    /// The fields from column 1 to column 94.
    package var fields: [Field] {
        switch self {
        case .fileHeader: FileHeaderLayout.fields
        case .batchHeader: BatchHeaderLayout.fields
        case .entryDetail: EntryDetailLayout.fields
        case .corporateEntryDetail: CorporateEntryDetailLayout.fields
        case .paymentAddenda: PaymentAddendaLayout.fields
        case .changeAddenda: ChangeAddendaLayout.fields
        case .returnAddenda: ReturnAddendaLayout.fields
        case .dishonoredAddenda: DishonoredAddendaLayout.fields
        case .contestedAddenda: ContestedAddendaLayout.fields
        case .batchControl: BatchControlLayout.fields
        case .fileControl: FileControlLayout.fields
        }
    }
}
