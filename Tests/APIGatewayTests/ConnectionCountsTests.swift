import APIGateway
import PaymentLinks
import Testing

@Suite("Shares of connections")
struct ConnectionCountsTests {
    private static let limits = ConnectionCounts.Limits(perAddress: 2, perProxy: 3)

    private func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

    @Test func `An address has its share, is named once when it wants more, and forgotten when it has none`() throws {
        var counts = ConnectionCounts(Self.limits)
        let (one, other) = (try address("192.0.2.1"), try address("192.0.2.2"))
        #expect(counts.take(one, isProxy: false) == .taken)
        #expect(counts.take(one, isProxy: false) == .taken)
        #expect(counts.take(one, isProxy: false) == .refused(limit: 2, isFirst: true))
        #expect(counts.take(one, isProxy: false) == .refused(limit: 2, isFirst: false))
        #expect(counts.take(other, isProxy: false) == .taken)
        counts.release(one)
        #expect(counts.take(one, isProxy: false) == .taken)
        for address in [one, one, other] { counts.release(address) }
        #expect(counts.addressCount == 0)
        counts.release(one)
        #expect(counts.addressCount == 0)
    }

    @Test func `A proxy has a share of its own size`() throws {
        var counts = ConnectionCounts(Self.limits)
        let proxy = try address("192.0.2.1")
        let decisions = (0..<4).map { _ in counts.take(proxy, isProxy: true) }
        #expect(decisions == [.taken, .taken, .taken, .refused(limit: 3, isFirst: true)])
    }

    @Test func `The addresses of one IPv6 network of 64 bits share, and IPv4 addresses do not`() throws {
        var counts = ConnectionCounts(Self.limits)
        for text in ["2001:db8::1", "2001:db8::2"] { #expect(counts.take(try address(text), isProxy: false) == .taken) }
        #expect(counts.take(try address("2001:db8::3"), isProxy: false) == .refused(limit: 2, isFirst: true))
        #expect(counts.take(try address("2001:db8:0:1::3"), isProxy: false) == .taken)
        #expect(counts.addressCount == 2)
    }
}
