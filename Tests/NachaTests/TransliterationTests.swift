import Nacha
import Testing

@Suite("Transliteration")
struct TransliterationTests {
    @Test(
        "Text becomes upper-case printable ASCII",
        arguments: [
            ("Sample Payer", "SAMPLE PAYER"), ("Société Générale", "SOCIETE GENERALE"),
            ("Müßig & Söhne", "MUSSIG & SOHNE"), ("Ærø Łódź", "AERO LODZ"), ("İstanbul ığüşöç", "ISTANBUL IGUSOC"),
            ("Đà Nẵng", "DA NANG"), ("Þurð Ðísir", "THURD DISIR"), ("ĲSSEL œuvre", "IJSSEL OEUVRE"),
            ("ﬁﬂ ﬃ", "FIFL FFI"),
            ("STRAẞE", "STRASSE"), ("Țăruș", "TARUS"), ("Ǆ ǉ", "DZ LJ"),
            ("Driver’s “quoted” – dash…", "DRIVER'S \"QUOTED\" - DASH..."), ("№ 5 €7 ½", "NO 5 EUR7 1/2"),
            ("e\u{301}a\u{308}", "EA"), ("co\u{AD}op", "COOP"), ("\u{FEFF}BOM", "BOM"), ("a\u{200D}b", "AB"),
            ("tab\tline\nbreak\r\nend", "TAB LINE BREAK END"), ("a\u{0}b\u{7F}c\u{85}d", "A B C D"),
            ("no\u{A0}break\u{2009}thin\u{3000}wide", "NO BREAK THIN WIDE"),
            ("  trimmed  ", "TRIMMED"), ("inner  spaces", "INNER  SPACES"),
            ("日本", "??"), ("Привет", "??????"), ("a👩‍👩‍👧b", "A?B"), ("🇺🇸", "?"), ("", ""), (" \n\t ", ""),
        ])
    func text(text: String, expected: String) {
        #expect(NachaText(transliterating: text, columns: 80).value == expected)
    }

    @Test(
        "The cut never splits an expansion",
        arguments: [
            ("Straße", 4, "STRA"), ("Straße", 5, "STRA"), ("Straße", 6, "STRASS"), ("Straße", 7, "STRASSE"),
            ("æ", 1, ""), ("æ", 2, "AE"), ("aﬃx", 3, "A"), ("aﬃx", 4, "AFFI"), ("abc def", 4, "ABC"), ("abc", 0, ""),
            ("ééééé", 3, "EEE"),
        ])
    func cut(text: String, columns: Int, expected: String) {
        #expect(NachaText(transliterating: text, columns: columns).value == expected)
    }

    @Test("Every scalar of Unicode becomes printable ASCII of at most ten characters")
    func everyScalar() {
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = NachaText(transliterating: String(scalar), columns: 10).value
            if !text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) || text.contains(where: \.isLowercase) {
                Issue.record("U+\(String(value, radix: 16)) became \(text)")
            }
        }
    }

    @Test("Every letter of the Latin blocks has a plain form", arguments: [0xC0...0x24F, 0x1E00...0x1EFF])
    func latinBlocks(block: ClosedRange<UInt32>) {
        let letters = block.compactMap(Unicode.Scalar.init).filter(\.properties.isAlphabetic)
        let unknown = letters.filter { NachaText(transliterating: String($0), columns: 3).value == "?" }
        #expect(Double(unknown.count) / Double(letters.count) < 0.12, "\(unknown.map(String.init))")
    }

    @Test("Columns after a name with marks do not shift")
    func columns() throws {
        let entry = try Sample.entry(name: "Noël Straße-Łąka Ægir ñandú")
        let columns = NachaRecord.entryDetail(entry).columns
        #expect(columns.count == 94)
        #expect(String(decoding: columns[54..<76], as: UTF8.self) == "NOEL STRASSE-LAKA AEGI")
        #expect(String(decoding: columns[79..<94], as: UTF8.self) == "121042880000001")
    }
}
