import Foundation
import ServiceHost
import Testing

@Suite("The readers of settings")
struct SettingReaderTests {
    @Test("A role reads every setting that it says it does", arguments: Role.all.map(\.name))
    func reads(name: String) throws {
        let role = try #require(Role.all.first { $0.name == name })
        let program = name.split(separator: "-").map { $0 == "api" ? "API" : $0.capitalized }.joined()
        let sources = try Self.sources(of: program)
        let constants = try Self.constants()
        for setting in role.settings where !Setting.everyRole.contains(setting) {
            let constant = try #require(constants[setting.name])
            #expect(sources.firstMatch(of: try Regex("\\.\(constant)\\b")) != nil, "\(setting.name)")
        }
    }

    /// What each setting is called in the sources.
    private static func constants() throws -> [String: String] {
        let table = try Repository.text("Sources/Shared/ServiceHost/Settings/Setting+All.swift")
        let matches = table.matches(of: /static let (\w+) = Setting\(\s*"(PAYLINKS_[A-Z_]+)"/)
        return Dictionary(matches.map { (String($0.2), String($0.1)) }) { first, _ in first }
    }

    private static func sources(of program: String) throws -> String {
        let folder = Repository.root.appending(path: "Sources/\(program)")
        let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        var text = ""
        for case let file as URL in files where file.pathExtension == "swift" {
            text += try String(contentsOf: file, encoding: .utf8)
        }
        return text
    }
}
