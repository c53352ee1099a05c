/// Finds the name that a caller probably meant. Its cost is bounded: long names have no neighbor.
package enum NearestName {
    /// Bytes of a name that is compared at all.
    package static let longestName = 64
    /// The most slips that two names may differ by.
    private static let mostSlips = 3

    /// The nearest of the known names; `nil` when none is near. Case, underscores, hyphens, and points do not count.
    package static func of(_ name: String, among known: [String]) -> String? {
        guard name.utf8.count <= longestName else { return nil }
        let wanted = folded(name)
        let limit = min(mostSlips, wanted.count / 3)
        var best: (name: String, distance: Int)?
        for candidate in known {
            let distance = distance(wanted, folded(candidate))
            if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.name
    }

    private static func folded(_ name: String) -> [UInt8] {
        name.utf8.compactMap { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
            case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."): nil
            default: byte
            }
        }
    }

    /// Insertions, deletions, substitutions, and swaps of neighbors that turn one text into the other.
    /// (optimal string alignment)
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var (before, last) = ([Int](), Array(0...right.count))
        for row in 0..<left.count {
            var next = [row + 1]
            for column in 0..<right.count {
                let isSame = left[row] == right[column]
                var cost = min(last[column] + (isSame ? 0 : 1), last[column + 1] + 1, next[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    cost = min(cost, before[column - 1] + 1)
                }
                next.append(cost)
            }
            (before, last) = (last, next)
        }
        return last[right.count]
    }
}
