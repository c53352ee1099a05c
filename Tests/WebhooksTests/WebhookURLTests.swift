import PaymentLinks
import Testing
import Webhooks

@Suite("Webhook addresses")
struct WebhookURLTests {
    private static let strict = AddressPolicy(allowsLoopback: false)
    private static let development = AddressPolicy(allowsLoopback: true)

    @Test(
        "An address is read into host, port and target",
        arguments: [
            ("https://example.com", "example.com", 443, "/", "example.com"),
            ("https://EXAMPLE.com/Hook", "example.com", 443, "/Hook", "example.com"),
            ("HTTPS://example.com:8443/a/b?c=d&e", "example.com", 8443, "/a/b?c=d&e", "example.com:8443"),
            ("https://example.com:443/", "example.com", 443, "/", "example.com"),
            ("https://example.com?x=1", "example.com", 443, "/?x=1", "example.com"),
            (
                "https://hooks_1.xn--bcher-kva.example/", "hooks_1.xn--bcher-kva.example", 443, "/",
                "hooks_1.xn--bcher-kva.example"
            ),
            ("https://8.8.8.8/x", "8.8.8.8", 443, "/x", "8.8.8.8"),
            ("https://[2606:4700::1111]:99/x", "2606:4700::1111", 99, "/x", "[2606:4700::1111]:99"),
            ("https://1.example.com/", "1.example.com", 443, "/", "1.example.com"),
        ])
    func good(text: String, host: String, port: Int, target: String, authority: String) throws {
        let url = try WebhookURL(text, policy: Self.strict)
        let readHost =
            switch url.host {
            case .name(let name): name
            case .address(let address): address.description
            }
        #expect(readHost == host)
        #expect(url.port == port)
        #expect(url.target == target)
        #expect(url.authority == authority)
        #expect(url.isSecure)
        #expect(url.string == text)
    }

    @Test(
        "Spellings that some readers take for another host are refused",
        arguments: [
            "https://2130706433/", "https://017700000001/", "https://0x7f000001/", "https://0x7f.1/", "https://127.1/",
            "https://127.0.1/", "https://0177.0.0.1/", "https://127.0.0.01/", "https://127.0.0.1./",
            "https://example.com./", "https://1.2.3.4.5/", "https://256.1.1.1/", "https://0x/",
            "https://example.0x10/", "https://example.com.123/",
            "https://[::1%25eth0]/", "https://[127.0.0.1]/", "https://[::1/", "https://::1/", "https://[]/",
            "https://exa mple.com/", "https://exam%70le.com/", "https://127。0。0。1/", "https://①②⑦.0.0.1/",
            "https://example.com\\@127.0.0.1/", "https:///example.com/", "https://", "https:example.com",
            "https://-example.com/", "https://example-.com/", "https://example..com/", "https://.example.com/",
            "https://\(String(repeating: "a", count: 64)).com/", "https://example.com/\u{0}", "https://example.com/\n",
            "https://example.com/\"", "https://example.com/<x>", "example.com", "//example.com", "",
            "https://0/", "https://00000000000/", "https://0x7f.0.0.1/", "https://0x7F000001/", "https://127.0.0.0x1/",
            "https://127.0.0.1.0/", "https://1.2.3/", "https://4294967295/", "https://127.0.0.1%00.example.com/",
            "https://%31%32%37.0.0.1/", "https://127%2e0%2e0%2e1/", "https://localhost%2eexample.com/",
            "https://１２７.0.0.1/", "https://bücher.example/", "https://exa\u{AD}mple.com/", "https://localhos\u{2139}t/",
            "https://[::ffff:0x7f.0.0.1]/", "https://[fe80::1%eth0]/", "https://[::1]./", "https://[::1]example.com/",
            "https://example.com:80:80/", "https://example.com:٨٠/", "https://example.com/\r\nHost: x",
            "https:\\\\127.0.0.1/",
            "https:/\\127.0.0.1/", "https://example.com\t/", "https://localhost./", "https://db.internal./",
        ])
    func hostile(text: String) {
        #expect(throws: WebhookURLError.self) { try WebhookURL(text, policy: Self.strict) }
        #expect(throws: WebhookURLError.self) { try WebhookURL(text, policy: Self.development) }
    }

    @Test(
        "What is wrong is told",
        arguments: [
            ("ftp://example.com/", WebhookURLError.scheme(allowsHTTP: false)),
            ("http://example.com/", .scheme(allowsHTTP: false)),
            ("https://user@example.com/", .userInfo), ("https://user:pass@example.com/", .userInfo),
            ("https://example.com/#part", .fragment),
            ("https://example.com:0/", .port), ("https://example.com:65536/", .port), ("https://example.com:/", .port),
            ("https://example.com:+1/", .port), ("https://example.com:8a/", .port),
            ("https://127.0.0.1/", .addressNotAllowed), ("https://[::1]/", .addressNotAllowed),
            ("https://[::ffff:169.254.169.254]/", .addressNotAllowed), ("https://10.0.0.1/", .addressNotAllowed),
            ("https://localhost/", .addressNotAllowed), ("https://a.LOCALHOST/", .addressNotAllowed),
            ("https://0.0.0.0/", .addressNotAllowed), ("https://100.64.0.1/", .addressNotAllowed),
            ("https://198.18.0.1/", .addressNotAllowed), ("https://224.0.0.1/", .addressNotAllowed),
            ("https://169.254.169.254/latest/meta-data", .addressNotAllowed), ("https://[::]/", .addressNotAllowed),
            ("https://[64:ff9b::7f00:1]/", .addressNotAllowed), ("https://[2002:7f00:1::]/", .addressNotAllowed),
            ("https://[2001:0:4136:e378::]/", .addressNotAllowed), ("https://[::ffff:7f00:1]/", .addressNotAllowed),
            ("https://example.com@127.0.0.1/", .userInfo), ("https://127.0.0.1@example.com/", .userInfo),
            ("https://db.internal/", .addressNotAllowed), ("https://printer.local/", .addressNotAllowed),
            ("https://example.com/" + String(repeating: "a", count: 2029), .tooLong),
        ])
    func faults(text: String, fault: WebhookURLError) {
        #expect(throws: fault) { try WebhookURL(text, policy: Self.strict) }
    }

    @Test("An address may be exactly 2,048 characters long")
    func longest() throws {
        let text = "https://example.com/" + String(repeating: "a", count: 2028)
        #expect(text.utf8.count == 2048)
        #expect(try WebhookURL(text, policy: Self.strict).string == text)
    }

    @Test(
        "Development allows this machine and plain http, and nothing else",
        arguments: ["http://127.0.0.1:9000/hook", "http://localhost:9000/", "https://[::1]/", "http://example.com/"])
    func development(text: String) throws {
        _ = try WebhookURL(text, policy: Self.development)
    }

    @Test(
        "Development does not allow other special addresses",
        arguments: ["http://10.0.0.1/", "http://169.254.169.254/latest", "http://[fe80::1]/", "http://0.0.0.0/"])
    func notEvenInDevelopment(text: String) {
        #expect(throws: WebhookURLError.addressNotAllowed) { try WebhookURL(text, policy: Self.development) }
    }
}
