/// A method and the pattern of a path, as in GET /v1/wallets/{id}.
package struct RouteName: Hashable, Sendable, CustomStringConvertible {
    package let method: String
    package let path: String

    package init(method: String, path: String) {
        self.method = method
        self.path = path
    }

    package var description: String { "\(method) \(path)" }
}
