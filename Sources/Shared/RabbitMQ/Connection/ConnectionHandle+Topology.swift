internal import CRabbitMQ

/// What a queue holds at one moment.
package struct QueueStatus: Sendable, Hashable {
    /// Messages ready to be delivered; those delivered and not yet resolved do not count.
    package let messageCount: Int
    package let consumerCount: Int
}

extension ConnectionHandle {
    /// Declares exchanges, then queues, then bindings.
    func declare(_ topology: Topology) throws(RabbitMQError) {
        for exchange in topology.exchanges { try declare(exchange) }
        for queue in topology.queues { try declare(queue) }
        for binding in topology.bindings { try declare(binding) }
    }

    /// What the queue holds; 404 NOT_FOUND if it does not exist. (`amqp_queue_declare`, passive)
    func status(ofQueue name: String) throws(RabbitMQError) -> QueueStatus {
        defer { arena.recycle() }
        let answer = unsafe amqp_queue_declare(
            state, Self.channel, arena.bytes(name), 1, 0, 0, 0, amqp_table_t())
        try checkReply("look at a queue")
        guard let status = unsafe answer?.pointee else { throw .unavailable("look at a queue: no answer") }
        return unsafe QueueStatus(messageCount: Int(status.message_count), consumerCount: Int(status.consumer_count))
    }

    /// Throws away what is ready in the queue, and says how much that was. (`amqp_queue_purge`)
    func purge(queue name: String) throws(RabbitMQError) -> Int {
        defer { arena.recycle() }
        let answer = unsafe amqp_queue_purge(state, Self.channel, arena.bytes(name))
        try checkReply("purge a queue")
        return unsafe Int(answer?.pointee.message_count ?? 0)
    }

    /// Deletes the queue with all that it holds; one that does not exist is deleted already. (`amqp_queue_delete`)
    func delete(queue name: String) throws(RabbitMQError) -> Int {
        defer { arena.recycle() }
        let answer = unsafe amqp_queue_delete(state, Self.channel, arena.bytes(name), 0, 0)
        try checkReply("delete a queue")
        return unsafe Int(answer?.pointee.message_count ?? 0)
    }

    /// Deletes the exchange; one that does not exist is deleted already. (`amqp_exchange_delete`)
    func delete(exchange name: String) throws(RabbitMQError) {
        defer { arena.recycle() }
        unsafe _ = amqp_exchange_delete(state, Self.channel, arena.bytes(name), 0)
        try checkReply("delete an exchange")
    }

    /// (`amqp_exchange_declare`)
    private func declare(_ exchange: Topology.Exchange) throws(RabbitMQError) {
        defer { arena.recycle() }
        unsafe _ = amqp_exchange_declare(
            state, Self.channel, arena.bytes(exchange.name), arena.bytes(exchange.kind.rawValue), 0,
            exchange.isDurable ? 1 : 0, 0, 0, amqp_table_t())
        try checkReply("declare an exchange")
    }

    /// (`amqp_queue_declare`)
    private func declare(_ queue: Topology.Queue) throws(RabbitMQError) {
        defer { arena.recycle() }
        unsafe _ = amqp_queue_declare(
            state, Self.channel, arena.bytes(queue.name), 0, queue.isDurable ? 1 : 0, queue.isExclusive ? 1 : 0,
            queue.isAutoDelete ? 1 : 0, arena.table(queue.arguments))
        try checkReply("declare a queue")
    }

    /// (`amqp_queue_bind`)
    private func declare(_ binding: Topology.Binding) throws(RabbitMQError) {
        defer { arena.recycle() }
        unsafe _ = amqp_queue_bind(
            state, Self.channel, arena.bytes(binding.queue), arena.bytes(binding.exchange),
            arena.bytes(binding.routingKey), amqp_table_t())
        try checkReply("bind a queue")
    }
}
