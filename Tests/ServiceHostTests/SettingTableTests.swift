import Foundation
import ServiceHost
import Testing

@Suite("The table of settings")
struct SettingTableTests {
    @Test("Names are unique, and look like ours")
    func names() {
        #expect(Set(Setting.all.map(\.name)).count == Setting.all.count)
        for setting in Setting.all {
            #expect(setting.name.wholeMatch(of: /PAYLINKS_[A-Z]+(_[A-Z]+)*/) != nil, "\(setting.name)")
        }
    }

    @Test("Every default has its own setting's form", arguments: Setting.all)
    func defaults(setting: Setting) {
        guard let value = setting.defaultValue, !value.isEmpty else { return }
        #expect(setting.form.accepts(value))
    }

    @Test("Every setting is read by a role, and every role's settings are in the table")
    func roles() {
        let read = Set(Role.all.flatMap(\.settings))
        #expect(read == Set(Setting.all))
        for role in Role.all {
            #expect(Set(role.settings).count == role.settings.count, "\(role.name) names a setting twice")
        }
    }

    @Test("Roles have names and ports of their own")
    func ports() {
        #expect(Set(Role.all.map(\.name)).count == Role.all.count)
        #expect(Role.all.map(\.operationsPort) == [9101, 9102, 9103, 9104, 9105])
    }

    @Test("Help names every variable of the role and no other", arguments: Role.all.map(\.name))
    func help(name: String) throws {
        let role = try #require(Role.all.first { $0.name == name })
        let words = Set(role.help.split { !$0.isLetter && $0 != "_" }.map(String.init))
        for setting in Setting.all {
            #expect(words.contains(setting.name) == role.settings.contains(setting), "\(setting.name)")
        }
        #expect(role.help.contains("PAYLINKS_DRAIN_TIMEOUT (default: 25s)"))
    }

    /// With `PAYLINKS_WRITE_DOCS=1` in the environment the test writes the file instead of comparing it.
    @Test("docs/configuration.md is the table")
    func document() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
        let file = root.appending(path: "docs/configuration.md")
        if ProcessInfo.processInfo.environment["PAYLINKS_WRITE_DOCS"] == "1" {
            try Setting.document.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == Setting.document)
    }
}
