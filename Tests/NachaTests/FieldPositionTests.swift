import Nacha
import Testing

/// The table of Appendix Three (and Four and Five for returns and notifications), typed a second time.
@Suite("Field positions")
struct FieldPositionTests {
    typealias Position = (name: String, column: Int, length: Int)

    @Test("Every field has the position of the Nacha Operating Rules", arguments: RecordLayout.allCases)
    func positions(layout: RecordLayout) throws {
        let expected = try #require(Self.table[layout])
        #expect(layout.fields.map(\.name) == expected.map(\.name))
        #expect(layout.fields.map(\.column) == expected.map(\.column))
        #expect(layout.fields.map(\.length) == expected.map(\.length))
    }

    @Test("The fields of a record cover columns 1 to 94 without a gap", arguments: RecordLayout.allCases)
    func contiguous(layout: RecordLayout) {
        var next = 1
        for field in layout.fields {
            #expect(field.column == next)
            next = field.lastColumn + 1
        }
        #expect(next == 95)
    }

    private static let entryStart: [Position] = [
        ("record type code", 1, 1), ("transaction code", 2, 2), ("receiving DFI identification", 4, 8),
        ("check digit", 12, 1), ("DFI account number", 13, 17), ("amount", 30, 10), ("identification number", 40, 15),
    ]

    private static let entryEnd: [Position] = [
        ("discretionary data", 77, 2), ("addenda record indicator", 79, 1), ("trace number", 80, 15),
    ]

    private static let addendaStart: [Position] = [("record type code", 1, 1), ("addenda type code", 2, 2)]

    private static let original: [Position] = [("original entry trace number", 7, 15)]

    private static let receiver: [Position] = [("original receiving DFI identification", 28, 8)]

    private static let trace: [Position] = [("trace number", 80, 15)]

    private static let table: [RecordLayout: [Position]] = [
        .fileHeader: [
            ("record type code", 1, 1), ("priority code", 2, 2), ("immediate destination", 4, 10),
            ("immediate origin", 14, 10), ("file creation date", 24, 6), ("file creation time", 30, 4),
            ("file ID modifier", 34, 1), ("record size", 35, 3), ("blocking factor", 38, 2), ("format code", 40, 1),
            ("immediate destination name", 41, 23), ("immediate origin name", 64, 23), ("reference code", 87, 8),
        ],
        .batchHeader: [
            ("record type code", 1, 1), ("service class code", 2, 3), ("company name", 5, 16),
            ("company discretionary data", 21, 20), ("company identification", 41, 10),
            ("standard entry class code", 51, 3), ("company entry description", 54, 10),
            ("company descriptive date", 64, 6), ("effective entry date", 70, 6), ("settlement date", 76, 3),
            ("originator status code", 79, 1), ("originating DFI identification", 80, 8), ("batch number", 88, 7),
        ],
        .entryDetail: entryStart + [("name", 55, 22)] + entryEnd,
        .corporateEntryDetail: entryStart
            + [("number of addenda records", 55, 4), ("receiving company name", 59, 16), ("reserved", 75, 2)]
            + entryEnd,
        .paymentAddenda: addendaStart + [
            ("payment related information", 4, 80), ("addenda sequence number", 84, 4),
            ("entry detail sequence number", 88, 7),
        ],
        .changeAddenda: addendaStart + [("change code", 4, 3)] + original + [("first reserved", 22, 6)] + receiver
            + [("corrected data", 36, 29), ("second reserved", 65, 15)] + trace,
        .returnAddenda: addendaStart + [("return reason code", 4, 3)] + original + [("date of death", 22, 6)]
            + receiver + [("addenda information", 36, 44)] + trace,
        .dishonoredAddenda: addendaStart + [("dishonored return reason code", 4, 3)] + original
            + [("first reserved", 22, 6)] + receiver + [
                ("second reserved", 36, 3), ("return trace number", 39, 15), ("return settlement date", 54, 3),
                ("return reason code", 57, 2), ("addenda information", 59, 21),
            ] + trace,
        .contestedAddenda: addendaStart + [("contested dishonored return reason code", 4, 3)] + original
            + [("date original entry returned", 22, 6)] + receiver + [
                ("original settlement date", 36, 3), ("return trace number", 39, 15),
                ("return settlement date", 54, 3), ("return reason code", 57, 2),
                ("dishonored return trace number", 59, 15), ("dishonored return settlement date", 74, 3),
                ("dishonored return reason code", 77, 2), ("reserved", 79, 1),
            ] + trace,
        .batchControl: [
            ("record type code", 1, 1), ("service class code", 2, 3), ("entry/addenda count", 5, 6),
            ("entry hash", 11, 10), ("total debit amount", 21, 12), ("total credit amount", 33, 12),
            ("company identification", 45, 10), ("message authentication code", 55, 19), ("reserved", 74, 6),
            ("originating DFI identification", 80, 8), ("batch number", 88, 7),
        ],
        .fileControl: [
            ("record type code", 1, 1), ("batch count", 2, 6), ("block count", 8, 6), ("entry/addenda count", 14, 8),
            ("entry hash", 22, 10), ("total debit amount", 32, 12), ("total credit amount", 44, 12),
            ("reserved", 56, 39),
        ],
    ]
}
