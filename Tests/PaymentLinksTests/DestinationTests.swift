import PaymentLinks
import Testing

@Suite("Destinations")
struct DestinationTests {
    @Test(
        "A destination is the guide's object, in and out",
        arguments: [
            (
                #"{"type":"ACH","routingNumber":"021000021","accountNumber":"1234567890","accountName":"Acme \"Corp\" é"}"#,
                ClaimMethod.ach
            ),
            (#"{"type":"USDC","address":"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed","chain":"base"}"#, .usdc),
            (#"{"type":"WALLET","walletId":"wal_0000000000000000000000001A"}"#, .wallet),
        ])
    func coding(json: String, method: ClaimMethod) throws {
        let destination = try #require(Destination(json: Array(json.utf8)))
        #expect(destination.method == method)
        #expect(String(decoding: destination.json, as: UTF8.self) == json)
    }

    @Test("A chain's name may come in any case, and is written in lower case")
    func chainCase() throws {
        let json = #"{"type":"USDC","chain":"Ethereum","address":"0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"}"#
        let destination = Destination(json: Array(json.utf8))
        let address = try EVMAddress("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")
        #expect(destination == .usdc(USDCAccount(address: address, chain: .ethereum)))
    }

    @Test(
        "An object that is no destination is refused",
        arguments: [
            "", "[]", "{}", #"{"type":"CARD"}"#, #"{"type":"ach"}"#, #"{"type":"WALLET"}"#,
            #"{"type":"WALLET","walletId":"lnk_1"}"#,
            #"{"type":"ACH","routingNumber":"021000020","accountNumber":"1234567890","accountName":"Acme"}"#,
            #"{"type":"ACH","routingNumber":"021000021","accountNumber":"1","accountName":"Acme"}"#,
            #"{"type":"ACH","routingNumber":"021000021","accountNumber":"1234567890","accountName":""}"#,
            #"{"type":"ACH","routingNumber":"021000021","accountNumber":"1234567890"}"#,
            #"{"type":"USDC","address":"0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed","chain":"solana"}"#,
            #"{"type":"USDC","address":"0xAbCd","chain":"base"}"#,
        ])
    func refused(json: String) {
        #expect(Destination(json: Array(json.utf8)) == nil)
    }

    @Test("A method and a destination's type belong together", arguments: ClaimMethod.allCases)
    func methods(method: ClaimMethod) {
        #expect(ClaimMethod(destinationType: method.destinationType) == method)
        #expect(method.destinationType == method.rawValue.uppercased())
        #expect(ClaimMethod(destinationType: method.rawValue) == nil)
    }
}
