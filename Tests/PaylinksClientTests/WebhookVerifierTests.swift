import Crypto
import Foundation
import PaylinksClient
import PaymentLinks
import Testing
import Webhooks

@Suite("Telling genuine deliveries from others")
struct WebhookVerifierTests {
    private static let secret = WebhookSecret.mint()
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)
    private static let body = Data(
        #"{"id":"evt_1","event":"e","timestamp":"2026-04-01T00:00:00.000Z","organizationId":"o","data":{"a":1}}"#.utf8)

    /// What the worker sends.
    private static func headers(current: WebhookSecret, previous: WebhookSecret? = nil) -> [String: String] {
        let time = Timestamp(microseconds: Int64(now.timeIntervalSince1970) * 1_000_000)
        let fields = WebhookSignature(current: current, previous: previous)
            .headers(id: "evt_1", time: time, body: Array(body))
        return Dictionary(fields.map { ($0.name, $0.value) }) { $1 }
    }

    private static func verify(
        _ headers: [String: String], _ body: Data = body, _ secret: WebhookSecret = secret, now: Date = now
    ) throws -> Event {
        try WebhookVerifier(secret: secret.string).event(from: body, headers: headers, now: now)
    }

    @Test("What the worker signs is genuine, in either form and in both")
    func genuine() throws {
        let both = Self.headers(current: Self.secret)
        let plain = both.filter { $0.key.hasPrefix("Wallgent") }
        let standard = both.filter { $0.key.hasPrefix("webhook") }
        for headers in [both, plain, standard] { #expect(try Self.verify(headers).data["a"] == 1) }
    }

    @Test("Both secrets count while one replaces the other, and no third")
    func rotation() throws {
        let next = WebhookSecret.mint()
        let headers = Self.headers(current: next, previous: Self.secret)
        #expect(try Self.verify(headers).id == "evt_1")
        #expect(try Self.verify(headers, Self.body, next).id == "evt_1")
        #expect(throws: WebhookVerifier.Failure.wrongSignature) { try Self.verify(headers, Self.body, .mint()) }
    }

    @Test("Whatever is changed or missing is refused")
    func changed() throws {
        let both = Self.headers(current: Self.secret)
        #expect(throws: WebhookVerifier.Failure.notSigned) { try Self.verify([:]) }
        #expect(throws: WebhookVerifier.Failure.wrongSignature) { try Self.verify(both, Self.body + Data(" ".utf8)) }
        for (name, value) in [
            ("webhook-id", "evt_2"), ("webhook-signature", "v1,AAAA"), ("webhook-signature", "v2,"),
            ("webhook-timestamp", "1800000001"), ("Wallgent-Signature", "sha256="), ("Wallgent-Signature", "sha256=zz"),
        ] {
            let headers = both.merging([name: value]) { $1 }
            #expect(throws: WebhookVerifier.Failure.wrongSignature, "\(name)") { try Self.verify(headers) }
        }
    }

    @Test(
        "A delivery is good for five minutes either way",
        arguments: [(300, true), (301, false), (-300, true), (-301, false)])
    func age(_ seconds: Double, _ isGood: Bool) throws {
        let headers = Self.headers(current: Self.secret)
        let now = Self.now.addingTimeInterval(seconds)
        #expect(((try? Self.verify(headers, now: now)) != nil) == isGood)
    }

    @Test("Without a secret nothing is taken, however it is signed", arguments: ["", "whsec_", " ", "whsec_\n"])
    func emptySecret(_ secret: String) {
        let time = "1800000000"
        let content = Data("evt_1.\(time).".utf8) + Self.body
        let code = Data(HMAC<SHA256>.authenticationCode(for: content, using: .init(data: Data())))
        let plain = HMAC<SHA256>.authenticationCode(for: Self.body, using: .init(data: Data(secret.utf8)))
        let signed = [
            "webhook-id": "evt_1", "webhook-timestamp": time, "webhook-signature": "v1,\(code.base64EncodedString())",
        ]
        let hex = plain.map { String(format: "%02x", $0) }.joined()
        for headers in [signed, ["wallgent-signature": "sha256=\(hex)"]] {
            #expect(throws: WebhookVerifier.Failure.emptySecret) {
                try WebhookVerifier(secret: secret).event(from: Self.body, headers: headers, now: Self.now)
            }
        }
    }
}
