/// Why a text is not an e-mail address.
package enum EmailAddressError: FieldProblem, Hashable {
    case malformed
    case tooLong

    package var code: String {
        switch self {
        case .malformed: "INVALID_EMAIL"
        case .tooLong: "TOO_LONG"
        }
    }

    package var message: String {
        switch self {
        case .malformed: "Send an e-mail address, such as payer@example.com."
        case .tooLong: "Send an e-mail address of at most 254 characters."
        }
    }
}

/// An email address that keeps its spelling and is compared without the case of ASCII letters.
///
/// Other characters are compared by their bytes: a Kelvin sign is not a `k`, and a composed character is not its
/// decomposed spelling. The check finds mistakes in writing and proves nothing: only a message to the address could.
/// (RFC 5321, section 4.5.3.1 for lengths)
package struct EmailAddress: Sendable {
    /// As it was written.
    package let string: String
    /// With ASCII letters in lower case: what is compared, hashed, and looked up.
    package let folded: String

    package init(_ string: String) throws(EmailAddressError) {
        guard string.utf8.count <= 254 else { throw .tooLong }
        let parts = string.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, Self.isLocalPart(parts[0]), Self.isDomain(parts[1]) else { throw .malformed }
        self.string = string
        folded = string.asciiLowercased
    }

    private static func isLocalPart(_ text: Substring) -> Bool {
        (1...64).contains(text.utf8.count) && text.unicodeScalars.allSatisfy(isVisible)
    }

    private static func isDomain(_ text: Substring) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                && label.unicodeScalars.allSatisfy(isOfHostName)
        }
    }

    private static func isOfHostName(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "-": true
        default: !scalar.isASCII && isVisible(scalar)
        }
    }

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .spaceSeparator, .lineSeparator, .paragraphSeparator: false
        case .privateUse, .surrogate, .unassigned: false
        default: !"<>()[],;:\"\\".unicodeScalars.contains(scalar)
        }
    }
}

extension EmailAddress: Hashable {
    package static func == (left: EmailAddress, right: EmailAddress) -> Bool {
        left.folded.hasSameBytes(as: right.folded)
    }

    package func hash(into hasher: inout Hasher) {
        for byte in folded.utf8 { hasher.combine(byte) }
        hasher.combine(UInt8.max)
    }
}

extension EmailAddress: CustomStringConvertible {
    package var description: String { string }
}

extension EmailAddress: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        do throws(EmailAddressError) {
            try self.init(text)
        } catch {
            // The problem's message, never the text.
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.message)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(string)
    }
}
