/// 128 bits in two halves, for values to be stored in.
///
/// `UInt128` itself is aligned to 16 bytes, and in Swift 6.3 an asynchronous function that is generic over a type so
/// aligned resumes at address zero. So no value that may travel through one stores a `UInt128`; it computes with it.
package struct Bits128: Hashable, Comparable, Sendable {
    private let high: UInt64
    private let low: UInt64

    package init(_ value: UInt128) {
        high = UInt64(truncatingIfNeeded: value >> 64)
        low = UInt64(truncatingIfNeeded: value)
    }

    package var value: UInt128 { UInt128(high) << 64 | UInt128(low) }

    package static func < (left: Bits128, right: Bits128) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}
