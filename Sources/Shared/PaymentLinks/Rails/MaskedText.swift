/// A value that never shows itself in clear, however it is printed, dumped or interpolated.
package protocol MaskedText: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var unmasked: String { get }
}

extension MaskedText {
    /// Four stars and the last four characters, but the stars alone where that would leave fewer than four hidden.
    package var description: String {
        unmasked.count >= 8 ? "****\(unmasked.suffix(4))" : "****"
    }

    package var debugDescription: String { description }

    package var customMirror: Mirror { Mirror(self, children: ["masked": description]) }
}
