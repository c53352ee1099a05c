/// Mints the ids of one transaction's events, each greater than the one before.
///
/// The first id is random within its millisecond, and each later id is the next higher number. Two transactions of one
/// millisecond still have ids in any order, so `sequence` and the feed's position decide the order, never an id.
package struct EventIDs: Sendable {
    private var last: EventID?

    package init() {}

    package mutating func next(at now: Timestamp, using generator: inout some RandomNumberGenerator) -> EventID {
        let next = last.map { EventID(bits: $0.bits &+ 1) } ?? .mint(at: now, using: &generator)
        last = next
        return next
    }
}
