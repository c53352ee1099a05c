import Foundation
import Glibc

/// What the kernel says of the processes that run. (`proc(5)`)
package enum ProcessTable {
    /// One process, told from a later one of the same number by when it started.
    package struct Entry: Sendable, Hashable {
        package let pid: Int32
        let parent: Int32
        let startTicks: UInt64
        let isZombie: Bool

        /// Whether this very process still runs; one that has ended but was not collected yet does not.
        package var isRunning: Bool {
            guard let now = ProcessTable.entry(of: pid) else { return false }
            return now.startTicks == startTicks && !now.isZombie
        }

        func kill() {
            if isRunning { _ = Glibc.kill(pid, SIGKILL) }
        }

        /// Waits, at most 5 s, until the process has ended.
        func waitUntilGone() async {
            var attempts = 0
            while isRunning && attempts < 500 {
                await Pause.uninterrupted(.milliseconds(10))
                attempts += 1
            }
        }
    }

    /// Every process that runs and that we may see.
    package static func all() -> [Entry] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }.compactMap { entry(of: $0) }
    }

    /// The children of a process, their children, and so on.
    package static func descendants(of root: Int32) -> [Entry] {
        let children = Dictionary(grouping: all(), by: \.parent)
        var found: [Entry] = []
        var parents = [root]
        while let parent = parents.popLast() {
            let next = children[parent] ?? []
            found += next
            parents += next.map(\.pid)
        }
        return found
    }

    /// The processes whose command line or environment names a path; of those whose environment we may read.
    package static func naming(_ path: String) -> [Entry] {
        all().filter { entry in
            !entry.isZombie
                && ["cmdline", "environ"].contains { TextFile.read("/proc/\(entry.pid)/\($0)").contains(path) }
        }
    }

    /// Reads `/proc/<pid>/stat`. The second field is the program's name in parentheses and may hold anything.
    static func entry(of pid: Int32) -> Entry? {
        let line = TextFile.read("/proc/\(pid)/stat")
        guard let nameEnd = line.lastIndex(of: ")") else { return nil }
        let fields = line[line.index(after: nameEnd)...].split(separator: " ")
        guard fields.count > 19, let parent = Int32(fields[1]), let start = UInt64(fields[19]) else { return nil }
        return Entry(pid: pid, parent: parent, startTicks: start, isZombie: fields[0] == "Z")
    }
}
