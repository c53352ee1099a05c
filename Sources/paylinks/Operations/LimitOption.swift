import ArgumentParser

/// How many things a command takes on at a time.
struct LimitOption: ParsableArguments {
    @Option(help: "At most so many.")
    var limit = 1_000

    func validate() throws {
        guard (1...100_000).contains(limit) else { throw ValidationError("--limit takes 1 to 100000.") }
    }
}
