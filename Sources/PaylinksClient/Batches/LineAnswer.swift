/// What a batch answers to one line.
struct LineAnswer<Value: Sendable>: Sendable {
    /// The line's place in its request.
    let index: Int
    let status: Int
    let isReplayed: Bool
    let outcome: Result<Value, Refusal>
}

extension LineAnswer: Decodable where Value: Decodable {
    private enum Key: CodingKey {
        case index, status, replayed, retryAfter, body
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        index = try container.decode(Int.self, forKey: .index)
        let status = try container.decode(Int.self, forKey: .status)
        self.status = status
        isReplayed = try container.decodeIfPresent(Bool.self, forKey: .replayed) ?? false
        if (200...299).contains(status) {
            outcome = .success(try container.decode(Value.self, forKey: .body))
        } else {
            let envelope = try? container.decode(Refusal.Envelope.self, forKey: .body)
            let retryAfter = try container.decodeIfPresent(Int64.self, forKey: .retryAfter)
            outcome = .failure(
                Refusal(status: status, envelope, requestId: nil, retryAfter: retryAfter.map { .seconds(max(0, $0)) }))
        }
    }
}
