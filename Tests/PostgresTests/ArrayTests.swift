import Postgres
import Testing

@Suite("Arrays travel there and back")
struct ArrayTests {
    private func row(_ sql: String, _ values: [PostgresValue]) async throws -> Row {
        let results = try await TestServer().withConnection { try await $0.run([Query(sql, values)]) }
        return try #require(results[0].rows.first)
    }

    @Test("bigint[]", arguments: [[], [1], [.min, 0, .max], Array(0..<1000)] as [[Int64]])
    func int64s(_ values: [Int64]) async throws {
        #expect(try await row("SELECT $1::bigint[]", [.int64s(values)]).int64s(0) == values)
    }

    @Test("uuid[]", arguments: [[], [0, .max], (0..<500).map { UInt128($0) << 64 }] as [[UInt128]])
    func uuids(_ values: [UInt128]) async throws {
        #expect(try await row("SELECT $1::uuid[]", [.uuids(values)]).uuids(0) == values)
    }

    @Test("text[]", arguments: [[], [""], ["a", "", "{\"}", "NULL", "é"]])
    func texts(_ values: [String]) async throws {
        #expect(try await row("SELECT $1::text[]", [.texts(values)]).texts(0) == values)
        #expect(try await row("SELECT $1::text[]::varchar[]", [.texts(values)]).texts(0) == values)
    }

    @Test("unnest side by side, each NULL in its place")
    func unnest() async throws {
        let sql = """
            SELECT a, b, c, d, e, f, g
            FROM unnest(
              $1::bigint[], $2::text[], $3::uuid[], $4::timestamptz[], $5::boolean[], $6::bytea[], $7::jsonb[])
              AS t (a, b, c, d, e, f, g)
            """
        let values: [PostgresValue] = [
            .int64s([7, nil]), .texts([nil, "b"]), .uuids([nil, 9]), .timestamps([1_000_000, nil]),
            .bools([true, false]), .bytesArray([nil, [1, 2]]), .jsonbs(["{}", nil]),
        ]
        let results = try await TestServer().withConnection { try await $0.run([Query(sql, values)]) }
        let rows = results[0].rows
        try #require(rows.count == 2)
        #expect(try rows[0].int64(0) == 7 && rows[1].int64IfPresent(0) == nil)
        #expect(try rows[0].textIfPresent(1) == nil && rows[1].text(1) == "b")
        #expect(try rows[0].uuidIfPresent(2) == nil && rows[1].uuid(2) == 9)
        #expect(try rows[0].timestamp(3) == 1_000_000 && rows[1].timestampIfPresent(3) == nil)
        #expect(try rows[0].bool(4) && !rows[1].bool(4))
        #expect(try rows[0].bytesIfPresent(5) == nil && rows[1].bytes(5) == [1, 2])
        #expect(try rows[0].jsonb(6) == "{}" && rows[1].jsonbIfPresent(6) == nil)
    }

    @Test("empty arrays of every type are empty, not NULL")
    func empties() async throws {
        let sql = """
            SELECT cardinality($1::bigint[]), cardinality($2::text[]), cardinality($3::uuid[]),
              cardinality($4::timestamptz[]), cardinality($5::boolean[]), cardinality($6::bytea[]),
              cardinality($7::jsonb[])
            """
        let values: [PostgresValue] = [
            .int64s([]), .texts([]), .uuids([]), .timestamps([]), .bools([]), .bytesArray([]), .jsonbs([]),
        ]
        let row = try await row(sql, values)
        for column in 0..<7 { #expect(try row.int32(column) == 0) }
    }

    @Test("an array with a NULL, or of two dimensions, is refused by the readers")
    func refused() async throws {
        let row = try await row("SELECT ARRAY[1, NULL]::bigint[] AS holes, ARRAY[[1], [2]]::bigint[] AS square", [])
        #expect(throws: PostgresError.self) { try row.int64s(0) }
        #expect(throws: PostgresError.self) { try row.int64s(1) }
    }
}
