import PaymentLinks
import Sealing
import Testing

@Suite("Sealed destinations")
struct DestinationSealerTests {
    private let claim = ClaimID(bits: 1)

    private static func sealer() throws -> DestinationSealer {
        DestinationSealer(ring: try KeyRing([(name: "k", key: Array(repeating: 7, count: 32))]))
    }

    private static func destinations() throws -> [Destination] {
        [
            .ach(
                ACHAccount(
                    routingNumber: try RoutingNumber("021000021"), accountNumber: try AccountNumber("1234567890"),
                    accountName: try AccountName("Acme Corp"))),
            .usdc(USDCAccount(address: Chain.base.usdcToken, chain: .polygon)), .wallet(WalletID(bits: 5)),
        ]
    }

    @Test("Each kind of destination opens for its claim")
    func roundTrip() throws {
        for destination in try Self.destinations() {
            let sealed = try Self.sealer().seal(destination, for: claim)
            #expect(try Self.sealer().open(sealed, for: claim) == destination)
        }
    }

    @Test("A destination that was moved to another claim does not open")
    func moved() throws {
        for destination in try Self.destinations() {
            let sealed = try Self.sealer().seal(destination, for: claim)
            #expect(throws: SealingError.notAuthentic) { try Self.sealer().open(sealed, for: ClaimID(bits: 2)) }
        }
    }

    @Test("A sealed account number does not show")
    func secrecy() throws {
        let sealed = try Self.sealer().seal(try #require(try Self.destinations().first), for: claim)
        let text = String(decoding: sealed, as: UTF8.self)
        #expect(!text.contains("1234567890") && !text.contains("021000021") && !text.contains("Acme"))
    }

    @Test("Something else that was sealed for the claim is malformed")
    func notADestination() throws {
        let ring = try KeyRing([(name: "k", key: Array(repeating: 7, count: 32))])
        for text in ["", "{}", #"{"type":"CASH"}"#, #"{"type":"ACH","routingNumber":"021000021"}"#] {
            let sealed = try ring.seal(Array(text.utf8), context: "destination:\(claim)")
            #expect(throws: SealingError.malformed) { try Self.sealer().open(sealed, for: claim) }
        }
    }
}
