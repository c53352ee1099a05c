import Glibc
import Testing

/// A port whose queue of connections is full and that takes none out of it: who connects gets no answer at all.
struct SilentAddress {
    private let listener: Int32
    private let first: Int32

    init(_ host: String, port: Int) throws {
        listener = Self.socket()
        first = Self.socket()
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        try #require(inet_pton(AF_INET, host, &address.sin_addr) == 1)
        let (listener, first) = (listener, first)
        try withUnsafePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                let size = socklen_t(MemoryLayout<sockaddr_in>.size)
                try #require(bind(listener, address, size) == 0)
                try #require(listen(listener, 0) == 0)
                try #require(connect(first, address, size) == 0)
            }
        }
    }

    func close() {
        _ = Glibc.close(first)
        _ = Glibc.close(listener)
    }

    private static func socket() -> Int32 { Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) }
}
