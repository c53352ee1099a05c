internal import CLinux
internal import Glibc
import Synchronization

/// The operating system's random numbers, fetched many at a time and shared by the whole process: a system call for
/// each would cost more than the identifier that it is for.
///
/// Every number is handed out once. Secrets that live long do not come from here, so that no copy of them was ever
/// kept.
package struct PooledRandomNumberGenerator: RandomNumberGenerator, Sendable {
    /// 2 KiB, of which the kernel gives 256 bytes at a time without being interrupted.
    private static let size = 256
    private static let pool = Mutex<[UInt64]>([])

    package init() {}

    package mutating func next() -> UInt64 {
        Self.pool.withLock { numbers in
            if numbers.isEmpty { numbers = Self.fetch() }
            return numbers.removeLast()
        }
    }

    private static func fetch() -> [UInt64] {
        var numbers = [UInt64](repeating: 0, count: size)
        numbers.withUnsafeMutableBytes { bytes in
            var filled = 0
            while filled < bytes.count {
                let count = getrandom(bytes.baseAddress.map { $0 + filled }, bytes.count - filled, 0)
                // The kernel's source never fails once it is seeded; a signal may interrupt it.
                precondition(count > 0 || errno == EINTR, "the kernel gives no random numbers")
                filled += max(count, 0)
            }
        }
        return numbers
    }
}
