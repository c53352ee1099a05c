/// Why a message cannot be read: the text tells operators which rule it breaks, and never repeats its content.
package struct UnreadableMessage: Error, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
