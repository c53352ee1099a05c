import ArgumentParser
import Foundation

/// A secret that a command takes from a file, from standard input, or from an option that other users can see.
struct SecretInput {
    /// What follows an option that takes a secret, in its help.
    static let visibility = "Other users of this machine can see it in the list of processes."
    /// In bytes.
    private static let longest = 1 << 16

    /// Such as `--api-key`. `--api-key-file` is the safe form.
    let option: String
    let value: String?
    let file: String?
    /// Whether a value is a secret, as an address with a password is.
    var isSecret: (String) -> Bool = { _ in true }

    var isGiven: Bool { value != nil || file != nil }

    /// The secret without the end of its line; nil if neither option is given.
    func read() throws -> String? {
        guard let file else { return value.map(shown) }
        if value != nil { throw ValidationError("Give \(option) or \(option)-file, not both.") }
        let text = String(decoding: try bytes(of: file), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        if text.isEmpty { throw ValidationError("\(option)-file: \(file) is empty.") }
        return text
    }

    private func shown(_ value: String) -> String {
        if isSecret(value) {
            Failure.warn("other users can see \(option) in the list of processes. Use \(option)-file instead.")
        }
        return value
    }

    private func bytes(of file: String) throws -> Data {
        do {
            let handle: FileHandle =
                try file == "-" ? .standardInput : FileHandle(forReadingFrom: URL(fileURLWithPath: file))
            let data = try handle.read(upToCount: Self.longest + 1) ?? Data()
            if data.count <= Self.longest { return data }
        } catch {
            throw ValidationError("\(option)-file: \(file) cannot be read.")
        }
        throw ValidationError("\(option)-file: \(file) is longer than \(Self.longest) bytes.")
    }

    /// Whether an address, or one of a list of addresses, has a password.
    static func hasPassword(_ address: String) -> Bool {
        address.contains(/:\/\/[^\/@]*:[^\/@]+@/) || address.contains(/password\s*=/)
    }
}
