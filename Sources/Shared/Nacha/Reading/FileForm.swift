/// How a file separates its lines and fills its last block.
package struct FileForm: Hashable, Sendable {
    package enum LineBreak: Hashable, Sendable, CaseIterable {
        case lineFeed
        case carriageReturnLineFeed
        /// Every 94 bytes are a record.
        case none

        var bytes: [UInt8] {
            switch self {
            case .lineFeed: [.lineFeed]
            case .carriageReturnLineFeed: [.carriageReturn, .lineFeed]
            case .none: []
            }
        }
    }

    package var lineBreak: LineBreak
    /// Whether lines of 9s fill the last block, or it is full without them.
    package var isPadded: Bool
    package var endsWithLineBreak: Bool
    /// Whether a line lacks the spaces that its record ends with. The writer never strips them.
    package var hasStrippedSpaces: Bool

    package init(
        lineBreak: LineBreak = .lineFeed, isPadded: Bool = true, endsWithLineBreak: Bool = true,
        hasStrippedSpaces: Bool = false
    ) {
        self.lineBreak = lineBreak
        self.isPadded = isPadded
        self.endsWithLineBreak = endsWithLineBreak
        self.hasStrippedSpaces = hasStrippedSpaces
    }
}
