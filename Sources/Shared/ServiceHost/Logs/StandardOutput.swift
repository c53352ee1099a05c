import Foundation
import Synchronization

/// Writes whole lines to standard output, one at a time, whatever the number of threads.
///
/// The lock is held across `write(2)`, or two long lines could mix. A reader that does not read blocks the tasks that
/// logs; a reader that is gone costs its lines alone.
enum StandardOutput {
    private static let turn = Mutex(())

    static func write(_ line: String) {
        turn.withLock { _ in writeAll(Array(line.utf8)) }
    }

    /// (`write(2)`)
    private static func writeAll(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count < 0 && errno != EINTR { return }
            rest = rest.dropFirst(max(count, 0))
        }
    }
}
