import PrivateServers

/// Keeps a private server running while something needs it, and stops it afterwards.
struct ServerKeeper<Server: PrivateServer>: Sendable {
    let server: Server
    let name: String
    let record: DevelopmentRecordKeeper
    let announcer: Announcer

    /// Runs `body`; meanwhile a server that ends by itself is started again.
    func holding(_ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await restartWhenEnded() }
            let outcome: Result<Void, any Error>
            do {
                outcome = .success(try await body())
            } catch {
                outcome = .failure(error)
            }
            group.cancelAll()
            await server.stop()
            try await group.waitForAll()
            // The watcher may have been starting it again just then.
            await server.stop()
            try outcome.get()
        }
    }

    private func restartWhenEnded() async {
        while true {
            await server.waitForExit()
            if Task.isCancelled { return }
            let count = await record.noteRestart(of: name, after: "has ended")
            announcer.warn("\(name) has ended; starting it again (restart \(count))")
            do {
                try await server.restart()
                announcer.warn("\(name) is ready again")
            } catch {
                announcer.warn("\(error)")
                do { try await Pause.interruptible(.seconds(1)) } catch { return }
            }
        }
    }
}

/// Keeps the processes of all roles running while something needs them.
struct RoleGroup: Sendable {
    let keepers: [RoleKeeper]

    /// Runs `body` beside the roles, then ends them all at once and waits until they have ended.
    func holding(_ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for keeper in keepers { group.addTask { await keeper.run() } }
            defer { group.cancelAll() }
            try await body()
        }
    }
}
