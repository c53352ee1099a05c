import PaymentLinks
import Testing
import Webhooks

/// The expected codes were computed by OpenSSL, with `$body` and `$secret` as below:
///
///     printf '%s' "$body" | openssl dgst -sha256 -hmac "$secret"
///     printf '%s' "$id.$seconds.$body" |
///         openssl dgst -sha256 -mac HMAC -macopt hexkey:<the decoded part of $secret> -binary | base64
@Suite("Webhook signatures")
struct WebhookSignatureTests {
    private static let body = #"{"id":"evt_01ARZ3NDEKTSV4RRFFQ69G5FAV","event":"payment_link.claimed"}"#
    private static let id = "evt_01ARZ3NDEKTSV4RRFFQ69G5FAV"
    private static let time = Timestamp(microseconds: 1_775_001_600_999_999)
    /// The key is `0123456789abcdef` twice.
    private static let current = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
    /// The key is `fedcba9876543210` twice.
    private static let previous = "whsec_ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA="

    private func headers(_ signature: WebhookSignature) -> [String: String] {
        let headers = signature.headers(id: Self.id, time: Self.time, body: Array(Self.body.utf8))
        return Dictionary(uniqueKeysWithValues: headers.map { ($0.name, $0.value) })
    }

    @Test("Both forms are sent, each with its own key out of the one secret")
    func bothForms() throws {
        let signature = WebhookSignature(current: try #require(WebhookSecret(Self.current)))
        #expect(
            headers(signature) == [
                "webhook-id": Self.id,
                "webhook-timestamp": "1775001600",
                "webhook-signature": "v1,tVxhQ8Qabb2Xb+ZCTzDrXUYPwMaMKJdJPbsQSmGN1rU=",
                "Wallgent-Signature": "sha256=ff0a3021e931379828f0807cec27dfa6c09b5f08d92bf82c8321ec092e5146e4",
            ])
    }

    @Test("While a secret is being replaced, the previous one signs too, in second place")
    func rotation() throws {
        let previous = try #require(WebhookSecret(Self.previous))
        let signature = WebhookSignature(current: try #require(WebhookSecret(Self.current)), previous: previous)
        let headers = headers(signature)
        #expect(
            headers["webhook-signature"]
                == "v1,tVxhQ8Qabb2Xb+ZCTzDrXUYPwMaMKJdJPbsQSmGN1rU= v1,Gz+fVUpiBQSWSuYOhoSlTtPBKrW7t+3kkB5jFdScA20=")
        #expect(
            headers["Wallgent-Signature"]
                == "sha256=ff0a3021e931379828f0807cec27dfa6c09b5f08d92bf82c8321ec092e5146e4")
        #expect(
            headers["Wallgent-Signature-Previous"]
                == "sha256=f2edc041a28e59a57b84104aa561066486e5b499abd82823fa9a8ccb1065886f")
    }

    @Test("What was signed verifies, by either secret, as long as it is fresh", arguments: [-301, -300, 0, 300, 301])
    func verifying(age: Int) throws {
        let (current, previous) = (
            try #require(WebhookSecret(Self.current)), try #require(WebhookSecret(Self.previous))
        )
        let headers = headers(WebhookSignature(current: current, previous: previous))
        let now = Self.time.advanced(by: .seconds(age))
        for secret in [current, previous] {
            let isGenuine = WebhookSignature(current: secret).verifies(
                Array(Self.body.utf8), header: { headers[$0] }, now: now)
            #expect(isGenuine == (-300...300).contains(age))
        }
        let stranger = WebhookSignature(current: .mint())
        #expect(!stranger.verifies(Array(Self.body.utf8), header: { headers[$0] }, now: now))
    }

    @Test(
        "What was changed on the way does not verify",
        arguments: [
            ("webhook-id", "evt_other"), ("webhook-id", nil), ("webhook-timestamp", "1775001601"),
            ("webhook-timestamp", "soon"), ("webhook-timestamp", nil), ("webhook-signature", nil),
            ("webhook-signature", ""), ("webhook-signature", "v1,"), ("webhook-signature", "v1,!"),
            ("webhook-signature", "v2,tVxhQ8Qabb2Xb+ZCTzDrXUYPwMaMKJdJPbsQSmGN1rU="),
        ] as [(String, String?)])
    func tampering(name: String, value: String?) throws {
        let signature = WebhookSignature(current: try #require(WebhookSecret(Self.current)))
        var headers = headers(signature)
        let body = Array(Self.body.utf8)
        #expect(signature.verifies(body, header: { headers[$0] }, now: Self.time))
        #expect(!signature.verifies(body + [0x20], header: { headers[$0] }, now: Self.time))
        headers[name] = value
        #expect(!signature.verifies(body, header: { headers[$0] }, now: Self.time))
    }

    @Test("A secret is 32 random bytes behind its prefix, and reads back")
    func minting() throws {
        let secret = WebhookSecret.mint()
        #expect(secret.string.hasPrefix("whsec_"))
        #expect(secret.string.utf8.count == 6 + 44)
        #expect(WebhookSecret(secret.string) == secret)
        #expect(WebhookSecret.mint() != secret)
    }

    @Test("What is no secret is refused", arguments: ["", "whsec_", "whsec_!", "MDEyMzQ1", "WHSEC_MDEyMzQ1"])
    func noSecrets(text: String) {
        #expect(WebhookSecret(text) == nil)
    }

    @Test("A secret never prints itself")
    func printing() throws {
        let secret = WebhookSecret.mint()
        #expect("\(secret)" == "whsec_***")
        var dumped = ""
        dump(secret, to: &dumped)
        #expect(!dumped.contains(secret.string.dropFirst(6)))
    }
}
