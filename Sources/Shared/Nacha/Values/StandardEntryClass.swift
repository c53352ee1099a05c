/// The standard entry class (SEC) code of a batch: how the receiver authorized its entries.
package enum StandardEntryClass: String, Hashable, Sendable, CaseIterable {
    /// A consumer authorized the entry in writing.
    case ppd = "PPD"
    /// A consumer authorized the entry online.
    case web = "WEB"
    /// A business authorized the entry.
    case ccd = "CCD"
    /// A business payment with up to 9,999 addenda records. Paylinks reads it and does not originate it.
    case ctx = "CTX"
    /// Notifications of change. Receiving institutions originate them.
    case cor = "COR"

    /// How many addenda records of type 05 an entry of the class may have.
    package var addendaLimit: Int {
        switch self {
        case .ppd, .web, .ccd: 1
        case .ctx: 9_999
        case .cor: 0
        }
    }
}
