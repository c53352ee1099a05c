import Foundation
import PaylinksClient
import TestSupport
import Testing

/// The numbers that callers give to the client.
@Suite struct OptionTests {
    @Test(
        arguments: [
            (.zero, "respond-async"), (.seconds(-1), "respond-async"), (.seconds(Int64.min), "respond-async"),
            (.nanoseconds(1), "wait=1"), (.milliseconds(999), "wait=1"), (.seconds(1), "wait=1"),
            (.milliseconds(1_001), "wait=2"), (.milliseconds(29_001), "wait=30"), (.seconds(30), "wait=30"),
            (.seconds(31), "wait=30"), (.seconds(Int64.max), "wait=30"),
        ] as [(Duration, String)])
    func `a wait is sent as whole seconds from 1 to 30, and nothing to wait for asks for an immediate response`(
        wait: Duration, text: String
    ) {
        #expect(Preference.text(wait: wait) == text)
    }

    @Test(arguments: [.milliseconds(1 << 31), .seconds(1 << 40), .seconds(Int64.max), nil] as [Duration?])
    func `a long time limit, and none, are one request that takes its time`(timeout: Duration?) async throws {
        let server = try await WebhookReceiver.start { _ in
            .init(
                200,
                body: #"{"walletId":"wal_1","balance":"1.00","available":"1.00","pending":"0.00","currency":"USD"}"#)
        }
        let client = PaylinksClient(baseURL: "http://127.0.0.1:\(server.port)", timeout: timeout, maxRetries: 0)
        let balance = try? await client.wallets.balance(of: "wal_1")
        #expect(balance?.available == "1.00")
        #expect(server.received.count == 1)
        await server.stop()
    }

    @Test func `a client without retries and one without a limit of retries are made`() {
        #expect(RetryPolicy(maxRetries: 0).pause(after: .timedOut(), .always, attempt: 0, chance: 0) == nil)
        let endless = RetryPolicy(maxRetries: .max).pause(after: .timedOut(), .always, attempt: .max - 1, chance: 1)
        #expect(endless == .seconds(8))
    }

    @Test func `a time limit of zero is a programmer error`() async {
        await #expect(processExitsWith: .failure) { _ = PaylinksClient(baseURL: "http://127.0.0.1:1", timeout: .zero) }
    }

    @Test func `a negative number of retries is a programmer error`() async {
        await #expect(processExitsWith: .failure) { _ = PaylinksClient(baseURL: "http://127.0.0.1:1", maxRetries: -1) }
    }

    @Test func `a tolerance that is not a number is a programmer error`() async {
        await #expect(processExitsWith: .failure) { _ = WebhookVerifier(secret: "whsec_AAAA", tolerance: .nan) }
    }
}
