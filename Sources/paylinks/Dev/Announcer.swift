import Foundation

/// Tells the person at the terminal what happens, and how long it has taken so far.
struct Announcer: Sendable {
    let isQuiet: Bool
    private let began = ContinuousClock.now

    init(isQuiet: Bool) {
        self.isQuiet = isQuiet
    }

    /// Progress: one line with the time since the start.
    func say(_ text: String) {
        if isQuiet { return }
        write("\(elapsed)  \(text)\n", to: .standardOutput)
    }

    /// A text of its own, without the time.
    func show(_ text: String) {
        if isQuiet { return }
        write(text + "\n", to: .standardOutput)
    }

    /// Something that should not be; printed even when quiet.
    func warn(_ text: String) {
        write("\(elapsed)  \(text)\n", to: .standardError)
    }

    private var elapsed: String {
        let tenths = Int((ContinuousClock.now - began) / .milliseconds(100))
        let text = "\(tenths / 10).\(tenths % 10) s"
        return String(repeating: " ", count: max(0, 8 - text.count)) + text
    }

    private func write(_ text: String, to file: FileHandle) {
        // A closed terminal must not end the system.
        try? file.write(contentsOf: Data(text.utf8))
    }
}
