/// SHA-256 (FIPS 180-4) for tests, so that the package needs no dependency. Paylinks itself uses swift-crypto.
enum SHA256 {
    static func digest(_ message: [UInt8]) -> [UInt8] {
        var state = initial
        let padded = pad(message)
        for start in stride(from: 0, to: padded.count, by: 64) { compress(&state, padded[start..<start + 64]) }
        return state.flatMap { word in
            stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> $0) }
        }
    }

    private static func pad(_ message: [UInt8]) -> [UInt8] {
        var padded = message + [0x80]
        while padded.count % 64 != 56 { padded.append(0) }
        let bits = UInt64(message.count) * 8
        return padded + stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: bits >> $0) }
    }

    private static func compress(_ state: inout [UInt32], _ block: ArraySlice<UInt8>) {
        let words = schedule(Array(block))
        var work = state
        for round in 0..<64 {
            let choice = (work[4] & work[5]) ^ (~work[4] & work[6])
            let majority = (work[0] & work[1]) ^ (work[0] & work[2]) ^ (work[1] & work[2])
            let first = work[7] &+ sigma(work[4], 6, 11, 25) &+ choice &+ constants[round] &+ words[round]
            let second = sigma(work[0], 2, 13, 22) &+ majority
            work = [first &+ second] + work[0..<7]
            work[4] = work[4] &+ first
        }
        for index in 0..<8 { state[index] = state[index] &+ work[index] }
    }

    private static func schedule(_ block: [UInt8]) -> [UInt32] {
        var words = (0..<16).map { index in block[index * 4..<index * 4 + 4].reduce(0) { $0 << 8 | UInt32($1) } }
        for index in 16..<64 {
            let near = rotate(words[index - 2], 17) ^ rotate(words[index - 2], 19) ^ (words[index - 2] >> 10)
            let far = rotate(words[index - 15], 7) ^ rotate(words[index - 15], 18) ^ (words[index - 15] >> 3)
            words.append(near &+ words[index - 7] &+ far &+ words[index - 16])
        }
        return words
    }

    private static func sigma(_ word: UInt32, _ first: UInt32, _ second: UInt32, _ third: UInt32) -> UInt32 {
        rotate(word, first) ^ rotate(word, second) ^ rotate(word, third)
    }

    private static func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 { word >> count | word << (32 - count) }

    private static let primes: [UInt32] = (2...311).filter { number in !(2..<number).contains { number % $0 == 0 } }

    /// The first 32 bits of the fraction of a square root, by the digits of an integer square root.
    private static let initial = primes.prefix(8).map { prime in
        root(prime, power: 2)
    }

    private static let constants = primes.map { root($0, power: 3) }

    /// The first 32 bits of the fraction of the `power`-th root of a prime, found bit by bit.
    private static func root(_ prime: UInt32, power: Int) -> UInt32 {
        var low: UInt64 = 0
        for bit in stride(from: 36, through: 0, by: -1) {
            let candidate = low | 1 << UInt64(bit)
            if isAtMost(candidate, power: power, prime: prime) { low = candidate }
        }
        return UInt32(truncatingIfNeeded: low)
    }

    /// Whether (candidate / 2^32)^power <= prime, without floating point.
    private static func isAtMost(_ candidate: UInt64, power: Int, prime: UInt32) -> Bool {
        var product = UInt128(candidate)
        for _ in 1..<power { product *= UInt128(candidate) }
        return product <= UInt128(prime) << UInt128(32 * power)
    }
}
