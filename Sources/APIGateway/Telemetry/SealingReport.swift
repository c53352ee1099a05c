import Logging
import Metrics
import Sealing
import ServiceLifecycle
import Storage

/// Adds this gateway's uses of a sealing key to the total in the database, and asks for a rotation in time.
///
/// A crash loses the uses since the last report, at most ten seconds of them.
struct SealingReport: Service {
    private static let interval = Duration.seconds(10)

    private let ring: KeyRing
    private let store: SealingUseStore
    private let logger: Logger
    private let gauge: Gauge

    /// - Parameter purpose: what the ring seals: `destinations` or `webhooks`.
    init(ring: KeyRing, purpose: String, store: SealingUseStore, logger: Logger) {
        self.ring = ring
        self.store = store
        self.logger = logger
        gauge = Gauge(
            label: "paylinks_sealing_key_uses", dimensions: [("purpose", purpose), ("key", ring.sealingName)])
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await report()
                try? await Task.sleep(for: Self.interval)
            }
        }
        await report()
    }

    private func report() async {
        let uses = ring.uses.take()
        do throws(StorageError) {
            let use = SealingUse(fingerprint: ring.sealingFingerprint, keyName: ring.sealingName, uses: uses)
            judge(try await store.add(use), after: uses)
        } catch {
            ring.uses.restore(uses)
            logger.debug("uses of the sealing key were not recorded", metadata: ["error": "\(error)"])
        }
    }

    /// Logs once, when the total reaches the number at which a rotation is due.
    private func judge(_ total: Int64, after uses: Int64) {
        gauge.record(total)
        guard total >= SealingCounter.rotationDue, total - uses < SealingCounter.rotationDue else { return }
        logger.error(
            "sealing key is due for rotation",
            metadata: ["key": "\(ring.sealingName)", "uses": "\(total)", "limit": "\(SealingCounter.limit)"])
    }
}
