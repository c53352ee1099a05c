import Glibc

/// One connection to a port of 127.0.0.1, with at most one request under way.
struct Connection {
    /// What has come since the last look.
    enum Arrival {
        /// No whole answer yet.
        case nothing
        case answer(status: Int)
        /// It has ended, or what came is no answer.
        case end
    }

    private let socket: Int32
    /// The request that waits for its answer.
    private(set) var underWay: Int?
    /// When its latest request was sent, in nanoseconds from the start.
    private(set) var sentAt: UInt64 = 0
    /// The beginning of an answer whose rest has not come.
    private var received: [UInt8] = []

    /// Connects, which waits for nobody but the kernel: it takes connections before the server does.
    init(port: Int) throws(SystemError) {
        socket = try SystemError.check("socket", Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        _ = try SystemError.check("connect to port \(port)", connected)
        var enabled: Int32 = 1
        _ = try SystemError.check(
            "setsockopt",
            setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &enabled, socklen_t(MemoryLayout<Int32>.size)))
    }

    func watch(by poller: borrowing Poller, as number: Int) throws(SystemError) {
        try poller.watch(socket, as: number)
    }

    func close() {
        Glibc.close(socket)
    }

    /// Sends a request; false if the connection did not take it whole.
    mutating func send(_ index: Int, at now: UInt64, _ request: [UInt8]) -> Bool {
        (underWay, sentAt) = (index, now)
        return Glibc.send(socket, request, request.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
            == request.count
    }

    /// Reads what is there, by way of the buffer. An answer is the last thing that comes before the next request.
    mutating func receive(_ buffer: inout [UInt8]) -> Arrival {
        while true {
            let count = recv(socket, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            guard count > 0 else { return count < 0 && errno == EAGAIN ? .nothing : .end }
            guard underWay != nil else { return .end }
            if !received.isEmpty { received += buffer[..<count] }
            switch Answer(received.isEmpty ? buffer[..<count] : received[...]) {
            case .whole(let status):
                received.removeAll(keepingCapacity: true)
                underWay = nil
                return .answer(status: status)
            case .partial:
                if received.isEmpty { received += buffer[..<count] }
            case nil: return .end
            }
        }
    }
}
