import PaymentLinks
import Testing
import Webhooks

@Suite("Address policy")
struct AddressPolicyTests {
    @Test(
        "Addresses of the public internet are allowed, up to the edges of every special block",
        arguments: [
            "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
            "128.0.0.0", "168.63.129.15", "168.63.129.17", "169.253.255.255", "169.255.0.0", "172.15.255.255",
            "172.32.0.0", "192.0.1.0", "192.0.3.0", "192.88.98.255", "192.88.100.0", "192.167.255.255", "192.169.0.0",
            "198.17.255.255", "198.20.0.0", "198.51.99.255", "198.51.101.0", "203.0.112.255", "203.0.114.0",
            "223.255.255.255", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2000::1", "2001:200::1", "2001:db7:ffff::1",
            "2001:db9::1", "2003::1", "2606:4700:4700::1111", "3ffe::1", "3fff:1000::1",
        ])
    func publicAddresses(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(AddressPolicy(allowsLoopback: false).allows(address))
        #expect(AddressPolicy(allowsLoopback: true).allows(address))
    }

    @Test(
        "No special address is allowed, in any spelling, not even for development",
        arguments: [
            "0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.100.100.200",
            "100.127.255.255",
            "168.63.129.16", "169.254.0.0", "169.254.169.254", "169.254.255.255", "172.16.0.0", "172.31.255.255",
            "192.0.0.0", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.0", "192.168.255.255", "198.18.0.0",
            "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
            "255.255.255.255",
            "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "::ffff:0:10.0.0.1", "::10.0.0.1", "::",
            "64:ff9b::10.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b::7f00:1", "64:ff9b:1::1", "64:ff9b:0:1::8.8.8.8",
            "2002:a00:1::", "2002:7f00:1::1", "2002:a9fe:a9fe::", "2001::1", "2001:0:4136:e378::", "2001:2::1",
            "2001:db8::1", "3fff::1", "100::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1",
            "4000::1", "1fff::1", "5f00::1",
            // Multicast, Teredo and 6to4 with hosts inside, and a translation within a translation.
            "224.0.0.251", "239.255.255.250", "ff05::1:3", "2001:0:a00:1::", "2002:c0a8:1::1", "2002:7f00:1::",
            "64:ff9b::169.254.169.254", "64:ff9b::192.168.0.1", "64:ff9b::100.64.0.1", "64:ff9b::0.0.0.0",
            "::ffff:0.0.0.0", "::ffff:169.254.169.254", "::ffff:100.64.0.1", "::ffff:198.18.0.1", "::127.0.0.1",
            // Metadata of clouds.
            "169.254.170.2", "169.254.42.42", "fd20:ce::254", "fe80::a9fe:a9fe",
        ])
    func specialAddresses(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(!AddressPolicy(allowsLoopback: false).allows(address))
        #expect(!AddressPolicy(allowsLoopback: true).allows(address))
    }

    @Test(
        "Loopback is allowed for development alone",
        arguments: ["127.0.0.1", "127.0.0.0", "127.255.255.255", "::1", "::ffff:127.0.0.1", "::ffff:7f00:1"])
    func loopback(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(!AddressPolicy(allowsLoopback: false).allows(address))
        #expect(AddressPolicy(allowsLoopback: true).allows(address))
    }
}
