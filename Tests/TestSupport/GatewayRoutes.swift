import Foundation

/// The routes of the gateway, as its sources register them.
package enum GatewayRoutes {
    /// Every route as `METHOD /path/:parameter`.
    package static func all() throws -> Set<String> {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
        let folder = root.appending(path: "Sources/APIGateway")
        var routes: Set<String> = []
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        while let file = files?.nextObject() as? URL {
            guard file.pathExtension == "swift" else { continue }
            let text = try String(contentsOf: file, encoding: .utf8)
            for match in text.matches(of: /router\.(get|post|put|patch|delete)\(\s*"([^"]+)"/) {
                routes.insert("\(match.1.uppercased()) \(match.2)")
            }
        }
        return routes
    }
}
