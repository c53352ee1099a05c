internal import CRabbitMQ
internal import Glibc
internal import CLinux

/// One connection to the broker with its one channel, for one thread. (`amqp_connection_state_t`)
///
/// A channel lives and dies with its connection: whatever closes the one, the other is given up as well, and the
/// driver makes a new pair. The socket is closed when the value's life ends.
@safe struct ConnectionHandle: ~Copyable {
    /// The only channel's number.
    static let channel: amqp_channel_t = 1
    /// Room in the kernel for what the broker has not read yet.
    private static let sendBufferSize: Int32 = 1 << 20

    let state: amqp_connection_state_t
    let arena = Arena()
    var assembler = MessageAssembler()

    private init(adopting state: amqp_connection_state_t) {
        unsafe self.state = unsafe state
    }

    deinit {
        unsafe _ = amqp_destroy_connection(state)
    }

    /// Connects, logs in and opens the channel. Blocks for at most a few times `connectTimeout`.
    static func open(
        _ address: BrokerAddress, _ configuration: RabbitMQConfiguration
    ) throws(RabbitMQError) -> ConnectionHandle {
        guard let state = unsafe amqp_new_connection() else { throw .unavailable("out of memory") }
        let connection = unsafe ConnectionHandle(adopting: state)
        try connection.openSocket(address, configuration)
        try connection.logIn(address, configuration)
        try connection.openChannel()
        return connection
    }

    /// The socket, for `poll`.
    var descriptor: Int32 { unsafe amqp_get_sockfd(state) }

    /// Says goodbye and ends the connection. Waits for the broker's answer, but not long. (`amqp_connection_close`)
    consuming func close() {
        var patience = timeval(tv_sec: 1, tv_usec: 0)
        unsafe _ = amqp_set_rpc_timeout(state, &patience)
        unsafe _ = amqp_connection_close(state, AMQP_REPLY_SUCCESS)
    }

    /// Gives memory of frames that were dealt with back to the connection. (`amqp_maybe_release_buffers`)
    func releaseBuffers() {
        unsafe amqp_maybe_release_buffers(state)
    }

    private func openSocket(_ address: BrokerAddress, _ configuration: RabbitMQConfiguration) throws(RabbitMQError) {
        var timeout = timeval(configuration.connectTimeout)
        unsafe _ = amqp_set_handshake_timeout(state, &timeout)
        unsafe _ = amqp_set_rpc_timeout(state, &timeout)
        guard let socket = try unsafe makeSocket(address) else { throw .unavailable("out of memory") }
        try check(unsafe amqp_socket_open_noblock(socket, address.host, Int32(address.port), &timeout), "connect")
        let patience = (configuration.heartbeat * 3).milliseconds
        paylinks_amqp_tune_socket(descriptor, Self.sendBufferSize, UInt32(clamping: patience))
    }

    /// A plain socket, or one with TLS 1.2 or later. (`amqp_tcp_socket_new`, `amqp_ssl_socket_new`)
    private func makeSocket(_ address: BrokerAddress) throws(RabbitMQError) -> OpaquePointer? {
        guard let tls = address.tls else { return unsafe amqp_tcp_socket_new(state) }
        guard let socket = unsafe amqp_ssl_socket_new(state) else { return nil }
        try check(unsafe amqp_ssl_socket_set_ssl_versions(socket, AMQP_TLSv1_2, AMQP_TLSvLATEST), "set TLS versions")
        unsafe amqp_ssl_socket_set_verify_peer(socket, tls.verifiesPeer ? 1 : 0)
        unsafe amqp_ssl_socket_set_verify_hostname(socket, tls.verifiesPeer ? 1 : 0)
        if tls.verifiesPeer {
            let file = tls.certificateAuthorityFile ?? "/etc/ssl/certs/ca-certificates.crt"
            try check(unsafe amqp_ssl_socket_set_cacert(socket, file), "read the certificate authority's file")
        }
        return unsafe socket
    }

    private func logIn(_ address: BrokerAddress, _ configuration: RabbitMQConfiguration) throws(RabbitMQError) {
        defer { arena.recycle() }
        let capabilities = unsafe arena.table([
            "publisher_confirms": .bool(true), "basic.nack": .bool(true), "connection.blocked": .bool(true),
            "consumer_cancel_notify": .bool(true), "authentication_failure_close": .bool(true),
        ])
        var properties = unsafe arena.table([
            ("connection_name", arena.field(.string(configuration.connectionName))),
            ("product", arena.field(.string("paylinks"))),
            ("capabilities", arena.field(capabilities)),
        ])
        let heartbeat = Int32(clamping: configuration.heartbeat.components.seconds)
        let reply = unsafe paylinks_amqp_login(
            state, address.virtualHost, heartbeat, &properties, address.user, address.password.value)
        try unsafe check(reply, "log in")
    }

    private func openChannel() throws(RabbitMQError) {
        unsafe _ = amqp_channel_open(state, Self.channel)
        try checkReply("open a channel")
    }
}

extension timeval {
    init(_ duration: Duration) {
        let milliseconds = duration.milliseconds
        self.init(tv_sec: Int(milliseconds / 1000), tv_usec: Int(milliseconds % 1000) * 1000)
    }
}

extension Duration {
    /// Whole milliseconds, rounded up and never negative.
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return max(0, seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
