/// What `dev.json` says of a development system that runs: where it is, whom to be, and which process is which.
struct DevelopmentRecord: Codable, Sendable {
    var baseURL: String
    var apiKey: String
    var liveApiKey: String
    var organizationId: String
    var payeeWalletId: String
    var payerWalletId: String
    var databaseURL: String
    var amqpURL: String
    /// Process ids by role; a second process of a role is called `claim-worker-2`.
    var pids: [String: Int32]
    /// The operators' addresses (health, metrics), under the same names.
    var operations: [String: String]
}

/// Keeps `dev.json` true while processes come and go.
actor DevelopmentRecordKeeper {
    private let home: DevelopmentHome
    private var pids: [String: Int32] = [:]
    private var record: DevelopmentRecord?

    static let file = "dev.json"

    init(home: DevelopmentHome) {
        self.home = home
    }

    /// Notes the process of a role; `dev.json` is written anew if it is there already.
    func note(pid: Int32, of name: String) {
        pids[name] = pid
        record?.pids = pids
        try? write()
    }

    /// Writes `dev.json` for the first time: the system is ready.
    func publish(_ record: DevelopmentRecord) throws {
        self.record = record
        self.record?.pids = pids
        try write()
    }

    /// Removes `dev.json`: there is nothing to find any more.
    func withdraw() {
        record = nil
        home.remove(Self.file)
    }

    private func write() throws {
        if let record { try home.write(record, to: Self.file) }
    }
}
