import Nacha
import Testing

@Suite("Values")
struct ValueTests {
    @Test(
        "A routing number needs nine digits and the right check digit",
        arguments: [
            ("021000021", true), ("091000019", true), ("122105155", true), ("011401533", true),
            ("021000020", false), ("021000012", false), ("000000000", false), ("02100002", false),
            ("0210000211", false),
            ("02100002X", false), ("０21000021", false), ("", false),
        ])
    func routing(digits: String, isValid: Bool) {
        #expect((RoutingTransitNumber(digits) != nil) == isValid)
        if isValid { #expect(RoutingTransitNumber(digits)?.description == digits) }
    }

    @Test("Every transaction code has its direction, account, and purpose")
    func codes() {
        let debits = TransactionCode.allCases.filter(\.isDebit).map(\.rawValue)
        #expect(debits == [26, 27, 28, 29, 36, 37, 38, 39])
        #expect(TransactionCode.allCases.filter(\.isSavings).map(\.rawValue) == [31, 32, 33, 34, 36, 37, 38, 39])
        #expect(TransactionCode.allCases.filter { $0.purpose == .returned }.map(\.rawValue) == [21, 26, 31, 36])
        #expect(TransactionCode.allCases.filter { $0.purpose == .live }.map(\.rawValue) == [22, 27, 32, 37])
        #expect(TransactionCode.allCases.filter { $0.purpose == .prenote }.map(\.rawValue) == [23, 28, 33, 38])
        #expect(TransactionCode.allCases.filter { $0.purpose == .zeroDollar }.map(\.rawValue) == [24, 29, 34, 39])
    }

    @Test(
        "A date is a day of the calendar",
        arguments: [
            (2026, 12, 31, true), (2028, 2, 29, true), (2026, 2, 29, false), (2026, 4, 31, false), (2026, 0, 1, false),
            (2026, 13, 1, false), (1999, 12, 31, false), (2100, 1, 1, false), (2000, 2, 29, true),
        ])
    func dates(year: Int, month: Int, day: Int, isValid: Bool) {
        #expect((NachaDate(year: year, month: month, day: day) != nil) == isValid)
    }

    @Test("File ID modifiers are A to Z, then 0 to 9")
    func modifiers() {
        let all = (0..<FileIDModifier.count).compactMap(FileIDModifier.init(index:)).map(\.description).joined()
        #expect(all == "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
        #expect(FileIDModifier(index: 36) == nil)
        #expect(FileIDModifier(index: -1) == nil)
        #expect(FileIDModifier(character: UInt8(ascii: "a")) == nil)
    }

    @Test(
        "An account number has 1 to 17 printable characters and prints masked",
        arguments: [
            ("1", true), ("12345678901234567", true), ("a-B 9", true), ("", false), ("123456789012345678", false),
            (" 1", false), ("1 ", false), ("1\u{7}", false), ("é", false),
        ])
    func accounts(text: String, isValid: Bool) {
        let account = DFIAccountNumber(text)
        #expect((account != nil) == isValid)
        if text.utf8.count == 17 { #expect(account?.description == "…67") }
        if text == "1" { #expect(account?.description == "…") }
    }

    @Test(
        "A file address has a space and nine digits, or ten letters or digits",
        arguments: [
            ("021000021", " 021000021"), (" 021000021", " 021000021"), ("1123456789", "1123456789"),
            ("ABC1234567", "ABC1234567"),
        ])
    func addresses(text: String, columns: String) {
        #expect(FileAddress(text)?.columns == columns)
    }

    @Test("Other file addresses are refused", arguments: ["", "12345678", "12345678901", "abc1234567", " ABC123456"])
    func badAddresses(text: String) {
        #expect(FileAddress(text) == nil)
    }

    @Test(
        "Return codes know their kind",
        arguments: [
            ("R01", false, false), ("R60", false, false), ("R61", true, false), ("R70", true, false),
            ("R71", false, true),
            ("R77", false, true), ("R78", false, false), ("R90", false, false),
        ])
    func returnCodes(text: String, isDishonored: Bool, isContested: Bool) throws {
        let code = try #require(ReturnCode(text))
        #expect(code.description == text)
        #expect(code.isDishonored == isDishonored)
        #expect(code.isContested == isContested)
    }

    @Test("Texts that are no codes are refused", arguments: ["", "R", "R1", "R00", "R001", "C01", "r01", "R0X"])
    func noReturnCodes(text: String) {
        #expect(ReturnCode(text) == nil)
        if text != "C01" { #expect(ChangeCode(text) == nil) }
    }

    @Test("A trace number joins the institution and the sequence")
    func traces() throws {
        let trace = try Sample.trace(42)
        #expect(trace.description == "121042880000042")
        #expect(TraceNumber("121042880000042") == trace)
        #expect(TraceNumber("000000000000042") == nil)
        #expect(TraceNumber(institution: trace.institution, sequence: 10_000_000) == nil)
        #expect(TraceNumber(institution: trace.institution, sequence: -1) == nil)
    }

    @Test("Values that do not fit their field are refused by its name")
    func refused() throws {
        #expect(throws: NachaValueError.self) { try Sample.entry(amount: 10_000_000_000) }
        #expect(throws: NachaValueError.self) { try Sample.entry(amount: -1) }
        #expect(throws: NachaValueError.self) { try Sample.batch(number: 0) }
        #expect(throws: NachaValueError.self) { try Sample.batch(number: 10_000_000) }
        let error = #expect(throws: NachaValueError.self) { try Sample.entry(name: " \u{200B} ") }
        #expect(error?.field == "name")
        #expect(error?.rule == .mustNotBeBlank)
    }
}
