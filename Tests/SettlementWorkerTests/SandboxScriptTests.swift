import PaymentLinks
import SettlementWorker
import Testing

@Suite("The sandbox's table")
struct SandboxScriptTests {
    @Test("An account ending in 0001 to 0085 comes back with that code", arguments: 1...85)
    func returns(number: Int) throws {
        let code = number < 10 ? "R0\(number)" : "R\(number)"
        for prefix in ["", "1234", "ACCT567890123"] {
            let account = try Sample.bankAccount(prefix + "00" + code.dropFirst())
            #expect(SandboxScript(for: account) == .returns(code: code))
        }
    }

    @Test(
        "Other account endings, up to the step before and after a special one",
        arguments: [
            ("1234567890", SandboxScript.settles), ("0000", .settles), ("0086", .settles), ("0100", .settles),
            ("1001", .settles), ("9998", .settles), ("9999", .staysPending), ("12349999", .staysPending),
            ("99990", .settles), ("A001", .settles), ("000A", .settles), ("A0001", .returns(code: "R01")),
            ("00010", .returns(code: "R10")), ("9999X", .settles),
        ])
    func accounts(number: String, script: SandboxScript) throws {
        #expect(SandboxScript(for: try Sample.bankAccount(number)) == script)
    }

    @Test(
        "Address endings, in either case",
        arguments: [
            ("dead", SandboxScript.staysPending), ("DEAD", .staysPending), ("0bad", .underpays), ("0BAD", .underpays),
            ("face", .overpays), ("FACE", .overpays), ("1bad", .settles), ("deae", .settles), ("facf", .settles),
            ("dead0", .settles), ("1234", .settles),
        ])
    func addresses(ending: String, script: SandboxScript) throws {
        for chain in Chain.allCases {
            #expect(SandboxScript(for: try Sample.address(ending: ending, on: chain)) == script)
        }
    }

    @Test("Every code that banks use has its meaning; the numbers in between say that they have none")
    func reasons() {
        let unpublished = [48, 49, 54, 55, 56, 57, 58, 59, 60, 63, 64, 65, 66, 78, 79]
        for number in 1...85 {
            let code = number < 10 ? "R0\(number)" : "R\(number)"
            #expect(ACHReturn.isPublished(code) == !unpublished.contains(number), "\(code)")
            #expect(ACHReturn.reason(code).contains("no published meaning") == unpublished.contains(number), "\(code)")
        }
        #expect(!ACHReturn.isPublished("R00"))
        #expect(!ACHReturn.isPublished("R86"))
    }
}
