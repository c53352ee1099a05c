/// Keccak-256, the hash of the EVM chains. It differs from SHA3-256 in its padding only.
///
/// Addresses need it for their checksum. It is not meant for bulk data. (The Keccak reference, version 3.0)
package enum Keccak256 {
    /// The 32 bytes of a message's hash.
    package static func hash(_ message: some Sequence<UInt8>) -> [UInt8] {
        var state = State(repeating: 0)
        var offset = 0
        for byte in message {
            absorb(byte, at: offset, into: &state)
            offset += 1
            if offset == rate {
                permute(&state)
                offset = 0
            }
        }
        absorb(0x01, at: offset, into: &state)
        absorb(0x80, at: rate - 1, into: &state)
        permute(&state)
        return (0..<32).map { UInt8(truncatingIfNeeded: state[$0 / 8] >> (8 * ($0 % 8))) }
    }

    /// Five by five lanes of 64 bits, row after row.
    private typealias State = InlineArray<25, UInt64>
    private typealias Row = InlineArray<5, UInt64>

    /// The bytes of a block: the state's 200 less twice the hash's 32.
    private static let rate = 136

    private static func absorb(_ byte: UInt8, at offset: Int, into state: inout State) {
        state[offset / 8] ^= UInt64(byte) << (8 * (offset % 8))
    }

    private static func permute(_ state: inout State) {
        for constant in roundConstants {
            mixColumns(&state)
            rotateAndMoveLanes(&state)
            mixRows(&state)
            state[0] ^= constant
        }
    }

    /// The step θ: each lane takes in the parity of two neighbouring columns.
    private static func mixColumns(_ state: inout State) {
        var parity = Row(repeating: 0)
        for lane in 0..<25 { parity[lane % 5] ^= state[lane] }
        for column in 0..<5 {
            let mixed = parity[(column + 4) % 5] ^ rotate(parity[(column + 1) % 5], by: 1)
            for row in 0..<5 { state[column + 5 * row] ^= mixed }
        }
    }

    /// The steps ρ and π: each lane but the first is rotated by a number of its own, and moves to another's place.
    private static func rotateAndMoveLanes(_ state: inout State) {
        var moving = state[1]
        for (target, rotation) in zip(laneOrder, laneRotations) {
            let next = state[target]
            state[target] = rotate(moving, by: rotation)
            moving = next
        }
    }

    /// The step χ, the only one that is not linear.
    private static func mixRows(_ state: inout State) {
        for start in stride(from: 0, to: 25, by: 5) {
            let row = Row { state[start + $0] }
            for column in 0..<5 {
                state[start + column] = row[column] ^ (~row[(column + 1) % 5] & row[(column + 2) % 5])
            }
        }
    }

    private static func rotate(_ lane: UInt64, by bits: UInt64) -> UInt64 {
        lane << bits | lane >> (64 - bits)
    }

    private static let laneOrder = [
        10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1,
    ]

    private static let laneRotations: [UInt64] = [
        1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44,
    ]

    private static let roundConstants: [UInt64] = [
        0x0000_0000_0000_0001, 0x0000_0000_0000_8082, 0x8000_0000_0000_808A, 0x8000_0000_8000_8000,
        0x0000_0000_0000_808B, 0x0000_0000_8000_0001, 0x8000_0000_8000_8081, 0x8000_0000_0000_8009,
        0x0000_0000_0000_008A, 0x0000_0000_0000_0088, 0x0000_0000_8000_8009, 0x0000_0000_8000_000A,
        0x0000_0000_8000_808B, 0x8000_0000_0000_008B, 0x8000_0000_0000_8089, 0x8000_0000_0000_8003,
        0x8000_0000_0000_8002, 0x8000_0000_0000_0080, 0x0000_0000_0000_800A, 0x8000_0000_8000_000A,
        0x8000_0000_8000_8081, 0x8000_0000_0000_8080, 0x0000_0000_8000_0001, 0x8000_0000_8000_8008,
    ]
}
