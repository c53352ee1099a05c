/// The methods by which claims can be paid in each environment.
///
/// In the sandbox, the simulator carries `ach`, and `usdc` where the operator set an address for its instructions.
/// Production carries only the methods that the operator connected a rail for. A claim from a wallet needs no rail.
package struct ConnectedRails: Hashable, Sendable {
    private let production: Set<ClaimMethod>
    private let sandbox: Set<ClaimMethod>

    package init(production: Set<ClaimMethod> = [], sandbox: Set<ClaimMethod> = [.ach, .usdc]) {
        self.production = production.union([.wallet])
        self.sandbox = sandbox.union([.wallet])
    }

    package func carries(_ method: ClaimMethod, in environment: Environment) -> Bool {
        switch environment {
        case .sandbox: sandbox.contains(method)
        case .production: production.contains(method)
        }
    }

    /// Whether a rail carries the method in every environment, so that a link's environment does not matter.
    package func carriesEverywhere(_ method: ClaimMethod) -> Bool {
        production.contains(method) && sandbox.contains(method)
    }
}
