internal import DequeModule
internal import CLinux
internal import Threading

extension Driver {
    /// What a wait saw on the socket. Both are false when the time is up or only the inbox has something.
    struct Readiness {
        var isReadable = false
        var isWritable = false
    }

    /// Blocks until the socket or the inbox has something, or until `end` or any request's time-out. (`poll`)
    func wait(until end: ContinuousClock.Instant?, descriptor: Int32?, forOutput: Bool) -> Readiness {
        let limit = [end, deadline, pending.first?.sendBy, flights.first?.answerBy].compactMap { $0 }.min()
        let socketEvents = Int16(POLLIN | (forOutput ? POLLOUT : 0))
        var descriptors = [
            pollfd(fd: channel.inbox.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: descriptor ?? -1, events: socketEvents, revents: 0),
        ]
        guard unsafe poll(&descriptors, 2, Self.milliseconds(until: limit)) > 0 else { return Readiness() }
        let seen = Int32(descriptors[1].revents)
        let hasFault = seen & (POLLERR | POLLHUP | POLLNVAL) != 0
        return Readiness(isReadable: seen & POLLIN != 0 || hasFault, isWritable: seen & POLLOUT != 0)
    }

    /// Rounds up, lest the last millisecond be spent spinning.
    private static func milliseconds(until end: ContinuousClock.Instant?) -> Int32 {
        guard let end else { return -1 }
        let left = (end - .now) / Duration.milliseconds(1)
        return Int32(min(max(left.rounded(.up), 0), 60_000))
    }

    /// Takes everything out of the inbox, and fails what has waited for too long.
    mutating func takeIn() {
        for message in channel.inbox.takeAll() {
            switch message {
            case .request(let request): enqueue(request)
            case .wakeUp: break
            }
        }
        deadline = channel.deadline
        dropSpent()
        failFollowUps { [openTransaction] request in
            guard let mark = request.role?.mark, mark !== openTransaction else { return false }
            return !mark.isOpen || request.sendBy <= .now
        }
    }

    /// Fails units whose transactions are no more.
    mutating func failFollowUps(where isSpent: (Request) -> Bool) {
        guard !followUps.isEmpty else { return }
        let failing = followUps.filter(isSpent)
        followUps.removeAll { request in failing.contains { $0 === request } }
        for request in failing { answer(request, .failure(.connectionLost)) }
    }

    private mutating func enqueue(_ request: Request) {
        if let role = request.role, !role.begins {
            followUps.append(request)
        } else {
            pending.append(request)
        }
    }

    /// Lets go of requests at the front that were cancelled or have waited for too long.
    private mutating func dropSpent() {
        guard !pending.isEmpty else { return }
        let now = ContinuousClock.now
        while let request = pending.first, request.sendBy <= now || request.isResolved {
            _ = pending.popFirst()
            request.role?.mark.lose()
            answer(request, .failure(.unavailable("the unit could not be sent in time")))
        }
    }

    /// Lets go of a request and gives it its answer; who is answered sees statistics without it.
    func answer(_ request: Request, _ answer: Request.Answer) {
        channel.report(inFlight: flights.count)
        channel.release()
        request.resolve(answer)
    }
}
