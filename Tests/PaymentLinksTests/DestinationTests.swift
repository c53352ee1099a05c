import PaymentLinks
import Testing

@Suite("Destinations")
struct DestinationTests {
    @Test(
        "A destination is the guide's object, in and out",
        arguments: [
            (
                #"{"accountName":"Acme Corp","accountNumber":"1234567890","routingNumber":"021000021","type":"ACH"}"#,
                ClaimMethod.ach
            ),
            (#"{"address":"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed","chain":"base","type":"USDC"}"#, .usdc),
            (#"{"type":"WALLET","walletId":"wal_0000000000000000000000001A"}"#, .wallet),
        ])
    func coding(json: String, method: ClaimMethod) throws {
        let destination = try JSON.value(json, as: Destination.self)
        #expect(destination.method == method)
        #expect(try JSON.text(destination) == json)
    }

    @Test("A chain's name may come in any case, and is written in lower case")
    func chainCase() throws {
        let json = #"{"type":"USDC","chain":"Ethereum","address":"0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"}"#
        let destination = try JSON.value(json, as: Destination.self)
        let address = try EVMAddress("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")
        #expect(destination == .usdc(USDCAccount(address: address, chain: .ethereum)))
    }

    @Test(
        "An object that is no destination is refused",
        arguments: [
            "{}", #"{"type":"CARD"}"#, #"{"type":"ach"}"#, #"{"type":"WALLET"}"#,
            #"{"type":"WALLET","walletId":"lnk_1"}"#,
            #"{"type":"ACH","routingNumber":"021000020","accountNumber":"1234567890","accountName":"Acme"}"#,
            #"{"type":"ACH","routingNumber":"021000021","accountNumber":"1","accountName":"Acme"}"#,
            #"{"type":"ACH","routingNumber":"021000021","accountNumber":"1234567890","accountName":""}"#,
            #"{"type":"ACH","routingNumber":"021000021","accountNumber":"1234567890"}"#,
            #"{"type":"USDC","address":"0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed","chain":"solana"}"#,
            #"{"type":"USDC","address":"0xAbCd","chain":"base"}"#,
        ])
    func refused(json: String) {
        #expect(throws: DecodingError.self) { try JSON.value(json, as: Destination.self) }
    }

    @Test("An error about an account number does not repeat it")
    func silentErrors() {
        let json = #"{"type":"ACH","routingNumber":"021000021","accountNumber":"98765-43210","accountName":"Acme"}"#
        let error = #expect(throws: DecodingError.self) { try JSON.value(json, as: Destination.self) }
        #expect(!String(reflecting: error).contains("98765"))
    }

    @Test("A method and a destination's type belong together", arguments: ClaimMethod.allCases)
    func methods(method: ClaimMethod) {
        #expect(ClaimMethod(destinationType: method.destinationType) == method)
        #expect(method.destinationType == method.rawValue.uppercased())
        #expect(ClaimMethod(destinationType: method.rawValue) == nil)
    }
}
