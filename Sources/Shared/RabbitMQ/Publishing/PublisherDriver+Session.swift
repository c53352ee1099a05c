internal import DequeModule
internal import Logging
internal import Synchronization
internal import Threading

extension PublisherDriver {
    /// How much may be written before asking the socket again whether it takes more.
    private static let bytesBetweenChecks = 32 * 1024
    /// The most frames taken before looking at the inbox again.
    private static let framesPerTurn = 1024

    /// Connects and works until the connection fails, which throws, or the publisher is done.
    mutating func session() throws(RabbitMQError) {
        var connection = try connect()
        core.isReady.store(true, ordering: .relaxed)
        while true {
            takeInbox()
            let wantsWrite = try sendWaiting(connection)
            let isDrained = try receive(&connection)
            expire(ifUnsent: isBlocked ? .blocked : .unavailable("not sent in time"))
            if isDone { break }
            if isDrained && !hasWork(wantsWrite) {
                Readiness.wait(
                    socket: connection.descriptor, orWrite: wantsWrite, inbox: core.inbox.descriptor, atMost: sleep)
            }
        }
        core.isReady.store(false, ordering: .relaxed)
        connection.close()
    }

    private mutating func connect() throws(RabbitMQError) -> ConnectionHandle {
        let (core, topology, hasWaiting) = (core, topology, !waiting.isEmpty)
        let isWanted = {
            guard let deadline = core.closing else { return true }
            return deadline > .now && (hasWaiting || core.inbox.count > 0)
        }
        let connection = try dialer.connect(while: isWanted) { connection throws(RabbitMQError) in
            try connection.declare(topology)
            try connection.selectConfirms()
        }
        connections += 1
        Reconnects.count(isFirst: connections == 1)
        if connections > 1 { core.statistics.withLock { $0.reconnects += 1 } }
        return connection
    }

    /// Whether something could be sent right now.
    private func hasWork(_ wantsWrite: Bool) -> Bool {
        !waiting.isEmpty && window.hasRoom && !isBlocked && !wantsWrite
    }

    /// Sends as much as the window, the broker and the socket take. True if only the socket's room is missing.
    private mutating func sendWaiting(_ connection: borrowing ConnectionHandle) throws(RabbitMQError) -> Bool {
        var unchecked = Self.bytesBetweenChecks
        var sent = 0
        defer { core.statistics.withLock { $0.published += sent } }
        let sharesPackets = waiting.count > 1
        if sharesPackets { connection.sharePackets(true) }
        defer { if sharesPackets { connection.sharePackets(false) } }
        while window.hasRoom, !isBlocked, let publish = waiting.first {
            if unchecked >= Self.bytesBetweenChecks {
                guard Readiness.isWritable(connection.descriptor) else { return true }
                unchecked = 0
            }
            _ = waiting.popFirst()
            guard begin(publish) else { continue }
            let sequence = window.append(publish)
            try connection.publish(publish.message, sequence: sequence)
            unchecked += publish.message.body.count + 512
            sent += 1
        }
        return false
    }

    /// Whether a message is still to be sent: not cancelled, not too late, and within the protocol's limits.
    private func begin(_ publish: Publish) -> Bool {
        if publish.deadline <= .now {
            publish.resolve(.failure(.unavailable("not sent in time")))
        } else if let defect = publish.message.defect {
            publish.resolve(.failure(defect))
        } else if publish.ticket.beginSending(publish.index) {
            return true
        }
        core.release(1)
        return false
    }

    /// Takes the frames that are there. True if there are no more.
    private mutating func receive(_ connection: inout ConnectionHandle) throws(RabbitMQError) -> Bool {
        defer { connection.releaseBuffers() }
        for _ in 0..<Self.framesPerTurn {
            switch try connection.receive() {
            case .nothing: return true
            case .silent: continue
            case .event(let event): handle(event)
            }
        }
        return false
    }

    private mutating func handle(_ event: BrokerEvent) {
        switch event {
        case .confirmed(let tag, let isMultiple, let isAck):
            resolve(window.resolve(tag, isMultiple: isMultiple, isAck: isAck))
        case .returned(let sequence?, let replyCode, let replyText):
            window.noteReturn(sequence, replyCode: replyCode, replyText: replyText)
        case .blocked(let reason):
            isBlocked = true
            core.isReady.store(false, ordering: .relaxed)
            core.statistics.withLock { $0.blocked += 1 }
            logger.warning("the broker blocks publishers", metadata: ["reason": "\(reason)"])
        case .unblocked:
            isBlocked = false
            core.isReady.store(true, ordering: .relaxed)
            logger.info("the broker takes messages again")
        case .returned(sequence: nil, _, _), .delivered, .consumerCancelled: break
        }
    }

    private func resolve(_ resolved: [ConfirmWindow<Publish>.Resolved]) {
        core.statistics.withLock { statistics in
            for item in resolved { statistics.count(item.result) }
        }
        for item in resolved { item.element.resolve(item.result) }
        core.release(resolved.count)
    }
}

extension PublisherStatistics {
    fileprivate mutating func count(_ result: Result<Void, RabbitMQError>) {
        switch result {
        case .success: confirmed += 1
        case .failure(.returned): returned += 1
        case .failure: nacked += 1
        }
    }
}
