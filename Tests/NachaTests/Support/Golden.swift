import Foundation

/// The golden files, whose lines were written by hand and not by this library.
enum Golden: String, CaseIterable {
    case webAndPPD = "web-and-ppd"
    case ccdAndCTX = "ccd-and-ctx"
    case returns

    var bytes: [UInt8] {
        get throws {
            let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Golden").standardized
            return Array(try Data(contentsOf: folder.appending(path: "\(rawValue).ach")))
        }
    }

    /// The records without line breaks and padding.
    var lines: [String] {
        get throws {
            String(decoding: try bytes, as: UTF8.self)
                .split(whereSeparator: \.isNewline).map(String.init)
                .filter { !$0.allSatisfy { $0 == "9" } }
        }
    }
}

extension [String] {
    /// The lines as a file of LF.
    var file: [UInt8] { flatMap { [UInt8]($0.utf8) + [0x0A] } }

    /// The same lines with one text put over the columns that start at `column`, counted from 1.
    func putting(_ text: String, line: Int, column: Int) -> [String] {
        var lines = self
        var bytes = [UInt8](lines[line - 1].utf8)
        bytes.replaceSubrange(column - 1..<column - 1 + text.utf8.count, with: text.utf8)
        lines[line - 1] = String(decoding: bytes, as: UTF8.self)
        return lines
    }
}
