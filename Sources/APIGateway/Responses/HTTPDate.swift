import PaymentLinks
import Synchronization

/// The time as HTTP writes it, made once a second. (RFC 9110, section 5.6.7)
enum HTTPDate {
    private static let written = Mutex((second: Int64.min, text: ""))

    static func now() -> String {
        let now = Timestamp.now()
        let second = now.milliseconds / 1000
        return written.withLock { written in
            if written.second != second { written = (second, now.httpDate) }
            return written.text
        }
    }
}
