import Foundation
import Logging
import Metrics
import PaymentLinks
import Sealing
import Storage
import Webhooks

/// Makes one attempt: signs, sends, and says what the answer means.
struct Attempter: Sendable {
    struct Result: Sendable {
        let record: AttemptRecord
        let impression: DeliveryBoard.Impression
    }

    private let client: EndpointClient
    private let keys: KeyRing
    private let schedule: DeliverySchedule
    private let policy: AddressPolicy
    private let logger: Logger
    private let metrics = DeliveryMetrics()

    init(client: EndpointClient, keys: KeyRing, schedule: DeliverySchedule, policy: AddressPolicy, logger: Logger) {
        self.client = client
        self.keys = keys
        self.schedule = schedule
        self.policy = policy
        self.logger = logger
    }

    func attempt(_ delivery: LeasedDelivery) async -> Result {
        let time = Timestamp.now()
        let start = ContinuousClock.now
        let answer = await answer(to: delivery, at: time)
        let duration = ContinuousClock.now - start
        metrics.attempted(delivery, answer, duration: duration)
        log(delivery, answer, duration)
        return judge(delivery, answer, at: time, startedAt: start)
    }

    private func answer(to delivery: LeasedDelivery, at time: Timestamp) async -> EndpointAnswer {
        let url: WebhookURL
        let signature: WebhookSignature
        do throws(WebhookURLError) {
            url = try WebhookURL(delivery.target.url, policy: policy)
        } catch {
            return .failed(.addressNotAllowed)
        }
        do throws(SealingError) {
            signature = try self.signature(delivery.target)
        } catch {
            logger.error(
                "webhook secret cannot be opened",
                metadata: ["webhook_id": "\(delivery.target.webhookId)", "error": "\(error)"])
            return .failed(.secretUnavailable)
        }
        let headers = signature.headers(id: delivery.eventId.description, time: time, body: delivery.body)
        return await client.post(delivery.body, headers: headers, to: url, standing: delivery.target.standing)
    }

    private func signature(_ target: DeliveryTarget) throws(SealingError) -> WebhookSignature {
        guard let current = try secret(target.sealedSecret, of: target) else { throw .malformed }
        let previous = try target.sealedPreviousSecret.map { sealed throws(SealingError) in
            try secret(sealed, of: target)
        }
        return WebhookSignature(current: current, previous: previous ?? nil)
    }

    private func secret(_ sealed: [UInt8], of target: DeliveryTarget) throws(SealingError) -> WebhookSecret? {
        let bytes = try keys.open(sealed, context: WebhookSecret.sealingContext(target.webhookId))
        return WebhookSecret(String(decoding: bytes, as: UTF8.self))
    }

    private func judge(
        _ delivery: LeasedDelivery, _ answer: EndpointAnswer, at time: Timestamp,
        startedAt start: ContinuousClock.Instant
    ) -> Result {
        let retryAfter = answer.retryAfter.flatMap { RetryAfter.pause($0, now: .now()) }
        let record = AttemptRecord(
            lease: delivery.holding, webhookId: delivery.target.webhookId, url: delivery.target.url,
            attemptedAt: time, startedAt: start, statusCode: answer.statusCode, error: answer.failure?.description,
            duration: ContinuousClock.now - start, responseExcerpt: answer.excerpt,
            verdict: verdict(delivery, answer, retryAfter: retryAfter), isGone: answer.statusCode == 410,
            isTest: delivery.isTest)
        return Result(record: record, impression: answer.isSuccess ? .well : .failing(retryAfter: retryAfter))
    }

    private func verdict(
        _ delivery: LeasedDelivery, _ answer: EndpointAnswer, retryAfter: Duration?
    ) -> AttemptRecord.Verdict {
        if answer.isSuccess { return .delivered }
        var generator = PooledRandomNumberGenerator()
        guard !delivery.isTest, answer.statusCode != 410,
            let pause = schedule.pause(
                afterAttempts: delivery.attempts + 1, retryAfter: retryAfter, using: &generator)
        else { return .failed }
        return .retry(after: pause)
    }

    private func log(_ delivery: LeasedDelivery, _ answer: EndpointAnswer, _ duration: Duration) {
        logger.debug(
            "delivery attempted",
            metadata: [
                "delivery_id": "\(delivery.id)", "webhook_id": "\(delivery.target.webhookId)",
                "event_id": "\(delivery.eventId)", "attempt": "\(delivery.attempts + 1)",
                "status_code": "\(answer.statusCode.map(String.init) ?? "none")",
                "error": "\(answer.failure?.description ?? "none")", "duration": "\(duration)",
            ])
    }
}
