internal import CRabbitMQ

extension ConnectionHandle {
    /// What came of looking for a frame.
    enum Reception {
        /// A frame was there and made an event.
        case event(BrokerEvent)
        /// A frame was there; it made no event of its own.
        case silent
        /// No frame came in time: neither librabbitmq's buffers nor the socket hold anything more.
        case nothing
    }

    /// Takes one frame. It also sends heartbeats and notices their absence, so it must be called more often than the
    /// heartbeat. Throws when the channel or the connection has ended. (`amqp_simple_wait_frame_noblock`)
    mutating func receive(within timeout: Duration = .zero) throws(RabbitMQError) -> Reception {
        var frame = unsafe amqp_frame_t()
        var wait = timeval(timeout)
        let status = unsafe amqp_simple_wait_frame_noblock(state, &frame, &wait)
        if status == AMQP_STATUS_TIMEOUT.rawValue { return .nothing }
        try check(status, "receive")
        guard let event = try unsafe event(from: frame) else { return .silent }
        return .event(event)
    }

    private mutating func event(from frame: amqp_frame_t) throws(RabbitMQError) -> BrokerEvent? {
        switch unsafe Int32(frame.frame_type) {
        case AMQP_FRAME_METHOD:
            return try unsafe event(from: frame.payload.method)
        case AMQP_FRAME_HEADER:
            // Of any other class the properties are another, smaller struct.
            guard unsafe Int32(frame.payload.properties.class_id) == AMQP_BASIC_CLASS,
                let decoded = unsafe frame.payload.properties.decoded
            else { throw .unavailable("a message with properties that are none of a message") }
            let properties = unsafe MessageProperties(decoded.load(as: amqp_basic_properties_t.self))
            return unsafe assembler.header(properties, bodySize: Int(clamping: frame.payload.properties.body_size))
        case AMQP_FRAME_BODY:
            return unsafe assembler.append([UInt8](frame.payload.body_fragment))
        default:
            return nil
        }
    }

    private mutating func event(from method: amqp_method_t) throws(RabbitMQError) -> BrokerEvent? {
        guard let decoded = unsafe method.decoded else { return nil }
        switch unsafe method.id {
        case AMQP_BASIC_DELIVER_METHOD:
            assembler.begin(unsafe .delivery(.init(decoded.load(as: amqp_basic_deliver_t.self))))
        case AMQP_BASIC_RETURN_METHOD:
            assembler.begin(unsafe .return(decoded.load(as: amqp_basic_return_t.self)))
        case AMQP_BASIC_ACK_METHOD:
            return unsafe .acked(decoded.load(as: amqp_basic_ack_t.self))
        case AMQP_BASIC_NACK_METHOD:
            return unsafe .nacked(decoded.load(as: amqp_basic_nack_t.self))
        case AMQP_BASIC_CANCEL_METHOD:
            return .consumerCancelled
        case AMQP_CONNECTION_BLOCKED_METHOD:
            return unsafe .blocked(reason: String(decoded.load(as: amqp_connection_blocked_t.self).reason))
        case AMQP_CONNECTION_UNBLOCKED_METHOD:
            return .unblocked
        case AMQP_CHANNEL_CLOSE_METHOD, AMQP_CONNECTION_CLOSE_METHOD:
            throw unsafe acceptClose(method)
        default: break
        }
        return nil
    }
}

extension BrokerEvent {
    fileprivate static func acked(_ ack: amqp_basic_ack_t) -> BrokerEvent {
        .confirmed(tag: ack.delivery_tag, isMultiple: ack.multiple != 0, isAck: true)
    }

    fileprivate static func nacked(_ nack: amqp_basic_nack_t) -> BrokerEvent {
        .confirmed(tag: nack.delivery_tag, isMultiple: nack.multiple != 0, isAck: false)
    }
}

extension BrokerEvent.Message {
    fileprivate init(_ deliver: amqp_basic_deliver_t) {
        unsafe self.init(
            number: deliver.delivery_tag, isRedelivered: deliver.redelivered != 0,
            exchange: String(deliver.exchange), routingKey: String(deliver.routing_key))
    }
}

extension MessageAssembler.Start {
    fileprivate static func `return`(_ returned: amqp_basic_return_t) -> Self {
        unsafe .return(replyCode: Int(returned.reply_code), replyText: String(returned.reply_text))
    }
}
