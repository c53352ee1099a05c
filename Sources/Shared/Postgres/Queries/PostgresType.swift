/// The types that cross the wire, by the identifiers that every PostgreSQL server gives them. (`pg_type.dat`)
enum PostgresType: UInt32, Sendable {
    /// The server infers the parameter's type from its place.
    case inferred = 0
    case bool = 16
    case bytea = 17
    case name = 19
    case int8 = 20
    case int4 = 23
    case text = 25
    case json = 114
    case bools = 1000
    case byteas = 1001
    case texts = 1009
    case varchars = 1015
    case int8s = 1016
    case bpchar = 1042
    case varchar = 1043
    case timestamptz = 1184
    case timestamptzs = 1185
    case uuid = 2950
    case uuids = 2951
    case jsonb = 3802
    case jsonbs = 3807
}

/// Times on the wire count from 2000-01-01; times here count from 1970-01-01, both in microseconds.
///
/// Both directions saturate, so that `Int64.max` stands for the server's `infinity` and `Int64.min` for `-infinity`.
enum PostgresEpoch {
    private static let offsetMicroseconds: Int64 = 946_684_800_000_000

    static func wire(unix microseconds: Int64) -> Int64 {
        if microseconds == .max { return .max }
        let (difference, hasOverflowed) = microseconds.subtractingReportingOverflow(offsetMicroseconds)
        return hasOverflowed ? .min : difference
    }

    static func unix(wire microseconds: Int64) -> Int64 {
        if microseconds == .min { return .min }
        let (sum, hasOverflowed) = microseconds.addingReportingOverflow(offsetMicroseconds)
        return hasOverflowed ? .max : sum
    }
}
