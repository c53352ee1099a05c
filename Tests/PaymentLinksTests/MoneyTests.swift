import PaymentLinks
import Testing

@Suite("Money")
struct MoneyTests {
    @Test(
        "An amount within the rules is read exactly",
        arguments: [
            ("150.00", .usd, 15_000), ("150", .usd, 15_000), ("150.5", .usd, 15_050), ("0.50", .usd, 50),
            ("0.01", .usd, 1), ("9999999999.99", .usd, 999_999_999_999), ("1", .usdc, 1_000_000),
            ("0.000001", .usdc, 1), ("0.10", .usdc, 100_000), ("9999999999.99", .usdc, 9_999_999_999_990_000),
            ("9999999999.989999", .usdc, 9_999_999_999_989_999), ("10.000000", .usdc, 10_000_000),
        ] as [(String, Currency, Int64)])
    func read(text: String, currency: Currency, minorUnits: Int64) throws {
        #expect(try Money(decimal: text, currency: currency) == Money(minorUnits: minorUnits, currency: currency))
    }

    @Test(
        "An amount outside the rules is refused by name",
        arguments: [
            ("", .usd, .empty),
            ("+1", .usd, .signed), ("-1", .usd, .signed), ("1-", .usd, .signed), ("-0", .usd, .signed),
            ("1e2", .usd, .exponent), ("1E2", .usd, .exponent), ("1e-2", .usd, .exponent),
            (" 1", .usd, .spaces), ("1 ", .usd, .spaces), ("1 000", .usd, .spaces), ("1\n", .usd, .spaces),
            ("1,000.00", .usd, .separators), ("1_000", .usd, .separators), ("1'000", .usd, .separators),
            ("00", .usd, .leadingZeros), ("00.5", .usd, .leadingZeros), ("01", .usd, .leadingZeros),
            ("000000000000001", .usd, .leadingZeros),
            (".5", .usd, .malformed), ("5.", .usd, .malformed), (".", .usd, .malformed), ("1.2.3", .usd, .malformed),
            ("1..2", .usd, .malformed), ("$1", .usd, .malformed), ("NaN", .usd, .malformed), ("0x10", .usd, .malformed),
            ("１", .usd, .malformed), ("1\u{0}", .usd, .malformed), ("٣", .usd, .malformed),
            ("1.001", .usd, .tooManyDecimals(.usd)), ("1.000", .usd, .tooManyDecimals(.usd)),
            ("1.0000001", .usdc, .tooManyDecimals(.usdc)), ("0.0000000", .usdc, .tooManyDecimals(.usdc)),
            ("0", .usd, .notPositive), ("0.0", .usd, .notPositive), ("0.00", .usd, .notPositive),
            ("0.000000", .usdc, .notPositive),
            ("10000000000", .usd, .tooLarge), ("10000000000.00", .usd, .tooLarge),
            ("9999999999.990001", .usdc, .tooLarge), ("99999999999999999999999999", .usd, .tooLarge),
        ] as [(String, Currency, AmountError)])
    func refused(text: String, currency: Currency, reason: AmountError) {
        #expect(throws: reason) { try Money(decimal: text, currency: currency) }
    }

    @Test("Each reason has a code of its own and a remedy")
    func reasons() {
        let reasons: [AmountError] = [
            .notAString, .empty, .signed, .exponent, .spaces, .separators, .leadingZeros, .malformed,
            .tooManyDecimals(.usdc), .notPositive, .tooLarge,
        ]
        #expect(Set(reasons.map(\.code)).count == reasons.count)
        #expect(Set(reasons.map(\.message)).count == reasons.count)
        #expect(AmountError.tooManyDecimals(.usdc).message == "Use at most 6 decimals for USDC.")
        #expect(AmountError.tooManyDecimals(.usd).message == "Use at most 2 decimals for USD.")
    }

    @Test(
        "An amount is written with two decimals, and with more only where they say something",
        arguments: [
            (0, .usd, "0.00"), (1, .usd, "0.01"), (10, .usd, "0.10"), (100, .usd, "1.00"), (-1, .usd, "-0.01"),
            (-12_345, .usd, "-123.45"), (999_999_999_999, .usd, "9999999999.99"),
            (0, .usdc, "0.00"), (1, .usdc, "0.000001"), (10, .usdc, "0.00001"), (1000, .usdc, "0.001"),
            (10_000, .usdc, "0.01"), (100_000, .usdc, "0.10"), (1_000_000, .usdc, "1.00"),
            (1_234_500, .usdc, "1.2345"), (-1_000_001, .usdc, "-1.000001"),
            (Int64.max, .usd, "92233720368547758.07"), (Int64.min, .usd, "-92233720368547758.08"),
            (Int64.min, .usdc, "-9223372036854.775808"),
        ] as [(Int64, Currency, String)])
    func written(minorUnits: Int64, currency: Currency, text: String) {
        #expect(Money(minorUnits: minorUnits, currency: currency).description == text)
    }

    @Test("What is written reads back as the same amount", arguments: 1...20 as ClosedRange<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for currency in Currency.allCases {
            for _ in 0..<100 {
                let bound = Int64.random(in: 1...currency.largestAmountInMinorUnits, using: &generator)
                let money = Money(minorUnits: Int64.random(in: 1...bound, using: &generator), currency: currency)
                #expect(try Money(decimal: money.description, currency: currency) == money, "seed \(seed)")
            }
        }
    }

    @Test(
        "Currencies are exchanged at par, exactly or not at all",
        arguments: [
            (150, .usd, .usdc, 1_500_000), (-150, .usd, .usdc, -1_500_000), (0, .usd, .usdc, 0),
            (10_000, .usdc, .usd, 1), (-10_000, .usdc, .usd, -1), (10_001, .usdc, .usd, nil), (9999, .usdc, .usd, nil),
            (1, .usdc, .usd, nil), (-1, .usdc, .usd, nil), (7, .usd, .usd, 7), (7, .usdc, .usdc, 7),
            (922_337_203_685_477, .usd, .usdc, 9_223_372_036_854_770_000), (922_337_203_685_478, .usd, .usdc, nil),
            (-922_337_203_685_478, .usd, .usdc, nil), (Int64.min, .usd, .usdc, nil), (Int64.max, .usd, .usd, Int64.max),
        ] as [(Int64, Currency, Currency, Int64?)])
    func converted(minorUnits: Int64, from: Currency, to: Currency, expected: Int64?) {
        let converted = Money(minorUnits: minorUnits, currency: from).converted(to: to)
        #expect(converted == expected.map { Money(minorUnits: $0, currency: to) })
    }
}
