internal import DequeModule

extension Driver {
    /// Takes the next request that may be sent now and can no longer be cancelled.
    mutating func nextRequest(_ session: inout Session) -> Request? {
        while !session.isCommitting, let request = takeNext(session) {
            if let claimed = claim(request, &session) { return claimed }
        }
        return nil
    }

    /// While a transaction is open, only its own units go out.
    private mutating func takeNext(_ session: borrowing Session) -> Request? {
        if let openTransaction {
            let index = followUps.firstIndex { $0.role?.mark === openTransaction }
            guard let index, session.prepared.canServe(followUps[index].queries) else { return nil }
            return followUps.remove(at: index)
        }
        guard !session.isSpoiled, let next = pending.first else { return nil }
        return session.prepared.canServe(next.queries) ? pending.popFirst() : nil
    }

    /// Makes the request ours, and the connection its transaction's; nil when it was cancelled meanwhile.
    private mutating func claim(_ request: Request, _ session: inout Session) -> Request? {
        guard request.startSending() else {
            if request.role?.begins == true { request.role?.mark.lose() }
            channel.release()
            return nil
        }
        guard let role = request.role else { return request }
        openTransaction = role.end == .rollback ? nil : role.mark
        session.isCommitting = role.end == .commit
        return request
    }
}
