import ArgumentParser
import PaymentLinks
import ServiceHost

extension Identifier {
    /// Reads an id from the command line, or says what one of this kind looks like.
    static func parse(_ text: String) throws -> Self {
        guard let id = Self(text) else {
            throw ValidationError("\(text) is no id of this kind: one looks like \(Kind.prefix)01J….")
        }
        return id
    }
}

extension Duration {
    /// Reads a duration as settings spell it.
    static func parse(_ text: String) throws -> Duration {
        guard let duration = Duration(setting: text) else {
            throw ValidationError("\(text) is not a duration: write 90s, 30m, 12h, or 7d, at most 36500d.")
        }
        return duration
    }
}
