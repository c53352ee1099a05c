/// Waiting until a server that was just started serves.
enum Readiness {
    /// Asks `isReady` every 25 ms until it says yes.
    ///
    /// Throws `.notReady` when the process has ended or the deadline has passed, and `.cancelled` with the task; the
    /// process is left to the caller.
    static func wait(
        for process: ChildProcess, named name: String, within limit: Duration, log: () -> String,
        isReady: () async -> Bool
    ) async throws(PrivateServerError) {
        let deadline = ContinuousClock.now + limit
        while true {
            if let status = process.exitStatus { throw .notReady(server: name, reason: "\(status)", log: log()) }
            if await isReady() { return }
            if ContinuousClock.now > deadline {
                throw .notReady(server: name, reason: "was not ready within \(limit)", log: log())
            }
            try await Pause.interruptible(.milliseconds(25))
        }
    }
}
