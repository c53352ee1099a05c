/// What the streaming reader yields.
package enum ReadEvent: Hashable, Sendable {
    case row(Row)
    /// A breach comes after the row that reveals it. It can concern an earlier line.
    case breach(Breach)
}
