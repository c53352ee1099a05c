package import PaymentLinks

/// What the simulator lets happen to a settlement, written in the payer's account by its last characters.
///
/// The whole simulator is this table; everything else turns its answer into messages.
package enum SandboxScript: Hashable, Sendable {
    /// The rail takes it, and the money comes.
    case settles
    /// The bank takes it, and says nothing more; on chain, no payment ever arrives.
    case staysPending
    /// The money comes and goes back with this return code.
    case returns(code: String)
    /// Less money comes than was asked for.
    case underpays
    /// More money comes than was asked for; the claim settles for its amount.
    case overpays

    package init(for destination: Destination) {
        switch destination {
        case .ach(let account): self.init(accountNumber: account.accountNumber.unmasked)
        case .usdc(let account): self.init(address: account.address.lowercase)
        case .wallet: self = .settles
        }
    }

    /// `…0001` to `…0085` come back as R01 to R85, `…9999` stays pending.
    private init(accountNumber: String) {
        let ending = accountNumber.suffix(4)
        switch Int(ending) {
        case let number? where ending.utf8.allSatisfy(Self.isDigit) && (1...85).contains(number):
            self = .returns(code: "R" + ending.suffix(2))
        case 9999:
            self = .staysPending
        default:
            self = .settles
        }
    }

    /// `…dead` never pays, `…0bad` pays too little, `…face` too much.
    private init(address: String) {
        switch address.suffix(4) {
        case "dead": self = .staysPending
        case "0bad": self = .underpays
        case "face": self = .overpays
        default: self = .settles
        }
    }

    /// `Int` would also read a sign.
    private static func isDigit(_ character: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character)
    }
}
