/// Which directions a batch holds. Source: Nacha Operating Rules, Appendix Three, service class code.
package enum ServiceClass: Int, Hashable, Sendable, CaseIterable {
    case mixed = 200
    case credits = 220
    case debits = 225

    /// Whether a batch of this class may hold an entry with the code.
    package func allows(_ code: TransactionCode) -> Bool {
        switch self {
        case .mixed: true
        case .credits: !code.isDebit
        case .debits: code.isDebit
        }
    }
}
