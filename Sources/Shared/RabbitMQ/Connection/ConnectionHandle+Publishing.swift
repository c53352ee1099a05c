internal import CRabbitMQ

extension ConnectionHandle {
    /// Asks the broker to confirm every message from here on. (`amqp_confirm_select`)
    func selectConfirms() throws(RabbitMQError) {
        unsafe _ = amqp_confirm_select(state, Self.channel)
        try checkReply("ask for confirms")
    }

    /// Lets messages that are sent one after the other share packets, until it is taken back. The broker then wakes,
    /// and its system, once for many of them.
    func sharePackets(_ isShared: Bool) {
        paylinks_amqp_cork(descriptor, isShared ? 1 : 0)
    }

    /// Sends one message. After an error it may have been sent in part, and the connection is of no more use.
    /// (`amqp_basic_publish`)
    func publish(_ message: OutgoingMessage, sequence: UInt64) throws(RabbitMQError) {
        defer { arena.recycle() }
        var properties = unsafe properties(of: message, sequence: sequence)
        let status = unsafe message.body.withUnsafeBytes { body in
            // librabbitmq only reads the body, although its type does not say so.
            let bytes = unsafe amqp_bytes_t(
                len: body.count, bytes: UnsafeMutableRawPointer(mutating: body.baseAddress))
            return unsafe amqp_basic_publish(
                state, Self.channel, arena.bytes(message.exchange), arena.bytes(message.routingKey),
                message.isMandatory ? 1 : 0, 0, &properties, bytes)
        }
        try check(status, "publish")
    }

    private func properties(of message: OutgoingMessage, sequence: UInt64) -> amqp_basic_properties_t {
        var properties = unsafe amqp_basic_properties_t()
        unsafe setTexts(of: message, in: &properties)
        unsafe properties.delivery_mode = message.isPersistent ? 2 : 1
        unsafe properties._flags |= UInt32(AMQP_BASIC_DELIVERY_MODE_FLAG)
        if let timestamp = message.timestamp {
            unsafe properties.timestamp = timestamp
            unsafe properties._flags |= UInt32(AMQP_BASIC_TIMESTAMP_FLAG)
        }
        var headers = message.headers
        if message.isMandatory { headers[MessageProperties.sequenceHeader] = .int64(Int64(clamping: sequence)) }
        if !headers.isEmpty {
            unsafe properties.headers = unsafe arena.table(headers)
            unsafe properties._flags |= UInt32(AMQP_BASIC_HEADERS_FLAG)
        }
        return unsafe properties
    }

    private func setTexts(of message: OutgoingMessage, in properties: inout amqp_basic_properties_t) {
        func set(_ text: String?, _ flag: Int32, _ field: inout amqp_bytes_t, _ flags: inout amqp_flags_t) {
            guard let text else { return }
            unsafe field = unsafe arena.bytes(text)
            flags |= UInt32(flag)
        }
        var flags = unsafe properties._flags
        unsafe set(message.contentType, AMQP_BASIC_CONTENT_TYPE_FLAG, &properties.content_type, &flags)
        unsafe set(message.messageId, AMQP_BASIC_MESSAGE_ID_FLAG, &properties.message_id, &flags)
        unsafe set(message.correlationId, AMQP_BASIC_CORRELATION_ID_FLAG, &properties.correlation_id, &flags)
        unsafe set(message.replyTo, AMQP_BASIC_REPLY_TO_FLAG, &properties.reply_to, &flags)
        unsafe set(message.type, AMQP_BASIC_TYPE_FLAG, &properties.type, &flags)
        unsafe properties._flags = flags
    }
}
