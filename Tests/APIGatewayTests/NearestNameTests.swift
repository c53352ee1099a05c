import APIGateway
import Testing

@Suite("Nearest names")
struct NearestNameTests {
    private static let known = ["walletId", "status", "limit", "cursor", "recipientRestrictions", "url", "id"]

    @Test(
        arguments: [
            ("walletid", "walletId"), ("wallet_id", "walletId"), ("walet", nil), ("walletIds", "walletId"),
            ("statsu", "status"), ("limits", "limit"), ("limti", "limit"), ("curser", "cursor"), ("uri", "url"),
            ("recipientRestrictons", "recipientRestrictions"), ("recipientsRestriction", "recipientRestrictions"),
            ("restrictions", nil), ("ip", nil), ("", nil), ("😀", nil), ("page", nil),
        ] as [(String, String?)])
    func `A few slips lead to the name, and no more`(_ name: String, _ nearest: String?) {
        #expect(NearestName.of(name, among: Self.known) == nearest)
    }

    @Test func `A long name is compared with none`() {
        let long = String(repeating: "a", count: NearestName.longestName + 1)
        #expect(NearestName.of(long, among: [long]) == nil)
    }
}
