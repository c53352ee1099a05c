import Foundation
import Testing

@Suite("The contract's coverage")
struct ContractCoverageTests {
    private static let page = "docs/contract-coverage.md"

    /// With `PAYLINKS_WRITE_DOCS=1` in the environment the test writes the file instead of comparing it.
    @Test("docs/contract-coverage.md is the table of rules")
    func document() throws {
        let document = try Self.document()
        if ProcessInfo.processInfo.environment["PAYLINKS_WRITE_DOCS"] == "1" {
            let file = Repository.root.appending(path: Self.page)
            try document.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(try Repository.text(Self.page) == document)
    }

    @Test("Every rule is said once and has a test, and every test that is named exists")
    func rules() throws {
        let files = try Self.testFiles()
        let rules = ContractRule.sections.flatMap(\.rules)
        #expect(Set(rules.map(\.rule)).count == rules.count)
        #expect(rules.count > 60)
        for rule in rules {
            #expect(!rule.tests.isEmpty, "\(rule.rule)")
            for test in rule.tests { #expect(files[test] != nil, "\(rule.rule): there is no test \"\(test)\"") }
        }
    }

    private static func document() throws -> String {
        let files = try testFiles()
        let head = """
            # The contract and its proofs

            Every rule that callers, payers and rails can rely on, and the tests that hold it true. A test compares this page
            with the table in `Tests/DocumentationTests/Contract`; `make contract-coverage` writes it anew.
            """
        let sections = ContractRule.sections.map { section in
            let rows = section.rules.map { rule in
                let proofs = rule.tests.map { "\($0) (`\(files[$0] ?? "missing")`)" }
                return "| \(rule.rule) | \(proofs.joined(separator: "<br>")) |"
            }
            return (["## \(section.title)", "", "| rule | proved by |", "|---|---|"] + rows).joined(separator: "\n")
        }
        return ([head] + sections).joined(separator: "\n\n") + "\n"
    }

    /// Where each test stands, by its name as the sources spell it.
    private static func testFiles() throws -> [String: String] {
        let tests = Repository.root.appending(path: "Tests")
        let enumerator = try #require(FileManager.default.enumerator(at: tests, includingPropertiesForKeys: nil))
        var files: [String: String] = [:]
        for case let file as URL in enumerator where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            let path = "Tests/" + file.path.dropFirst(tests.path.count + 1)
            for match in text.matches(of: /func `([^`]+)`\(/) { files[String(match.1)] = path }
            for match in text.matches(of: /@Test\(\s*"([^"]+)"/) { files[String(match.1)] = path }
        }
        return files
    }
}
