import PaymentLinks
import Testing

@Suite("Address ranges")
struct AddressRangeTests {
    @Test("One subscriber has every address of an IPv6 network of 64 bits, and one IPv4 address")
    func subscribers() throws {
        let one = try #require(IPAddress("2001:db8:1:2::1")).subscriber
        #expect(one == IPAddress("2001:db8:1:2::"))
        #expect(one == IPAddress("2001:db8:1:2:ffff:ffff:ffff:ffff")?.subscriber)
        #expect(one != IPAddress("2001:db8:1:3::1")?.subscriber)
        let other = try #require(IPAddress("192.0.2.1"))
        #expect(other.subscriber == other && IPAddress("::ffff:192.0.2.1")?.subscriber == other)
    }

    @Test(
        "An address is written in its canonical form",
        arguments: [
            ("192.0.2.1", "192.0.2.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
            ("::ffff:192.0.2.1", "192.0.2.1"), ("::FFFF:c000:201", "192.0.2.1"), ("::", "::"), ("::1", "::1"),
            ("1::", "1::"),
            ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"), ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
            ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
            ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
            ("1:0:0:2:0:0:0:3", "1:0:0:2::3"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("0001::", "1::"),
        ])
    func addresses(text: String, canonical: String) {
        #expect(IPAddress(text)?.description == canonical)
        #expect(IPAddress(canonical) == IPAddress(text))
    }

    @Test(
        "What is no address is refused",
        arguments: [
            "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.04", "1.2.3.", "1.2.3.-4", "1.2.3.+4",
            " 1.2.3.4",
            "1.2.3.4 ", "0x1.2.3.4", "1.2.3.1000", ":", ":::", "1:2", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3",
            "12345::",
            "g::", "::1%eth0", "[::1]", "::1.2.3", "1.2.3.4::", "::1.2.3.4:1", "1:2:3:4:5:6:7:1.2.3.4",
            "1:2:3:4:5:6:7:8::",
            ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7:", "::+1", "1.2.3.４", String(repeating: "0", count: 46),
        ])
    func noAddresses(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(
        "A range holds the ranges that lie in it",
        arguments: [
            ("10.0.0.0/8", "10.1.0.0/16", true), ("10.0.0.0/8", "10.0.0.0/8", true),
            ("10.1.0.0/16", "10.0.0.0/8", false),
            ("10.0.0.0/8", "10.1.2.3", true), ("10.0.0.0/8", "11.0.0.0/16", false), ("10.1.2.3", "10.1.2.3", true),
            ("10.1.2.3", "10.1.2.4", false), ("::/0", "2001:db8::/32", true), ("::/0", "10.0.0.0/8", false),
            ("2001:db8::/32", "2001:db8:1::/48", true), ("2001:db8::/32", "2001:db9::/48", false),
        ])
    func ranges(outer: String, inner: String, isHeld: Bool) throws {
        #expect(try #require(AddressRange(outer)).contains(#require(AddressRange(inner))) == isHeld)
    }

    @Test(
        "A range holds the addresses up to its edges, and none beyond",
        arguments: [
            ("10.0.0.0/8", "10.0.0.0", true), ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false),
            ("10.0.0.0/8", "9.255.255.255", false), ("10.1.2.3/8", "10.9.9.9", true), ("192.0.2.1", "192.0.2.1", true),
            ("192.0.2.1", "192.0.2.2", false), ("192.0.2.1/32", "192.0.2.0", false),
            ("192.0.2.0/31", "192.0.2.1", true),
            ("192.0.2.0/31", "192.0.2.2", false), ("0.0.0.0/0", "255.255.255.255", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("192.0.2.0/24", "::ffff:192.0.2.9", true), ("::ffff:192.0.2.0/120", "192.0.2.9", true),
            ("::ffff:192.0.2.0/120", "192.0.3.9", false), ("::ffff:0:0/96", "1.2.3.4", true),
            ("::/0", "2001:db8::1", true),
            ("::/0", "1.2.3.4", false), ("::/0", "::ffff:1.2.3.4", false), ("2001:db8::/32", "2001:db8:ffff::1", true),
            ("2001:db8::/32", "2001:db9::", false), ("2001:db8::1", "2001:db8::1", true),
            ("2001:db8::1", "2001:db8::2", false),
            ("2001:db8::/127", "2001:db8::1", true), ("2001:db8::/127", "2001:db8::2", false),
        ])
    func contains(range: String, address: String, isInside: Bool) throws {
        let range = try #require(AddressRange(range))
        let address = try #require(IPAddress(address))
        #expect(range.contains(address) == isInside)
    }

    @Test(
        "A range is written without what its length makes idle",
        arguments: [
            ("10.1.2.3/8", "10.0.0.0/8"), ("10.1.2.3/32", "10.1.2.3"), ("10.1.2.3/0", "0.0.0.0/0"), ("::1/128", "::1"),
            ("2001:db8::1/32", "2001:db8::/32"), ("::ffff:10.1.2.3/104", "10.0.0.0/8"), ("::1/0", "::/0"),
        ])
    func canonical(text: String, canonical: String) throws {
        let range = try #require(AddressRange(text))
        #expect(range.description == canonical)
        #expect(AddressRange(canonical) == range)
        #expect(try JSON.value(JSON.text([range])) == [range])
    }

    @Test(
        "What is no range is refused",
        arguments: [
            "", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/08", "10.0.0.0/8/8",
            "::/129",
            "10.0.0.0/255.0.0.0", "10.0.0.0/ 8", "10.0.0/8", "*", "localhost",
        ])
    func noRanges(text: String) {
        #expect(AddressRange(text) == nil)
    }
}
