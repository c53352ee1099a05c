/// What to do with a field that may also be empty.
public enum Change<Value: Encodable & Sendable & Hashable>: Sendable, Hashable {
    case keep
    /// Makes it null.
    case clear
    case set(Value)
}

extension KeyedEncodingContainer {
    mutating func encode<Value>(_ change: Change<Value>, forKey key: Key) throws {
        switch change {
        case .keep: break
        case .clear: try encodeNil(forKey: key)
        case .set(let value): try encode(value, forKey: key)
        }
    }
}
