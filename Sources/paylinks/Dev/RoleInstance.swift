import Foundation
import PrivateServers

/// One of the system's roles, by the name that logs and settings call it.
enum DevelopmentRole: String, Sendable, CaseIterable {
    case apiGateway = "api-gateway"
    case claimWorker = "claim-worker"
    case expiryWorker = "expiry-worker"
    case settlementWorker = "settlement-worker"
    case webhookWorker = "webhook-worker"

    /// The name of the role's executable.
    var executable: String {
        switch self {
        case .apiGateway: "APIGateway"
        case .claimWorker: "ClaimWorker"
        case .expiryWorker: "ExpiryWorker"
        case .settlementWorker: "SettlementWorker"
        case .webhookWorker: "WebhookWorker"
        }
    }
}

/// One process of a role: `claim-worker`, `claim-worker-2` and so on.
struct RoleInstance: Sendable, Hashable {
    let role: DevelopmentRole
    let number: Int

    var name: String { number == 1 ? role.rawValue : "\(role.rawValue)-\(number)" }

    static func some(_ count: Int, of role: DevelopmentRole) -> [RoleInstance] {
        (0..<count).map { RoleInstance(role: role, number: $0 + 1) }
    }
}

/// The folder that this program and every role were built into.
enum Executables {
    static var own: URL { URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath() }

    static var folder: URL { own.deletingLastPathComponent() }

    static func path(of role: DevelopmentRole) throws -> String {
        let path = folder.appendingPathComponent(role.executable).path
        guard FileManager.default.isExecutableFile(atPath: path) else { throw DevelopmentError.notBuilt(path) }
        return path
    }
}
