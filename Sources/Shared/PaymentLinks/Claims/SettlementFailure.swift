/// Why a rail could not bring the money, in the rail's own terms.
package struct SettlementFailure: Hashable, Sendable {
    /// A return code such as `R01`, or the rail's own.
    package let code: String
    package let reason: String

    package init(code: String, reason: String) {
        self.code = code
        self.reason = reason
    }
}
