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
    /// Reads a span of time, spelt as in settings.
    static func parse(_ text: String) throws -> Duration {
        guard let duration = Duration(setting: text) else {
            throw ValidationError("\(text) is no span of time: one looks like 90s, 30m, 12h or 7d.")
        }
        return duration
    }
}
