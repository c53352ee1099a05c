import PrivateServers

/// Asks a role's operators' port how the role is.
enum OperationsProbe {
    /// Whether `GET /health/ready` answers 200.
    static func isReady(port: Int) async -> Bool {
        let request = "GET /health/ready HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n\r\n"
        let answer = await LoopbackExchange.answer(
            to: Array(request.utf8), port: port, limit: 4_096, timeout: .seconds(2))
        let words = String(decoding: answer ?? [], as: UTF8.self).split(separator: " ", maxSplits: 2)
        return words.count > 1 && words[0].hasPrefix("HTTP/1.") && words[1] == "200"
    }
}
