/// What `dev.json` says of a development system that runs: where it is, whom to be, and which process is which.
struct DevelopmentRecord: Codable, Sendable {
    static let file = "dev.json"

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
    /// How many times each process, and each server, was started again since the system started; 0 is left out.
    var restarts: [String: Int]?
}
