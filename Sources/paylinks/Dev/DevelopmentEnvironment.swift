import Foundation

/// The settings that a development system hands to its roles.
struct DevelopmentEnvironment: Sendable {
    /// Belongs to no one.
    private static let sandboxDepositAddress = "0x" + String(repeating: "1", count: 40)

    let databaseURL: String
    let amqpURL: String
    let baseURL: String
    let port: Int
    let secrets: DevelopmentSecrets

    /// The variables of one process: ours, over what the person set for all, over what suits a single machine.
    func variables(operationsPort: Int) -> [String: String] {
        let suited = [
            "PAYLINKS_WEBHOOK_ALLOW_LOOPBACK": "true",
            "PAYLINKS_SANDBOX_USDC_DEPOSIT_ADDRESS": Self.sandboxDepositAddress,
        ]
        let ours = [
            "PAYLINKS_DATABASE_URL": databaseURL,
            "PAYLINKS_AMQP_URL": amqpURL,
            "PAYLINKS_SEALING_KEYS": secrets.sealingKeys,
            "PAYLINKS_DIGEST_KEY": secrets.digestKey,
            "PAYLINKS_WEBHOOK_SEALING_KEYS": secrets.webhookSealingKeys,
            "PAYLINKS_JOB_KEYS": secrets.jobKeys,
            "PAYLINKS_RAIL_KEYS": secrets.railKeys,
            "PAYLINKS_REQUIRE_MACS": "true",
            "PAYLINKS_HOST": "127.0.0.1",
            "PAYLINKS_PORT": String(port),
            "PAYLINKS_PUBLIC_URL": baseURL,
            "PAYLINKS_OPERATIONS_HOST": "127.0.0.1",
            "PAYLINKS_OPERATIONS_PORT": String(operationsPort),
        ].compactMapValues(\.self)
        // Ours alone: a role would warn of a setting that it does not know.
        let inherited = ProcessInfo.processInfo.environment.filter { $0.key != "PAYLINKS_HOME" }
        return suited.merging(inherited) { _, set in set }.merging(ours) { _, ours in ours }
    }
}
