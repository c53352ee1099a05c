import Foundation

/// How often a random test runs, and with which seeds.
enum FuzzRounds {
    /// PAYLINKS_FUZZ_ROUNDS, or the default of the test.
    static func count(_ standard: Int) -> Int {
        ProcessInfo.processInfo.environment["PAYLINKS_FUZZ_ROUNDS"].flatMap(Int.init) ?? standard
    }

    /// PAYLINKS_FUZZ_SEED, or a new seed. The test prints it.
    static func seed(_ test: String) -> UInt64 {
        let given = ProcessInfo.processInfo.environment["PAYLINKS_FUZZ_SEED"].flatMap { UInt64($0) }
        let seed = given ?? UInt64.random(in: 1...UInt64.max / 2)
        print("\(test): PAYLINKS_FUZZ_SEED=\(seed)")
        return seed
    }
}
