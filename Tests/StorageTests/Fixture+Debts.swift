import PaymentLinks
import Storage
import Testing

extension Fixture {
    /// A wallet that owes so much: money settled into it, was spent, and was returned.
    func debtor(_ currency: Currency = .usd, owing cents: Int64) async throws -> WalletID {
        let wallet = try await wallet(currency)
        let claim = claim(try await link(to: wallet, cents: cents).slug)
        #expect(try await claims.decide([claim], removing: []).codes == [nil])
        _ = try await settlements.apply([outcome(.settled, of: claim.claimId)], removing: [])
        let spending = self.claim(
            try await link(to: try await self.wallet(), cents: cents).slug, by: .wallet(wallet))
        #expect(try await claims.decide([spending], removing: []).codes == [nil])
        _ = try await settlements.apply([outcome(.returned, of: claim.claimId)], removing: [])
        return wallet
    }
}
