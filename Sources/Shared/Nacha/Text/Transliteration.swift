/// Turns any text into the characters that Nacha records allow, before columns are cut.
///
/// Nacha records hold printable ASCII, and a column is a byte. Other characters would shift every later field.
/// - A Latin letter with marks becomes its plain letter: `é` is `E`, `ł` is `L`, `ø` is `O`.
/// - A ligature becomes its letters: `ß` is `SS`, `æ` is `AE`.
/// - A combining mark after a letter disappears. Typographic punctuation becomes its ASCII form.
/// - A control character, a line break, or any other space becomes a space.
/// - Every other character, with all its marks and joiners, becomes one `?`, so a name never becomes blank.
/// - ASCII letters become upper case.
enum Transliteration {
    /// The text in at most `columns` characters, without leading and trailing spaces.
    ///
    /// An expansion that does not fit whole ends the text: `STRAß` in five columns is `STRA`.
    static func fit(_ text: String, columns: Int) -> String {
        if text.utf8.allSatisfy(\.isPrintable) { return fit(printable: text.utf8, columns: columns) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(columns)
        for character in text {
            let expansion = ascii(character)
            if bytes.isEmpty, expansion.allSatisfy({ $0 == .space }) { continue }
            guard bytes.count + expansion.count <= columns else { break }
            bytes += expansion
        }
        while bytes.last == .space { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The same for a text that needs no table, which is most of them.
    private static func fit(printable text: String.UTF8View, columns: Int) -> String {
        var bytes = text.drop { $0 == .space }.prefix(columns).map(ascii)
        while bytes.last == .space { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The ASCII characters that stand for a character: at least one, unless it is only an invisible mark.
    private static func ascii(_ character: Character) -> [UInt8] {
        if let byte = character.asciiValue { return [ascii(byte)] }
        var bytes: [UInt8] = []
        for scalar in character.unicodeScalars {
            if let known = known(scalar) { bytes += known } else if !isInvisible(scalar) { return [UInt8(ascii: "?")] }
        }
        return bytes
    }

    /// `Character.asciiValue` gives a line feed for a carriage return and line feed, so that pair is one space.
    private static func ascii(_ byte: UInt8) -> UInt8 {
        guard byte.isPrintable else { return .space }
        return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) ? byte - 0x20 : byte
    }

    private static func known(_ scalar: Unicode.Scalar) -> [UInt8]? {
        if scalar.isASCII { return [ascii(UInt8(scalar.value))] }
        if let expansion = table[scalar.value] { return expansion }
        return scalar.properties.isWhitespace || scalar.properties.generalCategory == .control ? [.space] : nil
    }

    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .spacingMark, .format: true
        default: false
        }
    }

    /// Every scalar outside ASCII that has a form of its own.
    private static let table: [UInt32: [UInt8]] = {
        var table: [UInt32: [UInt8]] = [:]
        for (plain, marked) in LatinLetters.rows {
            for scalar in marked.unicodeScalars { table[scalar.value] = Array(plain.utf8) }
        }
        for (character, text) in Expansions.ligatures + Expansions.punctuation {
            for scalar in character.unicodeScalars { table[scalar.value] = Array(text.utf8) }
        }
        return table
    }()
}
