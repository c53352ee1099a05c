import Foundation
import ServiceHost
import Testing

@Suite("The containers")
struct ComposeTests {
    private let compose: Compose

    init() throws {
        compose = try Compose()
    }

    @Test("Every role is a service that runs its program", arguments: Role.all.map(\.name))
    func programs(role: String) throws {
        let service = try compose.service(role)
        let program = role.split(separator: "-").map { $0 == "api" ? "API" : $0.capitalized }.joined()
        #expect(service.command == [program])
        #expect(try Repository.executables().contains(program))
        #expect(try Repository.text("Dockerfile").contains(program))
    }

    @Test("Every role has a health check that asks its own port", arguments: Role.all.map(\.name))
    func healthChecks(role: String) throws {
        let service = try compose.service(role)
        let port = try #require(service.environment["PAYLINKS_OPERATIONS_PORT"])
        #expect(service.healthCheck.first == "CMD")
        #expect(service.healthCheck.last == "http://127.0.0.1:\(port)/health/ready")
    }

    @Test("Every role may take longer to stop than it takes to drain", arguments: Role.all.map(\.name))
    func graces(role: String) throws {
        let service = try compose.service(role)
        let grace = try Self.seconds(service.stopGracePeriod)
        let drain = try Self.seconds(service.environment["PAYLINKS_DRAIN_TIMEOUT"])
        // A role gives cancelled work two seconds more before it ends.
        #expect(grace > drain + 2)
        #expect(service.restart == "unless-stopped")
    }

    @Test("Every role starts after the servers are healthy and the schema is current", arguments: Role.all.map(\.name))
    func dependencies(role: String) throws {
        #expect(
            try compose.service(role).dependencies == [
                "postgres": "service_healthy", "rabbitmq": "service_healthy",
                "migrate": "service_completed_successfully",
            ])
        #expect(
            try compose.service("migrate").dependencies == [
                "postgres": "service_healthy", "rabbitmq": "service_healthy",
            ])
    }

    @Test("Every role is given what it cannot do without, and nothing that it does not read")
    func variables() throws {
        for role in Role.all {
            let given = try compose.service(of: role).variables
            let required = role.settings.filter { $0.fallback == .required }.map(\.name)
            #expect(given.isSubset(of: role.settings.map(\.name)), "\(role.name)")
            #expect(given.isSuperset(of: required), "\(role.name)")
        }
    }

    @Test(
        "What the operators' page has them set before production reaches the role that reads it",
        arguments: [
            ("api-gateway", "PAYLINKS_HTTP_TRUSTED_PROXIES"), ("api-gateway", "PAYLINKS_PUBLIC_URL"),
            ("claim-worker", "PAYLINKS_USDC_DEPOSIT_ADDRESS"), ("claim-worker", "PAYLINKS_PRODUCTION_RAILS"),
            ("api-gateway", "PAYLINKS_PRODUCTION_RAILS"), ("api-gateway", "PAYLINKS_SANDBOX_USDC_DEPOSIT_ADDRESS"),
            ("claim-worker", "PAYLINKS_SANDBOX_USDC_DEPOSIT_ADDRESS"),
        ])
    func passedOn(service: String, variable: String) throws {
        #expect(try Repository.text("docs/operating.md").contains("`\(variable)`"))
        let value = try #require(try compose.service(service).environment[variable])
        #expect(value.hasPrefix("${\(variable):-"))
    }

    @Test("Every value that is written down has its setting's form")
    func values() throws {
        for role in Role.all {
            for (name, value) in try compose.service(of: role).environment where !value.contains("${") {
                let setting = try #require(role.settings.first { $0.name == name })
                #expect(setting.form.accepts(value), "\(role.name): \(name)")
            }
        }
    }

    @Test("Every variable of ours, whichever service has it, is in the table of settings")
    func knownVariables() {
        let known = Set(Setting.all.map(\.name))
        for service in compose.services {
            #expect(service.variables.isSubset(of: known), "\(service.name)")
        }
    }

    @Test("One service builds the image, all of ours use it, and the operators' commands are products")
    func image() throws {
        let ours = compose.services.filter { !["postgres", "rabbitmq"].contains($0.name) }
        #expect(Set(ours.map(\.image)) == ["paylinks"])
        #expect(compose.services.filter(\.isBuilt).map(\.name) == ["migrate"])
        let prepare = "paylinks migrate && paylinks grants --apply && paylinks queues declare"
        #expect(try compose.service("migrate").command == ["sh", "-c", prepare])
        #expect(try Repository.executables().contains("paylinks"))
    }

    @Test("The servers are of the versions that are supported, and are asked for their health")
    func servers() throws {
        let (postgres, rabbitmq) = (try compose.service("postgres"), try compose.service("rabbitmq"))
        #expect(postgres.image == "postgres:17.6-bookworm")
        #expect(rabbitmq.image == "rabbitmq:4.1.4-management")
        #expect(postgres.healthCheck.contains("pg_isready"))
        #expect(rabbitmq.healthCheck.contains("</dev/tcp/127.0.0.1/5672"))
    }

    @Test("Any number of any worker can run: only the gateway takes a port of the host, and no container has a name")
    func scaling() {
        for service in compose.services {
            #expect(!service.isNamed, "\(service.name)")
            #expect(service.ports.isEmpty == (service.name != Role.apiGateway.name), "\(service.name)")
        }
    }

    @Test("Every secret comes from outside, and the script that makes secrets makes each of them")
    func secrets() throws {
        let (yaml, script) = (try Repository.text("compose.yaml"), try Repository.text("scripts/compose-secrets"))
        let names = Set(yaml.matches(of: /\$\{([A-Z_]+):\?/).map { String($0.1) })
        #expect(names.isSuperset(of: ["POSTGRES_PASSWORD", "RABBITMQ_PASSWORD"]))
        let services = Role.all.map { $0.name.uppercased().replacing("-", with: "_") + "_PASSWORD" }
        for name in names.subtracting(services) { #expect(script.contains("add \(name) "), "\(name)") }
        for role in Role.all { #expect(script.contains(role.name), "\(role.name)") }
        for service in compose.services {
            for (name, value) in service.environment where Self.holdsSecret(name) {
                #expect(value.contains("${"), "\(service.name): \(name)")
            }
        }
    }

    @Test(
        "Every role has a database user and a broker user of its own, and no capability",
        arguments: Role.all.map(\.name))
    func leastPrivilege(role: String) throws {
        let service = try compose.service(role)
        let password = "${" + role.uppercased().replacing("-", with: "_") + "_PASSWORD"
        let urls = ["PAYLINKS_DATABASE_URL", "PAYLINKS_AMQP_URL"].compactMap { service.environment[$0] }
        #expect(!urls.isEmpty && urls.allSatisfy { $0.contains(password) })
        #expect(service.isHardened)
    }

    @Test("The webhook worker gets no key that opens account numbers")
    func sealingKeys() throws {
        let webhooks = try compose.service("webhook-worker").variables
        #expect(!webhooks.contains("PAYLINKS_SEALING_KEYS") && webhooks.contains("PAYLINKS_WEBHOOK_SEALING_KEYS"))
        let settlements = try compose.service("settlement-worker").variables
        #expect(!settlements.contains("PAYLINKS_WEBHOOK_SEALING_KEYS"))
    }

    private static func holdsSecret(_ name: String) -> Bool {
        Setting.all.contains { $0.name == name && $0.isSecret } || name.contains("PASS")
    }

    private static func seconds(_ text: String?) throws -> Int {
        let text = try #require(text)
        return try #require(text.hasSuffix("s") ? Int(text.dropLast()) : nil)
    }
}
