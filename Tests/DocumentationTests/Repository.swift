import Foundation

/// The files of the repository that the tests stand in.
enum Repository {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized

    /// Every page that readers may come upon, by its path from the root.
    static func pages() throws -> [String] {
        let docs = try FileManager.default.contentsOfDirectory(atPath: root.appending(path: "docs").path)
        let pages = docs.filter { $0.hasSuffix(".md") }.map { "docs/\($0)" }
        return ["CHANGELOG.md", "CONTRIBUTING.md", "README.md"] + pages.sorted()
    }

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    static func contains(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).standardized.path)
    }

    /// The names of the executables that the package makes.
    static func executables() throws -> Set<String> {
        Set(try text("Package.swift").matches(of: /\.executable\(name: "([A-Za-z]+)"/).map { String($0.1) })
    }
}
