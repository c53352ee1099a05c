/// Passwords and cookies for servers that are private to us.
package enum RandomSecret {
    /// 192 random bits in hexadecimal: nothing in it needs quoting in a URL, a shell or a configuration file.
    package static func text() -> String {
        (0..<24).map { _ in
            let byte = UInt8.random(in: .min ... .max)
            return (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
