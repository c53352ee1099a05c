import PaymentLinks
import Testing

@Suite("Folding of ASCII letters")
struct ASCIIFoldingTests {
    private static let folds: [(String, String)] = [
        ("", ""), ("abc", "abc"), ("ABCXYZ", "abcxyz"), ("A@Z[`{", "a@z[`{"), ("1-_.", "1-_."),
        ("\u{212A}ELVIN", "\u{212A}elvin"), ("\u{C4}\u{D6}", "\u{C4}\u{D6}"), ("\u{130}I", "\u{130}i"),
        ("A\u{30A}", "a\u{30A}"),
    ]

    @Test("Only A to Z have a lower case", arguments: folds)
    func folding(row: (String, String)) {
        #expect(Array(row.0.asciiLowercased.unicodeScalars) == Array(row.1.unicodeScalars))
        #expect(Array(Substring(row.0).asciiLowercased.utf8) == Array(row.1.utf8))
    }

    private static let pairs: [(String, String, areEqual: Bool)] = [
        ("Payer@Example.COM", "pAYER@eXAMPLE.com", true), ("k@example.com", "\u{212A}@example.com", false),
        ("K@example.com", "\u{212A}@example.com", false), ("\u{E9}@example.com", "e\u{301}@example.com", false),
        ("\u{C9}@example.com", "\u{E9}@example.com", false), ("\u{E9}@example.com", "\u{E9}@EXAMPLE.com", true),
        ("a@exampl\u{E9}.com", "a@exampl\u{E9}.com", true),
    ]

    @Test("Email addresses are equal without the case of ASCII letters, and byte for byte otherwise", arguments: pairs)
    func emails(row: (String, String, areEqual: Bool)) throws {
        let (one, other) = (try EmailAddress(row.0), try EmailAddress(row.1))
        #expect((one == other) == row.areEqual)
        #expect(Set([one, other]).count == (row.areEqual ? 1 : 2))
    }

    @Test("A chain's name in another alphabet's letters is no chain")
    func chains() {
        #expect(Chain(name: "BASE") == .base)
        #expect(Chain(name: "\u{212A}base") == nil && Chain(name: "ba\u{17F}e") == nil)
    }
}
