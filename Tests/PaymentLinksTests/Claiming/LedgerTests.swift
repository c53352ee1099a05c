import PaymentLinks
import Testing

/// An unbalanced posting is a mistake of ours and traps, so no test makes one here; the database's own guard against
/// it is tested with the storage.
@Suite("Postings and balances")
struct LedgerTests {
    private let transaction = TransactionID(bits: 1)

    @Test("A transfer in one currency has two entries")
    func oneCurrency() {
        let posting = Posting.transfer(
            transaction, .claim, from: .wallet(Sample.payer), Sample.usd(5), to: .wallet(Sample.payee), Sample.usd(5))
        #expect(
            posting.entries == [
                Entry(.wallet(Sample.payer), Sample.usd(-5)), Entry(.wallet(Sample.payee), Sample.usd(5)),
            ])
    }

    @Test("A transfer between currencies sums to zero in each, by way of the conversion account")
    func twoCurrencies() {
        let posting = Posting.transfer(
            transaction, .claim, from: .usdcClearing, Sample.usdc(50_000), to: .walletPending(Sample.payee),
            Sample.usd(5))
        #expect(
            posting.entries == [
                Entry(.usdcClearing, Sample.usdc(-50_000)), Entry(.conversion, Sample.usdc(50_000)),
                Entry(.conversion, Sample.usd(-5)), Entry(.walletPending(Sample.payee), Sample.usd(5)),
            ])
    }

    @Test("The largest amount can be moved")
    func largest() {
        let posting = Posting.transfer(
            transaction, .fund, from: .sandboxFunding, Sample.usd(.max), to: .wallet(Sample.payee), Sample.usd(.max))
        #expect([posting].walletChanges[Sample.payee]?.available == .max)
    }

    @Test("A wallet's change is the sum over all postings, account by account")
    func walletChanges() {
        let postings = [
            Posting.transfer(
                transaction, .claim, from: .achClearing, Sample.usd(9), to: .walletPending(Sample.payee), Sample.usd(9)),
            Posting.transfer(
                transaction, .settle, from: .walletPending(Sample.payee), Sample.usd(9), to: .wallet(Sample.payee),
                Sample.usd(9)),
            Posting(
                transaction, .reverse,
                [
                    Entry(.wallet(Sample.payee), Sample.usd(-7)), Entry(.walletDebt(Sample.payee), Sample.usd(-2)),
                    Entry(.achClearing, Sample.usd(9)),
                ]),
        ]
        var expected = WalletChange()
        expected.available = 2
        expected.debt = 2
        #expect(postings.walletChanges == [Sample.payee: expected])
    }

    @Test("Accounts that every claim touches have no wallet, the others name theirs")
    func accounts() {
        for account in [Account.achClearing, .usdcClearing, .conversion, .sandboxFunding] {
            #expect(account.walletId == nil)
        }
        for account in [Account.wallet(Sample.payee), .walletPending(Sample.payee), .walletDebt(Sample.payee)] {
            #expect(account.walletId == Sample.payee)
            #expect(account.name.hasPrefix("WALLET"))
        }
    }
}
