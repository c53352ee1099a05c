package import NIOPosix
import Storage

/// Threads that may block in name look-ups: some for the endpoints of each standing, so that the failing ones' dead
/// name servers delay no other endpoint.
package struct LookupThreads: Sendable {
    let well: NIOThreadPool
    let untried: NIOThreadPool
    let failing: NIOThreadPool

    /// - Parameter count: how many threads each standing has.
    static func start(count: Int) -> LookupThreads {
        let pools = LookupThreads(
            well: NIOThreadPool(numberOfThreads: count), untried: NIOThreadPool(numberOfThreads: count),
            failing: NIOThreadPool(numberOfThreads: count))
        for pool in pools.all { pool.start() }
        return pools
    }

    package init(well: NIOThreadPool, untried: NIOThreadPool, failing: NIOThreadPool) {
        self.well = well
        self.untried = untried
        self.failing = failing
    }

    subscript(standing: EndpointStanding) -> NIOThreadPool {
        switch standing {
        case .well: well
        case .untried: untried
        case .failing: failing
        }
    }

    func shutdown() async {
        for pool in all { try? await pool.shutdownGracefully() }
    }

    private var all: [NIOThreadPool] { [well, untried, failing] }
}
