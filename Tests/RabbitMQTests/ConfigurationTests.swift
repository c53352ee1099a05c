import RabbitMQ
import Testing

@Suite("A broker's address")
struct ConfigurationTests {
    @Test(
        "is read from a URL, every part percent-decoded",
        arguments: [
            ("amqp://localhost", "amqp://guest@localhost:5672//"),
            ("amqps://localhost", "amqps://guest@localhost:5671//"),
            ("AMQP://localhost/", "amqp://guest@localhost:5672//"),
            ("amqp://u:p@h:5673/v", "amqp://u@h:5673/v"),
            ("amqp://u%40x:p%2Fq@h/%2F", "amqp://u@x@h:5672//"),
            ("amqp://u:p@w@h/v", "amqp://u@h:5672/v"),
            ("amqp://u@[::1]:5673/v", "amqp://u@::1:5673/v"),
            ("amqp://[::1]", "amqp://guest@::1:5672//"),
            ("amqps://u:p@h/v%20w?verify=verify_none", "amqps://u@h:5671/v w"),
        ])
    func valid(url: String, expected: String) throws {
        let configuration = try RabbitMQConfiguration(urls: [url])
        #expect(configuration.addresses.map(\.description) == [expected])
    }

    @Test("names the authority and whether to verify")
    func tls() throws {
        let url = "amqps://h?cacertfile=%2Fetc%2Fca.pem"
        let tls = try #require(try RabbitMQConfiguration(urls: [url]).addresses[0].tls)
        #expect(tls.certificateAuthorityFile == "/etc/ca.pem")
        #expect(tls.verifiesPeer)
        let lax = try RabbitMQConfiguration(urls: ["amqps://h?verify=verify_none"])
        #expect(lax.addresses[0].tls?.verifiesPeer == false)
    }

    @Test(
        "is refused when it cannot be meant, and the error keeps the password to itself",
        arguments: [
            "", "localhost", "http://u:hunter2@h", "amqp://", "amqp://u:hunter2@", "amqp://u:hunter2@h:0",
            "amqp://u:hunter2@h:65536", "amqp://u:hunter2@h:x", "amqp://u:hunter2@h/a/b", "amqp://u:hunter2@h/%",
            "amqp://u:hunter2@h/%zz", "amqp://u:hunter2@h/%ff", "amqps://u:hunter2@h?verify=maybe",
            "amqps://u:hunter2@h?unknown=1", "amqp://u:pa?hunter2@h", "amqp://u:hunter2@h?verify=verify_none",
            "amqp://u:hunter2%00@h",
        ])
    func invalid(url: String) throws {
        let error = #expect(throws: RabbitMQError.self) { try RabbitMQConfiguration(urls: [url]) }
        #expect(!String(describing: error).contains("hunter2"))
        guard case .invalidURL = error else {
            Issue.record("unexpected error")
            return
        }
    }

    @Test("no address at all is refused")
    func none() {
        #expect(throws: RabbitMQError.self) { try RabbitMQConfiguration(urls: []) }
    }

    @Test("never prints its password, not even by reflection")
    func secrecy() throws {
        let configuration = try RabbitMQConfiguration(urls: ["amqp://u:hunter2@h", "amqp://u:hunter2@i"])
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in ["\(configuration)", String(reflecting: configuration), dumped] {
            #expect(!text.contains("hunter2"))
        }
    }
}
