import Foundation
import Postgres
import Testing

@Suite("Values travel there and back")
struct ValueTests {
    /// Sends one value and hands `read` the row with it.
    private func roundTrip<Value>(
        _ value: PostgresValue, as type: String, _ read: (Row) throws -> Value
    ) async throws -> Value {
        try await TestServer().withConnection { connection in
            let results = try await connection.run([Query("SELECT $1::\(type) AS value", [value])])
            return try read(#require(results.first?.rows.first))
        }
    }

    @Test("bigint", arguments: [0, 1, -1, .max, .min] as [Int64])
    func int64(_ value: Int64) async throws {
        #expect(try await roundTrip(.int64(value), as: "bigint") { try $0.int64(0) } == value)
    }

    @Test("integer", arguments: [0, 1, -1, .max, .min] as [Int32])
    func int32(_ value: Int32) async throws {
        #expect(try await roundTrip(.int32(value), as: "integer") { try $0.int32(0) } == value)
    }

    @Test("boolean", arguments: [true, false])
    func bool(_ value: Bool) async throws {
        #expect(try await roundTrip(.bool(value), as: "boolean") { try $0.bool(0) } == value)
    }

    @Test(
        "text",
        arguments: [
            "", "a", "naïve café", "🇺🇸 \u{10FFFF}", "'; DROP TABLE x; --", String(repeating: "x", count: 100_000),
        ])
    func text(_ value: String) async throws {
        #expect(try await roundTrip(.text(value), as: "text") { try $0.text(0) } == value)
    }

    @Test("text with a zero byte is refused by the server")
    func zeroByte() async throws {
        let error = await failure { _ = try await roundTrip(.text("a\0b"), as: "text") { try $0.text(0) } }
        #expect(error?.sqlState == "22021")
    }

    @Test("bytea", arguments: [[], [0], [0, 255, 0, 1], [UInt8](repeating: 7, count: 100_000)] as [[UInt8]])
    func bytes(_ value: [UInt8]) async throws {
        #expect(try await roundTrip(.bytes(value), as: "bytea") { try $0.bytes(0) } == value)
    }

    @Test("uuid", arguments: [0, 1, .max, 0x0123_4567_89AB_CDEF_0123_4567_89AB_CDEF] as [UInt128])
    func uuid(_ value: UInt128) async throws {
        #expect(try await roundTrip(.uuid(value), as: "uuid") { try $0.uuid(0) } == value)
    }

    @Test("uuid's bits are in the order of its text")
    func uuidOrder() async throws {
        let text = try await roundTrip(.uuid(0x0123_4567_89AB_CDEF_0011_2233_4455_6677), as: "uuid::text") {
            try $0.text(0)
        }
        #expect(text == "01234567-89ab-cdef-0011-223344556677")
    }

    @Test("timestamptz", arguments: [0, 1, -1, 1_775_001_600_123_456, -2_208_988_800_000_000, .max, .min] as [Int64])
    func timestamp(_ value: Int64) async throws {
        let returned = try await roundTrip(.timestamp(microseconds: value), as: "timestamptz") { try $0.timestamp(0) }
        #expect(returned == value)
    }

    @Test(
        "timestamptz means the instant that the server reads",
        arguments: [
            (0, "1970-01-01 00:00:00+00"), (1_775_001_600_123_456, "2026-04-01 00:00:00.123456+00"),
            (.max, "infinity"), (.min, "-infinity"),
        ] as [(Int64, String)])
    func timestampMeaning(_ value: Int64, text: String) async throws {
        let isSame = try await roundTrip(.timestamp(microseconds: value), as: "timestamptz = '\(text)'::timestamptz") {
            try $0.bool(0)
        }
        #expect(isSame)
    }

    @Test("jsonb", arguments: ["null", "{}", #"{"a": [1, 2.5, "é"]}"#, "[]"])
    func jsonb(_ value: String) async throws {
        #expect(try await roundTrip(.jsonb(value), as: "jsonb") { try $0.jsonb(0) } == value)
        #expect(try await roundTrip(.jsonb(value), as: "jsonb::text::json") { try $0.jsonb(0) } == value)
    }

    @Test("NULL of every type")
    func nulls() async throws {
        let sql = """
            SELECT $1::bigint, $2::integer, $3::boolean, $4::text, $5::bytea, $6::uuid, $7::timestamptz, $8::jsonb,
              $9::bigint
            """
        let values: [PostgresValue] = [
            .int64(nil), .int32(nil), .bool(nil), .text(nil), .bytes(nil), .uuid(nil), .timestamp(microseconds: nil),
            .jsonb(nil), .null,
        ]
        let results = try await TestServer().withConnection { try await $0.run([Query(sql, values)]) }
        let row = try #require(results[0].rows.first)
        #expect(try row.int64IfPresent(0) == nil && row.int32IfPresent(1) == nil && row.boolIfPresent(2) == nil)
        #expect(try row.textIfPresent(3) == nil && row.bytesIfPresent(4) == nil && row.uuidIfPresent(5) == nil)
        #expect(try row.timestampIfPresent(6) == nil && row.jsonbIfPresent(7) == nil)
        #expect(try row.int64IfPresent(8) == nil)
        #expect(throws: PostgresError.decoding("column 3 (text) is NULL")) { try row.text(3) }
    }

    @Test("a reader of another type complains by the column's name")
    func wrongType() async throws {
        let results = try await TestServer().withConnection { try await $0.run([Query("SELECT 1 AS one")]) }
        let row = try #require(results[0].rows.first)
        #expect(throws: PostgresError.decoding("column 0 (one) has type 23, not [20]")) { try row.int64(0) }
        #expect(throws: PostgresError.decoding("the result has no column 1")) { try row.int32(1) }
        #expect(throws: PostgresError.decoding("the result has no column -1")) { try row.jsonb(-1) }
    }
}
