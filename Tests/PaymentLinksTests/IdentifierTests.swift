import PaymentLinks
import Testing

@Suite("Identifiers")
struct IdentifierTests {
    @Test(
        "A ULID's text and bits are two forms of one value",
        arguments: [
            ("00000000000000000000000000", 0),
            ("00000000000000000000000001", 1),
            ("0000000000000000000000000Z", 31),
            ("00000000000000000000000010", 32),
            ("01ARZ3NDEKTSV4RRFFQ69G5FAV", 0x0156_3E3A_B5D3_D676_4C61_EFB9_9302_BD5B),
            ("7ZZZZZZZZZZZZZZZZZZZZZZZZZ", UInt128.max),
        ])
    func textAndBits(text: String, bits: UInt128) {
        #expect(ULID(text)?.bits == bits)
        #expect(ULID(text.lowercased())?.bits == bits)
        #expect(ULID(bits: bits).description == text)
    }

    @Test(
        "What is not a ULID is refused",
        arguments: [
            "", "0", "0000000000000000000000000", "000000000000000000000000000",
            "80000000000000000000000000", "ZZZZZZZZZZZZZZZZZZZZZZZZZZ",
            "0000000000000000000000000I", "0000000000000000000000000L", "0000000000000000000000000O",
            "0000000000000000000000000u", "0000000000000000000000000-", " 0000000000000000000000000",
            "000000000000000000000000é", "0000000000000000000000000é", "0000000000000000000000000０",
        ])
    func refused(text: String) {
        #expect(ULID(text) == nil)
    }

    @Test(
        "A minted ULID keeps its millisecond, within what 48 bits hold",
        arguments: [
            (0, 0), (999, 0), (1000, 1), (1_775_001_600_123_456, 1_775_001_600_123), (-1, 0), (Int64.min, 0),
            (281_474_976_710_655_999, 281_474_976_710_655), (281_474_976_710_656_000, 281_474_976_710_655),
            (Int64.max, 281_474_976_710_655),
        ] as [(Int64, Int64)])
    func mintedMillisecond(microseconds: Int64, milliseconds: Int64) {
        var generator = SeededGenerator(seed: 1)
        let ulid = ULID.mint(at: Timestamp(microseconds: microseconds), using: &generator)
        #expect(ulid.milliseconds == milliseconds)
    }

    @Test("All 80 random bits of a minted ULID vary, and no other bit does")
    func mintedRandomBits() {
        var generator = SeededGenerator(seed: 2)
        let instant = Timestamp(microseconds: 5000)
        let minted = (0..<300).map { _ in ULID.mint(at: instant, using: &generator).bits }
        let everSet = minted.reduce(0, |)
        let alwaysSet = minted.reduce(UInt128.max, &)
        let millisecond: UInt128 = 5 << 80
        let allRandomBits: UInt128 = 1 << 80 - 1
        #expect(everSet == millisecond | allRandomBits)
        #expect(alwaysSet == millisecond)
    }

    @Test("Texts sort as their ULIDs do, and read back", arguments: 1...20 as ClosedRange<UInt64>)
    func order(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let ulids = (0..<50).map { _ in ULID(bits: UInt128(generator.next()) << 64 | UInt128(generator.next())) }
        #expect(ulids.sorted().map(\.description) == ulids.map(\.description).sorted(), "seed \(seed)")
        #expect(ulids.map { ULID($0.description) } == ulids, "seed \(seed)")
    }

    @Test("Every kind of identifier has the contract's prefix")
    func prefixes() {
        let text = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
        #expect(OrganizationID("org_\(text)")?.description == "org_\(text)")
        #expect(KeyID("key_\(text)")?.description == "key_\(text)")
        #expect(WalletID("wal_\(text)")?.description == "wal_\(text)")
        #expect(LinkID("lnk_\(text)")?.description == "lnk_\(text)")
        #expect(ClaimID("clm_\(text)")?.description == "clm_\(text)")
        #expect(TransactionID("txn_\(text)")?.description == "txn_\(text)")
        #expect(EventID("evt_\(text)")?.description == "evt_\(text)")
        #expect(WebhookID("hook_\(text)")?.description == "hook_\(text)")
        #expect(DeliveryID("dlv_\(text)")?.description == "dlv_\(text)")
    }

    @Test(
        "An identifier of another kind, or with anything around it, is refused",
        arguments: [
            "wal_01ARZ3NDEKTSV4RRFFQ69G5FAV", "LNK_01ARZ3NDEKTSV4RRFFQ69G5FAV", "01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "lnk_", "lnk_01ARZ3NDEKTSV4RRFFQ69G5FA", "lnk_01ARZ3NDEKTSV4RRFFQ69G5FAV ",
            "lnk-01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "lnk_81ARZ3NDEKTSV4RRFFQ69G5FAV", "",
        ])
    func refusedIdentifier(text: String) {
        #expect(LinkID(text) == nil)
    }

    @Test("An identifier is written in upper case, however it was read")
    func canonical() {
        let id = LinkID("lnk_01arz3ndektsv4rrffq69g5fav")
        #expect(id?.description == "lnk_01ARZ3NDEKTSV4RRFFQ69G5FAV")
        #expect(id?.bits == 0x0156_3E3A_B5D3_D676_4C61_EFB9_9302_BD5B)
    }

    @Test("An identifier is a string in JSON")
    func coding() throws {
        let id = WalletID(bits: 42)
        #expect(try JSON.text([id]) == #"["wal_0000000000000000000000001A"]"#)
        #expect(try JSON.value(#"["wal_0000000000000000000000001A"]"#) == [id])
        let link = #"["lnk_0000000000000000000000001A"]"#
        #expect(throws: DecodingError.self) { try JSON.value(link, as: [WalletID].self) }
    }

    @Test("Identifiers minted with the system's randomness differ, and keep the instant")
    func systemRandomness() {
        let instant = Timestamp(microseconds: 7_000_000)
        let ids = (0..<100).map { _ in ClaimID.mint(at: instant) }
        #expect(Set(ids).count == 100)
        #expect(ids.allSatisfy { $0.ulid.milliseconds == 7000 })
    }

    @Test("A ULID is the UUID of its bits, and the other way round")
    func uuid() {
        for (bits, uuid) in [
            (0, "00000000-0000-0000-0000-000000000000"), (0x2A, "00000000-0000-0000-0000-00000000002a"),
            (0x0156_3E3A_B5D3_D676_4C61_EFB9_9302_BD5B, "01563e3a-b5d3-d676-4c61-efb99302bd5b"),
            (UInt128.max, "ffffffff-ffff-ffff-ffff-ffffffffffff"),
        ] as [(UInt128, String)] {
            #expect(ULID(bits: bits).uuid == uuid)
            #expect(ULID(uuid: uuid)?.bits == bits && ULID(uuid: uuid.uppercased())?.bits == bits)
        }
        for text in ["", "01563e3ab5d3d6764c61efb99302bd5b", "01563e3a-b5d3-d676-4c61-efb99302bd5g"] {
            #expect(ULID(uuid: text) == nil)
        }
    }
}
