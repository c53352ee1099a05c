extension NachaRecord {
    /// The table of fields that the record follows.
    package var layout: RecordLayout {
        switch self {
        case .fileHeader: .fileHeader
        case .batchHeader: .batchHeader
        case .entryDetail(let detail): detail.declaredAddenda == nil ? .entryDetail : .corporateEntryDetail
        case .addenda(.payment): .paymentAddenda
        case .addenda(.change): .changeAddenda
        case .addenda(.returned): .returnAddenda
        case .addenda(.dishonored): .dishonoredAddenda
        case .addenda(.contested): .contestedAddenda
        case .batchControl: .batchControl
        case .fileControl: .fileControl
        }
    }
}
