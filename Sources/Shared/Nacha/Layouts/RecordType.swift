/// The first character of a record.
package enum RecordType: UInt8, Hashable, Sendable, CaseIterable {
    case fileHeader = 0x31
    case batchHeader = 0x35
    case entryDetail = 0x36
    case addenda = 0x37
    case batchControl = 0x38
    case fileControl = 0x39

    /// How many columns a record has.
    package static let columns = 94

    /// How many records a block has.
    package static let blockingFactor = 10

    /// The fields that every record of the type ends with are numeric, so stripped spaces cannot explain a short line.
    var endsWithDigits: Bool { self != .fileHeader && self != .fileControl }
}

extension RecordType: CustomStringConvertible {
    package var description: String {
        switch self {
        case .fileHeader: "file header record"
        case .batchHeader: "batch header record"
        case .entryDetail: "entry detail record"
        case .addenda: "addenda record"
        case .batchControl: "batch control record"
        case .fileControl: "file control record"
        }
    }
}
