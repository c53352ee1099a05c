import Foundation
import ServiceHost
import Testing

@Suite("The pages of the documentation")
struct PageTests {
    @Test("Every link to a file of ours leads somewhere")
    func links() throws {
        var count = 0
        for page in try Repository.pages() {
            let folder = (page as NSString).deletingLastPathComponent
            for target in Self.links(in: try Repository.text(page)) {
                let path = String(target.prefix { $0 != "#" })
                #expect(path.isEmpty || Repository.contains("\(folder)/\(path)"), "\(page): \(target)")
                count += 1
            }
        }
        #expect(count > 15)
    }

    @Test("Every link to a heading finds it")
    func headings() throws {
        for page in try Repository.pages() {
            let folder = (page as NSString).deletingLastPathComponent
            for target in Self.links(in: try Repository.text(page)) where target.contains("#") {
                let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
                let text = try Repository.text(parts[0].isEmpty ? page : "\(folder)/\(parts[0])")
                #expect(Self.anchors(in: text).contains(String(parts[1])), "\(page): \(target)")
            }
        }
    }

    @Test("Every page, script and test folder that is named in code type is there")
    func names() throws {
        let mention = /`((?:docs|scripts|Sources|Tests)\/[A-Za-z0-9_+.\/-]+)`/
        for page in try Repository.pages() {
            for match in try Repository.text(page).matches(of: mention) {
                #expect(Repository.contains(String(match.1)), "\(page): \(match.1)")
            }
        }
    }

    @Test("Every variable that is named is a setting, or one of the operators' own")
    func variables() throws {
        let own: Set = [
            "PAYLINKS_HOME", "PAYLINKS_BIN", "PAYLINKS_API_KEY", "PAYLINKS_WRITE_DOCS", "PAYLINKS_BENCH",
            "PAYLINKS_FUZZ_ROUNDS", "PAYLINKS_FUZZ_SEED", "PAYLINKS_NACHA_SAMPLES",
        ]
        let known = own.union(Setting.all.map(\.name))
        for page in try Repository.pages() {
            for match in try Repository.text(page).matches(of: /PAYLINKS_[A-Z]+(?:_[A-Z]+)*/) {
                #expect(known.contains(String(match.0)), "\(page): \(match.0)")
            }
        }
    }

    @Test("The operators' page names every metric that the sources make, and no other")
    func metrics() throws {
        let made = try Self.metricLabels()
        let page = try Repository.text("docs/operating.md")
        let named = Set(page.matches(of: /`(paylinks_[a-z_]+)`/).map { String($0.1) })
        #expect(made.count > 20)
        #expect(named.symmetricDifference(made) == [])
    }

    /// The names in the sources, and those that the registry adds by itself.
    private static func metricLabels() throws -> Set<String> {
        let sources = Repository.root.appending(path: "Sources")
        let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
        var labels: Set = ["paylinks_build_info", "paylinks_metrics_dropped_series_total"]
        for case let file as URL in try #require(files) where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            labels.formUnion(text.matches(of: /label: "(paylinks_[a-z_]+)"/).map { String($0.1) })
        }
        return labels
    }

    /// The targets of links that stay in the repository.
    private static func links(in text: String) -> [String] {
        text.matches(of: /\]\(([^)\s]+)\)/).map { String($0.1) }.filter { !$0.contains("://") }
    }

    /// The headings as browsers of repositories make anchors of them.
    private static func anchors(in text: String) -> Set<String> {
        Set(
            text.matches(of: /(?m)^#+ (.+)$/).map { match in
                match.1.lowercased().filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_" }
                    .replacing(" ", with: "-")
            })
    }
}
