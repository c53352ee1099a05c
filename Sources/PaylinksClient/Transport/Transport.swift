package import AsyncHTTPClient
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

/// One request of the API, before it is sent.
struct Call: Sendable {
    var method = "GET"
    let path: String
    var query: [(name: String, value: String?)] = []
    var body: Data?
    var repetition = Repetition.always
    /// Sent along, the same however often the request is.
    var idempotencyKey: String?
    var wait: Duration?

    var keys: [String] { idempotencyKey.map { [$0] } ?? [] }
}

/// One answer, whole.
struct Answer: Sendable {
    let status: Int
    let headers: [String: String]
    let body: Data

    /// A header's value, by its name in lower case.
    func header(_ name: String) -> String? { headers[name] }
}

/// Sends requests, and sends again what is safe to.
package struct Transport: Sendable {
    /// More than any answer of the API holds.
    private static let longestBody = 16 << 20
    /// Longer than a deadline can be, so that the deadline is the distant future.
    static let noTimeout = Duration.seconds(Int64.max)

    let baseURL: String
    let apiKey: String?
    let timeout: Duration
    let policy: RetryPolicy
    let httpClient: HTTPClient
    /// What waits between tries.
    let sleep: @Sendable (Duration) async throws -> Void

    package init(
        baseURL: String, apiKey: String?, timeout: Duration, policy: RetryPolicy, httpClient: HTTPClient,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.baseURL = baseURL
        self.apiKey = apiKey
        self.timeout = timeout
        self.policy = policy
        self.httpClient = httpClient
        self.sleep = sleep
    }

    func value<Value: Decodable>(_ call: Call) async throws(PaylinksError) -> Value {
        let answer = try await answer(to: call)
        do {
            return try JSON.decoder.decode(Value.self, from: answer.body)
        } catch {
            throw .unreadable("\(error)", idempotencyKeys: call.keys)
        }
    }

    /// The error that ends the tries has the call's key if any of them may have done it.
    func answer(to call: Call) async throws(PaylinksError) -> Answer {
        let request = request(call)
        var attempt = 0
        var openKeys: [String] = []
        var mayBeDone = false
        while true {
            do throws(PaylinksError) {
                return try await exchange(request)
            } catch {
                // What an attempt deleted whose answer was lost is not there for the next.
                if call.method == "DELETE", mayBeDone, case .refused(let refusal) = error, refusal.status == 404 {
                    return Answer(status: 204, headers: [:], body: Data())
                }
                if error.leavesUnknown { (mayBeDone, openKeys) = (true, call.keys) }
                let pause = policy.pause(
                    after: error, call.repetition, attempt: attempt, chance: .random(in: 0...1))
                guard let pause else { throw error.telling(openKeys) }
                do { try await sleep(pause) } catch { throw .cancelled(idempotencyKeys: openKeys) }
                attempt += 1
            }
        }
    }

    private func request(_ call: Call) -> HTTPClientRequest {
        let path = call.path + Self.text(of: call.query)
        var request = request(call.method, path, accepting: "application/json", wait: call.wait)
        if let key = call.idempotencyKey { request.headers.add(name: "idempotency-key", value: key) }
        if let body = call.body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(data: body))
        }
        return request
    }

    func request(
        _ method: String, _ path: String, accepting type: String, wait: Duration?
    ) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: baseURL + "/v1" + path)
        request.method = .init(rawValue: method)
        request.headers.add(name: "accept", value: type)
        if let apiKey { request.headers.add(name: "authorization", value: "Bearer \(apiKey)") }
        if let wait { request.headers.add(name: "prefer", value: Preference.text(wait: wait)) }
        return request
    }

    private func exchange(_ request: HTTPClientRequest) async throws(PaylinksError) -> Answer {
        let deadline = NIODeadline.now() + TimeAmount(timeout)
        let answer = try await whole(try await head(of: request, by: deadline), by: deadline)
        guard (200...299).contains(answer.status) else { throw .refused(Refusal(answer)) }
        return answer
    }

    func head(
        of request: HTTPClientRequest, by deadline: NIODeadline
    ) async throws(PaylinksError) -> HTTPClientResponse {
        do {
            return try await httpClient.execute(request, deadline: deadline)
        } catch {
            throw PaylinksError(transportError: error)
        }
    }

    func whole(
        _ response: HTTPClientResponse, by deadline: NIODeadline
    ) async throws(PaylinksError) -> Answer {
        let headers = response.headers.map { ($0.name.lowercased(), $0.value) }
        let body = try await collect(response.body, by: deadline)
        return Answer(status: Int(response.status.code), headers: Dictionary(headers) { $1 }, body: Data(buffer: body))
    }

    /// The HTTP client's own deadline ends with the head.
    private func collect(
        _ body: HTTPClientResponse.Body, by deadline: NIODeadline
    ) async throws(PaylinksError) -> ByteBuffer {
        // Awaited below.
        let reading = Task { try await body.collect(upTo: Self.longestBody) }
        let alarm = httpClient.eventLoopGroup.any().scheduleTask(deadline: deadline) { reading.cancel() }
        defer { alarm.cancel() }
        do {
            return try await withTaskCancellationHandler {
                try await reading.value
            } onCancel: {
                reading.cancel()
            }
        } catch {
            let error = PaylinksError(transportError: error)
            // What the caller did not cancel, the alarm did.
            if case .cancelled = error, !Task.isCancelled { throw .timedOut() }
            throw error
        }
    }

    /// 128 random bits in hexadecimal.
    static func freshKey() -> String {
        UUID().uuidString.lowercased().replacing("-", with: "")
    }

    private static func text(of query: [(name: String, value: String?)]) -> String {
        let given = query.compactMap { field in field.value.map { "\(field.name)=\(escaped($0))" } }
        return given.isEmpty ? "" : "?" + given.joined(separator: "&")
    }

    /// A text as it may stand in a path's segment or a query.
    static func escaped(_ text: String) -> String {
        text.addingPercentEncoding(
            withAllowedCharacters: .alphanumerics.intersection(.urlPathAllowed).union(unreserved))
            ?? ""
    }

    private static let unreserved = CharacterSet(charactersIn: "-._~")
}

extension PaylinksError {
    init(transportError error: any Error) {
        let timeouts: [HTTPClientError] = [.deadlineExceeded, .readTimeout, .connectTimeout]
        switch error {
        case let error as PaylinksError: self = error
        case is CancellationError: self = .cancelled()
        case let error as HTTPClientError where error == .cancelled: self = .cancelled()
        case let error as HTTPClientError where timeouts.contains(error): self = .timedOut()
        default: self = .noAnswer("\(error)")
        }
    }
}
