/// The originator status code of a batch header: whether the Nacha Operating Rules bind the originator.
package enum OriginatorStatus: Int, Hashable, Sendable, CaseIterable {
    /// The originator is a depository financial institution that agreed to the rules.
    case bound = 1
    /// The originator is a federal agency that the rules do not bind.
    case federalAgency = 2
}
