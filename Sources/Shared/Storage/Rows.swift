import Foundation
import PaymentLinks
import Postgres

extension ResultSet {
    /// The only row of a statement that always has one.
    func firstRow() throws -> Row {
        guard let row = rows.first else { throw StorageError.unreadable("a row was expected and none came") }
        return row
    }
}

extension Row {
    func identifier<Kind>(_ column: Int, of: Kind.Type = Kind.self) throws -> Identifier<Kind> {
        Identifier(bits: try uuid(column))
    }

    func identifierIfPresent<Kind>(_ column: Int, of: Kind.Type = Kind.self) throws -> Identifier<Kind>? {
        try uuidIfPresent(column).map { Identifier(bits: $0) }
    }

    func time(_ column: Int) throws -> Timestamp {
        Timestamp(microseconds: try timestamp(column))
    }

    func timeIfPresent(_ column: Int) throws -> Timestamp? {
        try timestampIfPresent(column).map(Timestamp.init(microseconds:))
    }

    /// Reads text that must be one of an enumeration's names.
    func name<Value: RawRepresentable<String>>(_ column: Int, of: Value.Type = Value.self) throws -> Value {
        let text = try text(column)
        guard let value = Value(rawValue: text) else {
            throw StorageError.unreadable("column \(column) holds a name that is not known: \(text)")
        }
        return value
    }

    func nameIfPresent<Value: RawRepresentable<String>>(_ column: Int, of: Value.Type = Value.self) throws -> Value? {
        try textIfPresent(column) == nil ? nil : name(column)
    }

    func slug(_ column: Int) throws -> Slug {
        guard let slug = Slug(try text(column)) else { throw StorageError.unreadable("column \(column) holds no slug") }
        return slug
    }

    func digest(_ column: Int) throws -> Digest {
        guard let digest = Digest(bytes: try bytes(column)) else {
            throw StorageError.unreadable("column \(column) holds no digest")
        }
        return digest
    }

    /// Reads an amount and, in the next column, its currency.
    func money(_ column: Int) throws -> Money {
        Money(minorUnits: try int64(column), currency: try name(column + 1))
    }

    func decodedIfPresent<Value: Decodable>(_ column: Int, as: Value.Type = Value.self) throws -> Value? {
        try jsonbIfPresent(column).map { try decoded($0) }
    }
}

/// Decodes the text of a `jsonb` column.
func decoded<Value: Decodable>(_ json: String, as: Value.Type = Value.self) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(json.utf8))
}

/// Encodes a value for a `jsonb` column.
func json(_ value: some Encodable) throws -> String {
    String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
}

extension Array where Element: Sendable {
    /// One parameter array out of these elements: a column of the rows that `unnest` makes.
    func uuids<Kind>(_ id: (Element) -> Identifier<Kind>?) -> PostgresValue { .uuids(map { id($0)?.bits }) }
    func texts(_ text: (Element) -> String?) -> PostgresValue { .texts(map(text)) }
    func int64s(_ number: (Element) -> Int64?) -> PostgresValue { .int64s(map(number)) }
    func times(_ time: (Element) -> Timestamp?) -> PostgresValue { .timestamps(map { time($0)?.microseconds }) }
    func byteStrings(_ bytes: (Element) -> [UInt8]?) -> PostgresValue { .bytesArray(map(bytes)) }
    func jsonbs(_ json: (Element) -> String?) -> PostgresValue { .jsonbs(map(json)) }
}

extension PostgresValue {
    static func id<Kind>(_ id: Identifier<Kind>?) -> PostgresValue { .uuid(id?.bits) }
    static func time(_ time: Timestamp?) -> PostgresValue { .timestamp(microseconds: time?.microseconds) }
}
