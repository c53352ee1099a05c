/// The code that says which kind of account an entry reaches, and what it does there.
///
/// Paylinks reaches checking and savings accounts. Codes of general ledger and loan accounts are not read.
/// Source: Nacha Operating Rules, Appendix Three, transaction codes.
package enum TransactionCode: Int, Hashable, Sendable, CaseIterable {
    case checkingCreditReturn = 21
    case checkingCredit = 22
    case checkingCreditPrenote = 23
    case checkingCreditZeroDollar = 24
    case checkingDebitReturn = 26
    case checkingDebit = 27
    case checkingDebitPrenote = 28
    case checkingDebitZeroDollar = 29
    case savingsCreditReturn = 31
    case savingsCredit = 32
    case savingsCreditPrenote = 33
    case savingsCreditZeroDollar = 34
    case savingsDebitReturn = 36
    case savingsDebit = 37
    case savingsDebitPrenote = 38
    case savingsDebitZeroDollar = 39

    /// What an entry with the code is for.
    package enum Purpose: Hashable, Sendable {
        /// A return or a notification of change.
        case returned
        /// An entry that moves money.
        case live
        /// A prenotification: no amount, it tests the account.
        case prenote
        /// Remittance data without an amount, of CCD and CTX only.
        case zeroDollar
    }

    package var isDebit: Bool { rawValue % 10 > 5 }

    package var isSavings: Bool { rawValue >= 30 }

    package var purpose: Purpose {
        switch rawValue % 5 {
        case 1: .returned
        case 2: .live
        case 3: .prenote
        default: .zeroDollar
        }
    }
}
