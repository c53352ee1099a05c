import Logging

extension Driver {
    /// Makes one attempt to connect; nil when it fails, takes too long, or is overtaken by shutdown.
    mutating func connect() -> ConnectionHandle? {
        guard let parameters = ConnectionParameters(configuration, firstHost: firstHost) else {
            reportFailure("the connection string is malformed")
            return nil
        }
        guard let connection = ConnectionHandle.start(parameters) else { return nil }
        guard shakeHands(connection) else { return nil }
        hasReportedFailure = false
        logger.info("Postgres connected", metadata: ["server_process": "\(connection.serverProcess)"])
        return connection
    }

    /// Follows libpq through the handshake, which may pass from host to host, under one time limit.
    private mutating func shakeHands(_ connection: borrowing ConnectionHandle) -> Bool {
        let end = ContinuousClock.now + configuration.connectTimeout
        var progress = ConnectionHandle.Progress.awaitingOutput
        while ContinuousClock.now < end && !isDone {
            if pause(progress, on: connection, until: end) { progress = connection.advance() }
            if progress == .established && connection.enterPipelineMode() { return true }
            if progress == .failed || progress == .established {
                reportFailure(connection.failureReason)
                return false
            }
        }
        if !isDone { reportTimeout() }
        return false
    }

    /// Waits for the socket; false when it was something else that happened. A broken attempt has no socket.
    private mutating func pause(
        _ progress: ConnectionHandle.Progress, on connection: borrowing ConnectionHandle,
        until end: ContinuousClock.Instant
    ) -> Bool {
        if connection.isBroken { return true }
        let forOutput = progress == .awaitingOutput
        let readiness = wait(until: end, descriptor: connection.descriptor, forOutput: forOutput)
        takeIn()
        return readiness.isReadable || readiness.isWritable
    }

    private mutating func reportTimeout() {
        firstHost += 1
        reportFailure("no answer in time")
    }

    /// Says it once for each time that the server goes away, for attempts go on every other second.
    private mutating func reportFailure(_ reason: String) {
        if hasReportedFailure { return }
        hasReportedFailure = true
        logger.warning("Postgres cannot be reached", metadata: ["reason": "\(reason)"])
    }
}
