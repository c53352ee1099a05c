import HTTPTypes
import Metrics
import Synchronization

/// The requests' counters and timers, made when first needed and kept, for making one takes longer than using it.
final class RequestMetrics: Sendable {
    private struct Series: Hashable {
        let route: String
        let method: String
        let status: Int
    }

    private let counters = Mutex<[Series: Counter]>([:])
    private let timers = Mutex<[String: Timer]>([:])

    /// - Parameter route: the route's pattern; `nil` for addresses that are no route of ours.
    func record(route: String?, method: HTTPRequest.Method, status: Int, duration: Duration) {
        let route = route ?? "none"
        counter(Series(route: route, method: Self.label(method), status: status)).increment()
        timer(route).recordNanoseconds(Int64(duration / .nanoseconds(1)))
    }

    private func counter(_ series: Series) -> Counter {
        counters.withLock { counters in
            if let counter = counters[series] { return counter }
            let counter = Counter(
                label: "paylinks_http_requests_total",
                dimensions: [("route", series.route), ("method", series.method), ("status", String(series.status))])
            counters[series] = counter
            return counter
        }
    }

    private func timer(_ route: String) -> Timer {
        timers.withLock { timers in
            if let timer = timers[route] { return timer }
            let timer = Timer(label: "paylinks_http_request_duration_seconds", dimensions: [("route", route)])
            timers[route] = timer
            return timer
        }
    }

    /// Callers can invent methods; the number of series must not grow with them.
    private static func label(_ method: HTTPRequest.Method) -> String {
        switch method {
        case .get, .post, .patch, .delete, .put, .head, .options: method.rawValue
        default: "other"
        }
    }
}
