import PaymentLinks
import Testing

@Suite("EVM addresses and chains")
struct EVMAddressTests {
    @Test(
        "Keccak-256 gives the published hashes",
        arguments: [
            ("", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
            ("abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"),
            (
                "Transfer(address,address,uint256)",
                "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
            ),
        ])
    func keccak(message: String, hash: String) {
        #expect(hex(Keccak256.hash(message.utf8)) == hash)
    }

    @Test(
        "Messages around the ends of 136-byte blocks hash as another implementation hashes them",
        arguments: [
            (135, "34367dc248bbd832f4e3e69dfaac2f92638bd0bbd18f2912ba4ef454919cf446"),
            (136, "a6c4d403279fe3e0af03729caada8374b5ca54d8065329a3ebcaeb4b60aa386e"),
            (137, "d869f639c7046b4929fc92a4d988a8b22c55fbadb802c0c66ebcd484f1915f39"),
            (271, "132f47effd6c8b1b299efa53fe68aece77ec8ae4eb2e294f668eec94f76001e1"),
            (272, "cf7fcd4f705ee749930d19ca84561a9bf62516bd90a471545fa2f49fdc7e63c8"),
        ])
    func keccakBlocks(letters: Int, hash: String) {
        #expect(hex(Keccak256.hash(repeatElement(UInt8(ascii: "a"), count: letters))) == hash)
    }

    @Test(
        "The checksum is that of EIP-55, and each spelling without one is accepted",
        arguments: [
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
            "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
            "0x52908400098527886E0F7030069857D2E4169EE7", "0xde709f2102306220921060314715629080e2fb77",
        ])
    func checksums(text: String) throws {
        let address = try EVMAddress(text)
        #expect(address.description == text)
        #expect(address.lowercase == text.lowercased())
        #expect(try EVMAddress(text.lowercased()) == address)
        #expect(try EVMAddress("0x" + text.dropFirst(2).uppercased()) == address)
        #expect(EVMAddress(bytes: address.bytes) == address)
        #expect(hex(address.bytes) == text.lowercased().dropFirst(2))
    }

    @Test("An address of digits alone has no letters to check")
    func digits() throws {
        let text = "0x1234567890123456789012345678901234567890"
        #expect(try EVMAddress(text).description == text)
    }

    @Test("One letter of the wrong case breaks the checksum, whichever it is")
    func wrongCase() {
        let right = Array("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")
        for index in right.indices.dropFirst(2) where right[index].isLetter {
            var wrong = right
            wrong[index] = Character(wrong[index].isUppercase ? wrong[index].lowercased() : wrong[index].uppercased())
            #expect(throws: EVMAddressError.checksum) { try EVMAddress(String(wrong)) }
        }
    }

    @Test(
        "What is not 0x and 40 hexadecimal digits is refused",
        arguments: [
            "", "0x", "5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "0X5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
            "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed0",
            "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaeg", "0x+aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
            " 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaeé", "0xAbCd...",
        ])
    func malformed(text: String) {
        #expect(throws: EVMAddressError.malformed) { try EVMAddress(text) }
    }

    @Test("Only 20 bytes make an address", arguments: [0, 19, 21, 32])
    func byteCounts(count: Int) {
        #expect(EVMAddress(bytes: [UInt8](repeating: 1, count: count)) == nil)
    }

    @Test(
        "Each chain has its id, its USDC and its confirmations",
        arguments: [
            (.ethereum, 1, "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48", 12),
            (.base, 8453, "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913", 12),
            (.polygon, 137, "0x3c499c542cEF5E3811e1192ce70d8cC03d5c3359", 372),
            (.arbitrum, 42161, "0xaf88d065e77c8cC2239327C5EDb3A432268e5831", 300),
            (.optimism, 10, "0x0b2C639c533813f4Aa9D7837CAf62653d097Ff85", 12),
            (.avalanche, 43114, "0xB97EF9Ef8734C71904D8002F8b6Bc66Dd9c48a6E", 1),
            (.baseSepolia, 84532, "0x036CbD53842c5426634e7929541eC2318f3dCF7e", 1),
        ] as [(Chain, Int, String, Int)])
    func chains(chain: Chain, id: Int, token: String, confirmations: Int) {
        #expect(chain.chainId == id)
        #expect(chain.usdcToken.description == token)
        #expect(chain.confirmations == confirmations)
    }

    @Test("A chain's name is read in any case", arguments: Chain.allCases)
    func chainNames(chain: Chain) {
        #expect(Chain(name: chain.rawValue) == chain)
        #expect(Chain(name: chain.rawValue.uppercased()) == chain)
        #expect(Chain(name: chain.rawValue.capitalized) == chain)
        #expect(Chain(name: chain.rawValue + " ") == nil)
    }

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}

extension String {
    fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst() }
}
