/// The rails that carry claims in each environment.
///
/// The simulator carries every method in the sandbox. Production carries only the methods that the operator connected
/// a rail for. A claim from a wallet needs no rail.
package struct ConnectedRails: Hashable, Sendable {
    private let production: Set<ClaimMethod>

    /// - Parameter production: the methods that a rail carries in production.
    package init(production: Set<ClaimMethod> = []) {
        self.production = production.union([.wallet])
    }

    package func carries(_ method: ClaimMethod, in environment: Environment) -> Bool {
        environment == .sandbox || production.contains(method)
    }

    /// Whether a rail carries the method in every environment, so that a link's environment does not matter.
    package func carriesEverywhere(_ method: ClaimMethod) -> Bool {
        production.contains(method)
    }
}
