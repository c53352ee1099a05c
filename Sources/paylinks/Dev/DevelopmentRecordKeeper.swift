import Foundation
import Glibc
import PaymentLinks

/// Keeps `dev.json` true while processes come and go, and the log of those that ended by themselves.
actor DevelopmentRecordKeeper {
    private let home: DevelopmentHome
    private var pids: [String: Int32] = [:]
    private var restarts: [String: Int] = [:]
    private var record: DevelopmentRecord?

    init(home: DevelopmentHome) {
        self.home = home
    }

    /// Notes the process of a role; `dev.json` is rewritten if it exists.
    func note(pid: Int32, of name: String) {
        pids[name] = pid
        record?.pids = pids
        try? write()
    }

    /// Counts a process that is about to be started again, and writes a line to `logs/restarts.log`. Returns the count.
    func noteRestart(of name: String, after ending: String) -> Int {
        let count = (restarts[name] ?? 0) + 1
        restarts[name] = count
        record?.restarts = restarts
        try? write()
        try? append("\(Timestamp.now().iso8601) \(name) \(ending); restart \(count)\n")
        return count
    }

    /// Every process that was started again, with its count; nil if there is none.
    var restartSummary: String? {
        guard !restarts.isEmpty else { return nil }
        return restarts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }

    /// Writes `dev.json` for the first time: the system is ready.
    func publish(_ record: DevelopmentRecord) throws {
        self.record = record
        self.record?.pids = pids
        self.record?.restarts = restarts
        try write()
    }

    /// Removes `dev.json`: there is nothing to find any more.
    func withdraw() {
        record = nil
        home.remove(DevelopmentRecord.file)
    }

    private func append(_ line: String) throws {
        let descriptor = open(home.restarts.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        try FileHandle(fileDescriptor: descriptor, closeOnDealloc: true).write(contentsOf: Data(line.utf8))
    }

    private func write() throws {
        if let record { try home.write(record, to: DevelopmentRecord.file) }
    }
}
