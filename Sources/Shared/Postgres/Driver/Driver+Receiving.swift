internal import DequeModule

extension Driver {
    /// Takes in what the server has sent and hands out the answers that are complete.
    ///
    /// A broken connection may have left answers in the buffer, so they are read before it is given up.
    mutating func receive(_ connection: borrowing ConnectionHandle, _ session: inout Session) {
        let isIntact = connection.consumeInput()
        while !connection.isBusy && !session.pipeline.isIdle && session.end == nil {
            take(connection.nextAnswer(), &session)
        }
        if session.end == nil && (!isIntact || connection.isBroken) {
            session.end = .lost("the server closed the connection")
        }
    }

    private mutating func take(_ answer: Answer, _ session: inout Session) {
        if case .fault = answer {
            session.end = .lost("the connection broke")
            return
        }
        switch session.pipeline.received(answer.event) {
        case .nothing: break
        case .collect: collect(answer)
        case .remember(let statement): session.prepared.remember(statement)
        case .fail(let statement): fail(answer, statement, &session)
        case .skip(let statement): statement.map { session.prepared.forget($0) }
        case .finishUnit: finishUnit(&session)
        case .giveUp: session.end = .lost("the server's answers ended out of turn")
        }
    }

    private mutating func collect(_ answer: Answer) {
        guard case .success(let handle) = answer else { return }
        if !flights.isEmpty { flights[0].results.append(ResultSet(handle)) }
    }

    /// A fatal error ends the connection too; whether a commit came before it, it does not tell.
    private mutating func fail(_ answer: Answer, _ statement: Statement?, _ session: inout Session) {
        statement.map { session.prepared.forget($0) }
        guard case .failure(let error, let isFatal) = answer else { return }
        if error.spoilsConnection { session.isSpoiled = true }
        if isFatal { session.end = .lost("the server ended the connection") }
        guard let flight = flights.first, !(isFatal && flight.mayHaveCommitted) else { return }
        if flight.failure == nil { flights[0].failure = .server(error) }
    }

    private mutating func finishUnit(_ session: inout Session) {
        guard var flight = flights.popFirst() else { return }
        session.hasAnswered = true
        if flight.request.role?.end == .commit { finishCommit(&flight, &session) }
        answer(flight.request, flight.answer)
    }

    /// A transaction that did not commit is still open, in its failed state, until it is rolled back.
    private mutating func finishCommit(_ flight: inout Flight, _ session: inout Session) {
        session.isCommitting = false
        guard let mark = flight.request.role?.mark else { return }
        mark.end()
        flight.noteUncommitted()
        if flight.failure == nil {
            openTransaction = nil
        } else {
            let role = TransactionRole(mark: mark, begins: false, end: .rollback)
            followUps.append(Request([], role: role, sendBy: .now + configuration.requestTimeout))
            channel.retain()
        }
    }

    /// Fails everything that is on its way, when the connection is over.
    mutating func abandonFlights() {
        while let flight = flights.popFirst() {
            answer(flight.request, .failure(flight.failure ?? flight.fate))
        }
        openTransaction?.lose()
        openTransaction = nil
        failFollowUps { _ in true }
    }
}

extension Flight {
    fileprivate var answer: Request.Answer {
        if let failure { return .failure(failure) }
        return .success(Array(results[request.answered]))
    }

    /// What became of a unit whose answer will never come: a transaction's unit is undone unless it commits.
    fileprivate var fate: PostgresError { mayHaveCommitted ? .outcomeUnknown : .connectionLost }

    /// Whether the server may have made it last before it said that the connection is over: a unit that commits, and
    /// one that is a transaction by itself.
    fileprivate var mayHaveCommitted: Bool { request.role.map { $0.end == .commit } ?? true }

    /// The server answers a `COMMIT` in a failed transaction by rolling back, and calls that a success.
    fileprivate mutating func noteUncommitted() {
        guard failure == nil, results.last?.handle.commandTag != "COMMIT" else { return }
        failure = .server(
            ServerError(sqlState: "25P02", message: "current transaction is aborted, and was rolled back"))
    }
}
