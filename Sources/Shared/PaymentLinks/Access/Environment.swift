/// Whether money is real. Keys, wallets, links and claims belong to one environment and never touch the other.
package enum Environment: String, Codable, Sendable, CaseIterable {
    case sandbox = "SANDBOX"
    case production = "PRODUCTION"
}
