import Glibc
import Synchronization

/// Free TCP ports of 127.0.0.1 for servers of our own.
///
/// They lie below the range that the kernel takes the ports of outgoing connections from. In that range a client that
/// tries to reach a stopped server can connect to itself by chance, and the server then finds its port taken.
package enum LoopbackPort {
    private static let handedOut = Mutex(Set<Int>())

    /// The port that was asked for, or a free one.
    static func chosen(_ wanted: Int?) throws(PrivateServerError) -> Int {
        if let wanted { return wanted }
        return try free()
    }

    /// A port that nothing listens on now, and that this process has not been given before.
    package static func free() throws(PrivateServerError) -> Int {
        for _ in 0..<1_000 {
            let port = Int.random(in: 15_000..<lowestOutgoingPort())
            let isNew = handedOut.withLock { $0.insert(port).inserted }
            if isNew && isFree(port) { return port }
        }
        throw .notSpawned(program: "a server", reason: "no free port was found on 127.0.0.1")
    }

    /// Whether a server could listen on the port now. (`bind(2)`)
    package static func isFree(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        // As servers do: connections of an earlier server that still linger do not keep a port.
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        return withLoopbackAddress(port: port) { bind(descriptor, $0, $1) == 0 && listen(descriptor, 1) == 0 }
    }

    static func withLoopbackAddress<Value>(
        port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Value
    ) -> Value {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(truncatingIfNeeded: port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let size = MemoryLayout<sockaddr_in>.size
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(size)) }
        }
    }

    private static func lowestOutgoingPort() -> Int {
        let range = TextFile.read("/proc/sys/net/ipv4/ip_local_port_range")
        let low = range.split(whereSeparator: \.isWhitespace).first.flatMap { Int($0) } ?? 32_768
        return low > 16_000 ? low : 65_536
    }
}
