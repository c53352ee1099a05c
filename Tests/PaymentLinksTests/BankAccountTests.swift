import PaymentLinks
import Testing

@Suite("Bank accounts")
struct BankAccountTests {
    @Test(
        "A routing number with the right check digit is accepted",
        arguments: ["021000021", "011401533", "091000019", "121000358", "026009593", "000000013"])
    func routingNumbers(text: String) throws {
        let number = try RoutingNumber(text)
        #expect(number.unmasked == text)
        #expect(number.institution + number.checkDigit == text)
        #expect(number.checkDigit.count == 1)
    }

    @Test(
        "Each other check digit is wrong",
        arguments: ["021000020", "021000022", "021000029", "120000021", "012000021"])
    func wrongCheckDigits(text: String) {
        #expect(throws: RoutingNumberError.checkDigit) { try RoutingNumber(text) }
    }

    @Test("One wrong digit is always noticed")
    func oneWrongDigit() {
        let right = Array("021000021".utf8)
        for place in right.indices {
            for digit in UInt8(ascii: "0")...UInt8(ascii: "9") where digit != right[place] {
                var wrong = right
                wrong[place] = digit
                #expect(throws: RoutingNumberError.checkDigit) {
                    try RoutingNumber(String(decoding: wrong, as: UTF8.self))
                }
            }
        }
    }

    @Test(
        "What is not nine digits is no routing number",
        arguments: ["", "02100002", "0210000210", "02100002a", "02100002１", " 02100002", "+21000021", "000000000"])
    func malformedRoutingNumbers(text: String) {
        #expect(throws: RoutingNumberError.malformed) { try RoutingNumber(text) }
    }

    @Test(
        "An account number has 4 to 17 letters or digits",
        arguments: ["1234", "12345678901234567", "abcXYZ019", "0000"])
    func accountNumbers(text: String) throws {
        #expect(try AccountNumber(text).unmasked == text)
    }

    @Test(
        "Anything else is no account number",
        arguments: [
            "", "123", "123456789012345678", "12 34", "12-34", "1234é", "１２３４", "1234\n", "12/34", "12:34", "12@34",
            "12[34",
        ])
    func malformedAccountNumbers(text: String) {
        #expect(throws: AccountNumberError.malformed) { try AccountNumber(text) }
    }

    @Test(
        "A printable account name is accepted",
        arguments: ["Acme Corp", "A", " Acme ", "Müller & Söhne", "株式会社", String(repeating: "n", count: 256)])
    func accountNames(text: String) throws {
        #expect(try AccountName(text).string == text)
    }

    @Test(
        "A blank, endless or unprintable account name is refused",
        arguments: [
            ("", .empty), ("   ", .empty), ("\n", .empty), (String(repeating: "n", count: 257), .tooLong),
            ("e" + String(repeating: "\u{301}", count: 256), .tooLong), ("Acme\nCorp", .unprintable),
            ("Acme\tCorp", .unprintable), ("Acme\u{0}", .unprintable), ("\u{202E}emcA", .unprintable),
            ("Acme\u{7F}", .unprintable), ("Acme\u{2028}", .unprintable),
        ] as [(String, AccountNameError)])
    func refusedAccountNames(text: String, reason: AccountNameError) {
        #expect(throws: reason) { try AccountName(text) }
    }

    @Test("A name is cut to a file's 22 characters")
    func nameForFile() throws {
        #expect(try account(name: "1234567890123456789012").nameForFile == "1234567890123456789012")
        #expect(try account(name: "12345678901234567890123").nameForFile == "1234567890123456789012")
        #expect(try account(name: "Acme").nameForFile == "Acme")
    }

    @Test("However an account is printed, its numbers and its holder stay hidden")
    func masking() throws {
        let account = try account(name: "Acme Corp")
        let destination = Destination.ach(account)
        var dumped = ""
        dump(destination, to: &dumped)
        let printed = [
            "\(account)", String(reflecting: account), "\(destination)", String(reflecting: destination), dumped,
            "\([account.accountNumber])", String(describing: Optional(account.routingNumber)),
            String(reflecting: [account]),
            "\(account.accountNumber)", String(reflecting: account.routingNumber),
            "\(Mirror(reflecting: account.accountNumber).children.map(\.value))",
        ]
        for text in printed {
            #expect(!text.contains("9876543"), "\(text)")
            #expect(!text.contains("02100"), "\(text)")
            #expect(!text.contains("Acme Corp"), "\(text)")
        }
        #expect("\(account)" == "ACH account ****3210")
    }

    @Test("The last four characters show only where four others stay hidden")
    func shortMasks() throws {
        #expect(try AccountNumber("12345678").description == "****5678")
        #expect(try AccountNumber("1234567").description == "****")
        #expect(try AccountNumber("1234").description == "****")
        #expect(try RoutingNumber("021000021").description == "****0021")
    }

    private func account(name: String) throws -> ACHAccount {
        ACHAccount(
            routingNumber: try RoutingNumber("021000021"), accountNumber: try AccountNumber("9876543210"),
            accountName: try AccountName(name))
    }
}
