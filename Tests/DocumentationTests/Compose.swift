import Foundation
import ServiceHost
import Testing
import Yams

/// `compose.yaml`, as far as the tests look at it; anchors and merges are resolved.
struct Compose {
    struct Service {
        let name: String
        private let fields: [String: Any]

        init(name: String, fields: [String: Any]) {
            self.name = name
            self.fields = fields
        }

        var image: String? { fields["image"] as? String }
        var isBuilt: Bool { fields["build"] != nil }
        var isNamed: Bool { fields["container_name"] != nil }
        var ports: [String] { fields["ports"] as? [String] ?? [] }
        var command: [String] { fields["command"] as? [String] ?? [] }
        var environment: [String: String] { fields["environment"] as? [String: String] ?? [:] }
        var restart: String? { fields["restart"] as? String }
        var stopGracePeriod: String? { fields["stop_grace_period"] as? String }
        var healthCheck: [String] { (fields["healthcheck"] as? [String: Any])?["test"] as? [String] ?? [] }

        /// Whether the service runs without capabilities, on a file system that it cannot write.
        var isHardened: Bool {
            fields["cap_drop"] as? [String] == ["ALL"] && fields["read_only"] as? Bool == true
                && fields["security_opt"] as? [String] == ["no-new-privileges:true"]
        }

        /// What the service waits for, with the state that it waits for.
        var dependencies: [String: String] {
            let dependencies = fields["depends_on"] as? [String: [String: String]] ?? [:]
            return dependencies.compactMapValues { $0["condition"] }
        }

        /// The names of our variables that the service is given.
        var variables: Set<String> { Set(environment.keys.filter { $0.hasPrefix("PAYLINKS_") }) }
    }

    let services: [Service]

    init() throws {
        let document = try Yams.load(yaml: Repository.text("compose.yaml"))
        let root = try #require(document as? [String: Any])
        let services = try #require(root["services"] as? [String: [String: Any]])
        self.services = services.map { Service(name: $0.key, fields: $0.value) }
    }

    func service(_ name: String) throws -> Service {
        try #require(services.first { $0.name == name }, "compose.yaml has no service \(name)")
    }

    func service(of role: Role) throws -> Service { try service(role.name) }
}
