/// One line of a batch's answer.
enum BatchAnswer<Value: Sendable>: Sendable {
    case line(LineAnswer<Value>)
    /// The last line, which shows that the answer is complete.
    case summary
}

extension BatchAnswer: Decodable where Value: Decodable {
    private enum Key: CodingKey {
        case summary
    }

    init(from decoder: any Decoder) throws {
        let isSummary = try decoder.container(keyedBy: Key.self).contains(.summary)
        self = isSummary ? .summary : .line(try LineAnswer(from: decoder))
    }
}
