/// 128 bits in two halves, for values to be stored in.
///
/// An asynchronous function that gets a `UInt128` on the stack resumes at address zero: Swift 6.3 on x86-64 loses the
/// padding that the 16-byte alignment asks for. So no value that may travel through one stores a `UInt128`; it only
/// computes with it.
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
