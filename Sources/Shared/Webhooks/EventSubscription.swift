package import PaymentLinks

/// Which events an endpoint wants.
package enum EventSubscription {
    /// Stands for every event, those that are yet to be invented included.
    package static let all = "*"
    package static let countLimit = 100
    private static let longestName = 64

    /// Reads the names that a caller sent. Absent, or with the asterisk among them, they mean all events.
    package static func parse(_ names: [String]?) throws(FieldError) -> [String] {
        guard let names else { return [all] }
        guard !names.isEmpty, names.count <= countLimit else {
            throw FieldError(
                field: "events", code: "INVALID_LENGTH",
                message: "Send 1 to \(countLimit) event names, or none at all for every event.")
        }
        for (index, name) in names.enumerated() where !isKnown(name) { throw unknown(index) }
        return names.contains(all) ? [all] : unique(names)
    }

    /// Names of families that are not ours are taken, for clients of the wider API subscribe to all theirs at once; a
    /// wrong name within a family of ours is a slip.
    private static func isKnown(_ name: String) -> Bool {
        guard name.utf8.count <= longestName else { return false }
        if name == all || EventType(rawValue: name) != nil { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count >= 2, parts.allSatisfy({ isWord($0) }) else { return false }
        return !EventType.allCases.contains { $0.rawValue.hasPrefix(parts[0] + ".") }
    }

    private static func isWord(_ text: Substring) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { $0 == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
    }

    private static func unknown(_ index: Int) -> FieldError {
        let known = EventType.allCases.map(\.rawValue).joined(separator: ", ")
        return FieldError(
            field: "events[\(index)]", code: "UNKNOWN_EVENT", message: "Send names out of *, \(known).")
    }

    private static func unique(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }
}
