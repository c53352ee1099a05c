/// One record of a Nacha file as a value.
package enum NachaRecord: Hashable, Sendable {
    case fileHeader(FileHeader)
    case batchHeader(BatchHeader)
    case entryDetail(EntryDetail)
    case addenda(Addenda)
    case batchControl(BatchControl)
    case fileControl(FileControl)

    /// The record's 94 columns, without a line break.
    package var columns: [UInt8] {
        switch self {
        case .fileHeader(let record): record.encoded.columns
        case .batchHeader(let record): record.encoded.columns
        case .entryDetail(let record): record.encoded.columns
        case .addenda(let record): record.encoded.columns
        case .batchControl(let record): record.encoded.columns
        case .fileControl(let record): record.encoded.columns
        }
    }
}
