internal import CRabbitMQ

extension ConnectionHandle {
    /// Bounds how many deliveries each consumer that starts after this may have unsettled at once. (`amqp_basic_qos`)
    func setPrefetch(_ count: Int) throws(RabbitMQError) {
        unsafe _ = amqp_basic_qos(state, Self.channel, 0, UInt16(clamping: count), 0)
        try checkReply("set the prefetch")
    }

    /// Asks for the queue's messages, ahead of all consumers whose priority is lower. (`amqp_basic_consume`)
    func consume(
        queue: String, isExclusive: Bool, needsAcknowledgement: Bool, priority: Int32 = 0
    ) throws(RabbitMQError) {
        defer { arena.recycle() }
        unsafe _ = amqp_basic_consume(
            state, Self.channel, arena.bytes(queue), amqp_bytes_t(), 0, needsAcknowledgement ? 0 : 1,
            isExclusive ? 1 : 0, arena.table(priority == 0 ? [:] : ["x-priority": .int64(Int64(priority))]))
        try checkReply("consume")
    }

    /// Tells the broker what became of a delivery. (`amqp_basic_ack`, `amqp_basic_nack`)
    func resolve(_ number: UInt64, _ verdict: DeliveryLedger.Verdict) throws(RabbitMQError) {
        let status =
            switch verdict {
            case .acknowledge: unsafe amqp_basic_ack(state, Self.channel, number, 0)
            case .acknowledgeUpTo: unsafe amqp_basic_ack(state, Self.channel, number, 1)
            case .reject: unsafe amqp_basic_nack(state, Self.channel, number, 0, 0)
            case .requeue: unsafe amqp_basic_nack(state, Self.channel, number, 0, 1)
            }
        try check(status, "acknowledge a delivery")
    }

    /// Takes one message off the queue, unsettled; `nil` if none is ready. (`amqp_basic_get`)
    mutating func get(queue: String, within timeout: Duration) throws(RabbitMQError) -> BrokerEvent.Message? {
        defer { arena.recycle() }
        let reply = unsafe amqp_basic_get(state, Self.channel, arena.bytes(queue), 0)
        try unsafe check(reply, "get a message")
        guard unsafe reply.reply.id == AMQP_BASIC_GET_OK_METHOD, let decoded = unsafe reply.reply.decoded else {
            return nil
        }
        assembler.begin(unsafe .delivery(.init(decoded.load(as: amqp_basic_get_ok_t.self))))
        while true {
            switch try receive(within: timeout) {
            case .event(.delivered(let message)): return message
            case .nothing: throw .unavailable("get a message: its body did not come in time")
            case .event, .silent: continue
            }
        }
    }
}

extension BrokerEvent.Message {
    fileprivate init(_ get: amqp_basic_get_ok_t) {
        unsafe self.init(
            number: get.delivery_tag, isRedelivered: get.redelivered != 0,
            exchange: String(get.exchange), routingKey: String(get.routing_key))
    }
}
