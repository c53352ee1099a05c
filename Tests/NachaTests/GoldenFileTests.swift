import Nacha
import Testing

/// The totals below were added up by hand from the lines of the golden files.
@Suite("Golden files")
struct GoldenFileTests {
    @Test("Every golden file is read without a breach and written again byte for byte", arguments: Golden.allCases)
    func identical(golden: Golden) throws {
        let bytes = try golden.bytes
        let reading = FileReading(bytes)
        #expect(reading.breaches == [])
        let file = try #require(reading.file)
        #expect(try file.bytes(form: reading.form) == bytes)
    }

    @Test("WEB debits and PPD credits have the totals that were added up by hand")
    func webAndPPD() throws {
        let reading = FileReading(try Golden.webAndPPD.bytes)
        // Hash of each batch: 02100002 + 09100001 + 12210515 = 23410518.
        // Debits of batch 1: 1250.00 + 0.01 + 99.99 = 1350.00. Credits of batch 2: 50.00 + 2500.75 + 0 = 2550.75.
        expect(reading, batch: 0, count: 3, hash: 23_410_518, debit: 135_000, credit: 0)
        expect(reading, batch: 1, count: 3, hash: 23_410_518, debit: 0, credit: 255_075)
        // File hash: 2 * 23410518 = 46821036. Lines: 1 + 5 + 5 + 1 = 12, so 2 blocks and 8 lines of 9s.
        expect(reading, batches: 2, blocks: 2, count: 6, hash: 46_821_036, debit: 135_000, credit: 255_075)
    }

    @Test("CCD and CTX entries with addenda have the totals that were added up by hand")
    func ccdAndCTX() throws {
        let reading = FileReading(try Golden.ccdAndCTX.bytes)
        #expect(reading.form.lineBreak == .carriageReturnLineFeed)
        // Batch 1: 3 entries and 1 addenda record; 02100002 + 09100001 + 12210515 = 23410518; 10000.00 and 2.50.
        expect(reading, batch: 0, count: 4, hash: 23_410_518, debit: 1_000_000, credit: 250)
        // Batch 2: 1 entry and 3 addenda records.
        expect(reading, batch: 1, count: 4, hash: 9_100_001, debit: 777_700, credit: 0)
        // 23410518 + 9100001 = 32510519. 10000.00 + 7777.00 = 17777.00. Lines: 1 + 6 + 6 + 1 = 14.
        expect(reading, batches: 2, blocks: 2, count: 8, hash: 32_510_519, debit: 1_777_700, credit: 250)
    }

    @Test("Returns of every kind in one file have the totals that were added up by hand")
    func returns() throws {
        let reading = FileReading(try Golden.returns.bytes)
        // Batch 1: 3 returns; 3 * 12104288 = 36312864; debits 1250.00 + 0.01; credit 50.00.
        expect(reading, batch: 0, count: 6, hash: 36_312_864, debit: 125_001, credit: 5_000)
        expect(reading, batch: 1, count: 2, hash: 12_104_288, debit: 0, credit: 0)
        expect(reading, batch: 2, count: 2, hash: 2_100_002, debit: 9_999, credit: 0)
        expect(reading, batch: 3, count: 2, hash: 12_104_288, debit: 9_999, credit: 0)
        // 36312864 + 12104288 + 2100002 + 12104288 = 62621442. 1250.01 + 99.99 + 99.99 = 1449.99.
        // Lines: 1 + 8 + 4 + 4 + 4 + 1 = 22, so 3 blocks and 8 lines of 9s.
        expect(reading, batches: 4, blocks: 3, count: 12, hash: 62_621_442, debit: 144_999, credit: 5_000)
    }

    private func expect(_ reading: FileReading, batch: Int, count: Int64, hash: Int64, debit: Int64, credit: Int64) {
        let controls = reading.rows.compactMap { row in
            if case .batchControl(let control) = row.record { control } else { nil }
        }
        #expect(controls[batch].entryAddendaCount == count)
        #expect(controls[batch].entryHash == hash)
        #expect(controls[batch].totalDebit == debit)
        #expect(controls[batch].totalCredit == credit)
    }

    private func expect(
        _ reading: FileReading, batches: Int64, blocks: Int64, count: Int64, hash: Int64, debit: Int64, credit: Int64
    ) {
        guard case .fileControl(let control) = reading.rows.last?.record else {
            Issue.record("The last row is not a file control record.")
            return
        }
        #expect(control.batchCount == batches)
        #expect(control.blockCount == blocks)
        #expect(control.entryAddendaCount == count)
        #expect(control.entryHash == hash)
        #expect(control.totalDebit == debit)
        #expect(control.totalCredit == credit)
    }
}
