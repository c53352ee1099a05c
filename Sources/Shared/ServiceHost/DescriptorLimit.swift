import Glibc
package import Logging

/// How many files and connections this process may have open.
package enum DescriptorLimit {
    /// Raises the limit as far as the system allows, and returns it. (getrlimit(2))
    package static func raise() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1_024 }
        if limit.rlim_cur < limit.rlim_max {
            limit.rlim_cur = limit.rlim_max
            _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
        return Int(clamping: limit.rlim_cur)
    }

    /// Raises the limit, and returns how many connections there may be: as many as configured, if it leaves room for
    /// them.
    ///
    /// - Parameter others: what is kept for everything else that the process opens.
    package static func connections(configured: Int, besides others: Int, logger: Logger) -> Int {
        let possible = max(1, raise() - others)
        if possible < configured {
            logger.warning(
                "fewer connections are possible than configured",
                metadata: ["configured": "\(configured)", "possible": "\(possible)"])
        }
        return min(configured, possible)
    }
}
