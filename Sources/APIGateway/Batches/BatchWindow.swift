/// Which chunks of a batch are worked on, and whose answers are due: in the order of the lines; pure.
package struct BatchWindow<Answers: Sendable>: Sendable {
    private let limit: Int
    private var begun = 0
    private var written = 0
    private var waiting: [Int: Answers] = [:]

    /// - Parameter limit: the most chunks that are begun and not written.
    package init(limit: Int) {
        self.limit = limit
    }

    package var hasRoom: Bool { begun - written < limit }
    package var isEmpty: Bool { begun == written }

    /// Gives the next chunk its number.
    package mutating func begin() -> Int {
        defer { begun += 1 }
        return begun
    }

    /// Takes a chunk's answers on, and gives those that are to be written now.
    package mutating func finish(_ number: Int, _ answers: Answers) -> [Answers] {
        waiting[number] = answers
        var due: [Answers] = []
        while let next = waiting.removeValue(forKey: written) {
            due.append(next)
            written += 1
        }
        return due
    }
}
