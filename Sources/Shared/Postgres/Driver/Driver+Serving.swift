import Logging

extension Driver {
    /// The most units on their way at once; those behind them wait for the next turn, and cannot pile up in libpq.
    private static let windowUnitCount = 64
    /// The most bytes handed to libpq in one turn; they go out before more are taken.
    private static let turnByteLimit = 1 << 20
    /// What a statement takes in libpq's buffer besides its parameters, about.
    private static let statementByteCount = 64
    /// A statement of so many bytes goes out by itself, for the server to begin with it while the next is made.
    private static let flushedByteCount = 4096
    /// How often to look for bytes that decryption may hold back from `poll`.
    private static let hiddenInputInterval: Duration = .milliseconds(10)

    /// Serves requests on this connection until it is over or the work is done.
    mutating func serve(_ connection: borrowing ConnectionHandle, _ session: inout Session) {
        while session.end == nil && !isDone {
            send(on: connection, &session)
            flush(connection, &session)
            channel.report(inFlight: flights.count)
            if session.end == nil && !isDone { turn(connection, &session) }
        }
        report(session)
    }

    /// Hears the server out, for which it waits once unless there is an answer already, before it looks at what else is
    /// to be sent.
    private mutating func turn(_ connection: borrowing ConnectionHandle, _ session: inout Session) {
        // Whenever libpq cannot send all at once it reads, so an answer may be in its buffer without `poll` knowing.
        if !flights.isEmpty, !connection.isBusy {
            receive(connection, &session)
        } else {
            hear(connection, &session)
        }
        takeIn()
        checkTime(&session)
    }

    private mutating func hear(_ connection: borrowing ConnectionHandle, _ session: inout Session) {
        let mayHideInput = connection.isEncrypted && !flights.isEmpty
        let readiness = wait(
            until: mayHideInput ? .now + Self.hiddenInputInterval : nil,
            descriptor: connection.descriptor,
            forOutput: session.hasUnsentBytes)
        if readiness.isReadable || mayHideInput { receive(connection, &session) }
    }

    private func checkTime(_ session: inout Session) {
        if let flight = flights.first, flight.answerBy <= .now {
            session.end = .lost("a unit was not answered in time")
        }
        if session.isSpoiled && flights.isEmpty && openTransaction == nil { session.end = .spoiled }
    }

    private func report(_ session: borrowing Session) {
        switch session.end {
        case .lost(let reason): logger.warning("Postgres connection lost", metadata: ["reason": "\(reason)"])
        case .spoiled: logger.notice("Postgres connection is being replaced")
        case nil: break
        }
    }

    // MARK: Sending

    private mutating func send(on connection: borrowing ConnectionHandle, _ session: inout Session) {
        var bytesLeft = session.hasUnsentBytes ? 0 : Self.turnByteLimit
        while bytesLeft > 0, session.end == nil, flights.count < Self.windowUnitCount,
            let request = nextRequest(&session)
        {
            guard let byteCount = send(request, on: connection, &session) else {
                session.end = .lost("a unit could not be sent")
                return
            }
            bytesLeft -= byteCount
        }
    }

    /// Returns about how many bytes it handed to libpq; nil when libpq refuses, which it does when the connection or
    /// the memory is at its end.
    private mutating func send(
        _ request: Request, on connection: borrowing ConnectionHandle, _ session: inout Session
    ) -> Int? {
        flights.append(Flight(request: request, answerBy: .now + configuration.requestTimeout))
        channel.reportSent(statements: request.queries.count)
        var byteCount = 0
        for query in request.queries {
            guard let count = send(query, on: connection, &session) else { return nil }
            byteCount += count
            if count >= Self.flushedByteCount { flush(connection, &session) }
        }
        session.pipeline.sent(.sync)
        return connection.sendSync() ? byteCount : nil
    }

    private mutating func send(
        _ query: Query, on connection: borrowing ConnectionHandle, _ session: inout Session
    ) -> Int? {
        let parameters = query.encoded()
        if session.prepared.begin(query.statement) {
            guard connection.sendPrepare(query.statement, for: parameters) else { return nil }
            session.pipeline.sent(.prepare(query.statement))
        }
        guard connection.sendExecute(query.statement, parameters, scratch: &scratch) else { return nil }
        session.pipeline.sent(.execute)
        return parameters.bytes.count + Self.statementByteCount
    }

    private mutating func flush(_ connection: borrowing ConnectionHandle, _ session: inout Session) {
        guard session.end == nil else { return }
        if let isEmpty = connection.flush() {
            session.hasUnsentBytes = !isEmpty
        } else {
            // What the server said before it went is in libpq's buffer, and answers what was sent earlier.
            receive(connection, &session)
            session.end = session.end ?? .lost("the connection broke while sending")
        }
    }
}
