import Testing

@Suite("The README")
struct ReadmeTests {
    @Test("A reader has a link to pay by line 30: a command and its answer")
    func firstCommand() throws {
        let top = try Self.lines().prefix(30)
        let command = try #require(top.firstIndex { $0.contains("curl ") })
        let answer = try #require(top.firstIndex { $0.hasPrefix("{\"id\":\"lnk_") })
        #expect(answer > command)
        #expect(top.contains { $0.contains("make dev") })
    }

    @Test("The commands that it names can be made")
    func commands() throws {
        let made = Set(try Repository.text("Makefile").matches(of: /(?m)^([a-z]+):/).map { String($0.1) })
        let named = Set(try Repository.text("README.md").matches(of: /(?m)(?:^|`)make ([a-z]+)/).map { String($0.1) })
        #expect(named.isSuperset(of: ["dev", "test", "demo"]))
        #expect(named.isSubset(of: made))
    }

    @Test("It names every role's program")
    func roles() throws {
        let readme = try Repository.text("README.md")
        for program in try Repository.executables() { #expect(readme.contains(program), "\(program)") }
    }

    @Test("It leads to every page of the documentation")
    func pages() throws {
        let readme = try Repository.text("README.md")
        for page in try Repository.pages() where page != "README.md" {
            #expect(readme.contains("(\(page))"), "\(page)")
        }
    }

    private static func lines() throws -> [Substring] {
        try Repository.text("README.md").split(separator: "\n", omittingEmptySubsequences: false)
    }
}
