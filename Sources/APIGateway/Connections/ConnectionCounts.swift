package import PaymentLinks

/// Counts each address's connections against its share; pure.
///
/// An IPv6 network of 64 bits counts as one address, because one subscriber has all of it.
package struct ConnectionCounts: Sendable {
    /// The most connections that one address can hold.
    package struct Limits: Sendable {
        package let perAddress: Int
        package let perProxy: Int

        package init(perAddress: Int, perProxy: Int) {
            self.perAddress = perAddress
            self.perProxy = perProxy
        }
    }

    package enum Decision: Sendable, Hashable {
        case taken
        /// The address is at its limit. `isFirst` is true once until all of its connections have ended.
        case refused(limit: Int, isFirst: Bool)
    }

    private struct Holding {
        var count = 0
        var wasRefused = false
    }

    private let limits: Limits
    private var holdings: [IPAddress: Holding] = [:]

    package init(_ limits: Limits) {
        self.limits = limits
    }

    /// How many addresses hold connections.
    package var addressCount: Int { holdings.count }

    /// Counts a connection in, if the address is below its limit.
    package mutating func take(_ address: IPAddress, isProxy: Bool) -> Decision {
        let limit = isProxy ? limits.perProxy : limits.perAddress
        var holding = holdings[address.subscriber] ?? Holding()
        let (isTaken, isFirst) = (holding.count < limit, !holding.wasRefused)
        if isTaken { holding.count += 1 } else { holding.wasRefused = true }
        holdings[address.subscriber] = holding
        return isTaken ? .taken : .refused(limit: limit, isFirst: isFirst)
    }

    /// Counts a connection out that was taken.
    package mutating func release(_ address: IPAddress) {
        guard var holding = holdings[address.subscriber] else { return }
        holding.count -= 1
        holdings[address.subscriber] = holding.count > 0 ? holding : nil
    }
}
