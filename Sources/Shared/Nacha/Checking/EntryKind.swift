/// What the entries of a batch are. A batch holds one kind.
///
/// Returns, dishonored returns, contested returns, and notifications of change need batches of their own.
package enum EntryKind: Hashable, Sendable {
    case forward
    case returned
    case dishonored
    case contested
    case change

    init(_ layout: RecordLayout) {
        switch layout {
        case .changeAddenda: self = .change
        case .returnAddenda: self = .returned
        case .dishonoredAddenda: self = .dishonored
        case .contestedAddenda: self = .contested
        default: self = .forward
        }
    }
}
