internal import CLibPQ

/// The keywords and values of one attempt to connect. (libpq, "Parameter Key Words")
struct ConnectionParameters {
    /// In these, a list's items belong to hosts, by their order.
    private static let listKeywords = ["host", "hostaddr", "port"]
    /// The connection string's own `options` come behind these and win.
    private static let serverOptions = [
        "-c client_min_messages=warning",
        "-c default_transaction_isolation=read\\ committed",
        "-c idle_in_transaction_session_timeout=60s",
        "-c client_connection_check_interval=10s",
    ]

    private static let planningByIndex = [
        "-c plan_cache_mode=force_generic_plan",
        "-c enable_seqscan=off",
        "-c enable_hashjoin=off",
        "-c enable_mergejoin=off",
        "-c jit=off",
    ]

    private(set) var values: [String: String]

    /// Returns nil for a malformed connection string. Hosts are tried from the one at `firstHost` on, in turn.
    init?(_ configuration: PostgresConfiguration, firstHost: Int) {
        guard let given = Self.parse(configuration.connectionString) else { return nil }
        values = ["application_name": configuration.applicationName]
        values.merge(given) { _, given in given }
        values["client_encoding"] = "UTF8"
        let planning = configuration.planning == .byIndex ? Self.planningByIndex : []
        let locking = configuration.lockTimeout.map { ["-c lock_timeout=\($0.wholeMilliseconds)ms"] } ?? []
        let options = Self.serverOptions + planning + locking + [given["options"] ?? ""]
        values["options"] = options.joined(separator: " ")
        for keyword in Self.listKeywords {
            values[keyword] = values[keyword].map { Self.rotate($0, by: firstHost) }
        }
    }

    static func canRead(_ connectionString: String) -> Bool { parse(connectionString) != nil }

    /// Moves the first items of a comma-separated list to its end.
    private static func rotate(_ list: String, by count: Int) -> String {
        let items = list.split(separator: ",", omittingEmptySubsequences: false)
        let start = count % items.count
        return (items[start...] + items[..<start]).joined(separator: ",")
    }

    /// Reads both forms of connection strings. (`PQconninfoParse`)
    private static func parse(_ connectionString: String) -> [String: String]? {
        guard let options = unsafe PQconninfoParse(connectionString, nil) else { return nil }
        defer { unsafe PQconninfoFree(options) }
        var values: [String: String] = [:]
        var option = unsafe options
        while let keyword = unsafe option.pointee.keyword {
            if let value = unsafe option.pointee.val {
                unsafe values[String(cString: keyword)] = unsafe String(cString: value)
            }
            unsafe option += 1
        }
        return values
    }
}

extension Duration {
    /// At least 1, for 0 would mean no limit to the server.
    var wholeMilliseconds: Int64 {
        max(1, components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000)
    }
}
