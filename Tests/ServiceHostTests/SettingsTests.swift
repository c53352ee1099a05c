import ServiceHost
import Testing

@Suite("Settings")
struct SettingsTests {
    private static let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

    @Test("A value that is given is used, and a default where none is")
    func givenAndDefault() throws {
        let settings = Settings(environment: ["PAYLINKS_PORT": "9000"])
        #expect(try settings.port(.port) == 9000)
        #expect(try settings.string(.host) == "127.0.0.1")
        #expect(try settings.int(.batchLimit) == 256)
        #expect(try settings.duration(.expiryMaxSleep) == .milliseconds(250))
    }

    @Test("An empty variable counts as absent")
    func emptyIsAbsent() throws {
        let settings = Settings(environment: ["PAYLINKS_PORT": "", "PAYLINKS_DATABASE_URL": ""])
        #expect(try settings.port(.port) == 8080)
        #expect(throws: ConfigurationError.self) { try settings.string(.databaseURL) }
    }

    @Test(
        "A value of the right form is accepted",
        arguments: [
            (Setting.batchLimit, "1"), (.batchLimit, "2000"),
            (.port, "0"), (.port, "65535"),
            (.drainTimeout, "0s"), (.drainTimeout, "1h"), (.drainTimeout, "250ms"), (.drainTimeout, "60m"),
            (.webhookSchedule, "0s"), (.webhookSchedule, "0ms, 5m,30d"),
            (.logFormat, "text"),
            (.databaseURL, "postgresql://a:b@h1:5432,h2:5433/db?target_session_attrs=read-write"),
            (.databaseURL, "postgres:///db?host=/run/postgresql"),
            (.amqpURL, "amqp://h1, amqps://u:p@h2:5671/vhost"),
            (.publicURL, "HTTPS://pay.example"),
            (.digestKey, key), (.sealingKeys, "2026-11:\(key), old_1:\(key)"),
            (.trustedProxies, "10.0.0.0/8, 192.0.2.1,2001:db8::/32,::1/128"),
            (.achMaxAmount, "5"), (.achMaxAmount, "1000000.00"), (.achMaxAmount, "0.5"),
            (.usdcDepositAddress, "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"),
        ])
    func accepted(setting: Setting, value: String) throws {
        try Settings(environment: [setting.name: value]).check([setting])
    }

    @Test(
        "A value of another form is refused by name, with what is wanted",
        arguments: [
            (Setting.batchLimit, "0"), (.batchLimit, "10001"), (.batchLimit, "ten"), (.batchLimit, "1.5"),
            (.port, "65536"), (.port, "-1"), (.port, " 80"),
            (.drainTimeout, "10"), (.drainTimeout, "s"), (.drainTimeout, "-1s"), (.drainTimeout, "3601s"),
            (.drainTimeout, "1 s"), (.drainTimeout, "1.5s"), (.drainTimeout, "99999999999999999999s"),
            (.drainTimeout, "9223372036854775807h"), (.idempotencyRetention, "23h"),
            (.webhookSchedule, "5s,5m"), (.webhookSchedule, "0s,31d"), (.webhookSchedule, "0s,107000000d"),
            (.webhookSchedule, "0s,"), (.webhookSchedule, "0s,5"),
            (.logFormat, "JSON"), (.logLevel, "verbose"), (.faultPoint, "commit"),
            (.databaseURL, "mysql://h/db"), (.databaseURL, "postgres://"), (.databaseURL, "postgres://a b"),
            (.amqpURL, "amqp://h1,"), (.amqpURL, "amqp://h1,http://h2"),
            (.digestKey, "AAEC"), (.digestKey, "not base64"),
            (.sealingKeys, key), (.sealingKeys, "a:\(key),a:\(key)"), (.sealingKeys, "a b:\(key)"),
            (.sealingKeys, ":\(key)"), (.sealingKeys, "a:AAEC"),
            (.trustedProxies, "10.0.0.0/33"), (.trustedProxies, "::/129"), (.trustedProxies, "10.0.0.256"),
            (.trustedProxies, "10.0.0.0/"), (.trustedProxies, "10.0.0.0/+8"), (.trustedProxies, "example.com"),
            (.achMaxAmount, "1.005"), (.achMaxAmount, "-1"), (.achMaxAmount, "1."), (.achMaxAmount, "1e6"),
            (.usdcDepositAddress, "0x12"), (.usdcDepositAddress, "A0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"),
        ])
    func refused(setting: Setting, value: String) throws {
        let settings = Settings(environment: [setting.name: value])
        let error = try #require(throws: ConfigurationError.self) { try settings.check([setting]) }
        let problem = try #require(error.problems.first)
        #expect(problem.variable == setting.name)
        #expect(problem.message.contains(setting.name))
        #expect(problem.message.contains(setting.form.wanted))
        #expect(problem.message.contains("\"\(value)\"") == !setting.isSecret)
    }

    @Test("Every wrong variable of a role is told at once")
    func everyProblem() throws {
        let settings = Settings(environment: ["PAYLINKS_LOG_LEVEL": "loud", "PAYLINKS_PREFETCH": "0"])
        let error = try #require(throws: ConfigurationError.self) { try settings.check(Role.claimWorker.settings) }
        #expect(
            Set(error.problems.map(\.variable)) == [
                "PAYLINKS_DATABASE_URL", "PAYLINKS_AMQP_URL", "PAYLINKS_LOG_LEVEL", "PAYLINKS_PREFETCH",
            ])
    }

    @Test("A missing variable's message says what to set it to and what for")
    func missing() throws {
        let error = try #require(throws: ConfigurationError.self) {
            try Settings(environment: [:]).string(.databaseURL)
        }
        #expect(
            error.description == "PAYLINKS_DATABASE_URL is not set; set it to an address that starts with "
                + "postgresql:// or postgres://: \(Setting.databaseURL.summary)")
    }

    @Test("Keys come in their order, each with its id")
    func namedKeys() throws {
        let other = "Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA="
        let settings = Settings(environment: ["PAYLINKS_SEALING_KEYS": "new:\(Self.key),old:\(other)"])
        let keys = try settings.namedKeys(.sealingKeys)
        #expect(keys.map(\.id) == ["new", "old"])
        #expect(keys[0].bytes == Array(0...31))
        #expect(keys[1].bytes == Array((0...31).reversed()))
    }

    @Test("A list is split at commas, without the space around them, and is empty by default")
    func lists() throws {
        let settings = Settings(environment: ["PAYLINKS_AMQP_URL": "amqp://h1 ,  amqps://h2"])
        #expect(try settings.list(.amqpURL) == ["amqp://h1", "amqps://h2"])
        #expect(try settings.list(.trustedProxies) == [])
    }

    @Test("A setting without a value or a default is nil where that is allowed")
    func optionals() throws {
        #expect(try Settings(environment: [:]).optionalString(.publicURL) == nil)
        #expect(try Settings(environment: [:]).optionalPort(.operationsPort) == nil)
        #expect(try Settings(environment: ["PAYLINKS_OPERATIONS_PORT": "0"]).optionalPort(.operationsPort) == 0)
    }

    @Test("A choice becomes the case of the same word")
    func choices() throws {
        let settings = Settings(environment: ["PAYLINKS_LOG_FORMAT": "text"])
        #expect(try settings.choice(.logFormat) == LogFormat.text)
    }

    @Test("A misspelt variable is noticed, another program's is not")
    func unknownNames() {
        let settings = Settings(environment: ["PAYLINKS_PROT": "1", "PAYLINKS_PORT": "1", "PATH": "/bin"])
        #expect(settings.unknownNames == ["PAYLINKS_PROT"])
    }
}
