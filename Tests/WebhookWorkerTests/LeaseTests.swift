import Testing
import WebhookWorker

@Suite("Lease")
struct LeaseTests {
    @Test(
        "A lease lasts for four attempts, and half a minute at least",
        arguments: [
            (Duration.milliseconds(100), Duration.seconds(30)), (.seconds(1), .seconds(30)),
            (.milliseconds(7_501), .milliseconds(30_004)), (.seconds(15), .seconds(60)), (.seconds(60), .seconds(240)),
        ])
    func duration(attemptTime: Duration, lease: Duration) {
        #expect(Lease.duration(attemptTime: attemptTime) == lease)
    }
}
