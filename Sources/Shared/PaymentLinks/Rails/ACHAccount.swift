/// A bank account that a payer pays from by ACH.
package struct ACHAccount: Hashable, Sendable {
    package let routingNumber: RoutingNumber
    package let accountNumber: AccountNumber
    package let accountName: AccountName

    package init(routingNumber: RoutingNumber, accountNumber: AccountNumber, accountName: AccountName) {
        self.routingNumber = routingNumber
        self.accountNumber = accountNumber
        self.accountName = accountName
    }

    /// The holder's name, cut to the 22 characters that a bank file has room for.
    package var nameForFile: String { accountName.forFile }
}

extension ACHAccount: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Says that it is an account and how its number ends; the name is the payer's and stays out too.
    package var description: String { "ACH account \(accountNumber)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["masked": description]) }
}
