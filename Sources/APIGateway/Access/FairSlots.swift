import Synchronization

/// Bounds how many long requests of a kind a gateway works on at once, and leaves room for other callers: no caller has
/// more than half of the slots.
package final class FairSlots: Sendable {
    private struct Taken {
        var count = 0
        var bySubject: [RateLimiter.Subject: Int] = [:]
    }

    private let limit: Int
    private let taken = Mutex(Taken())

    package init(limit: Int) {
        self.limit = limit
    }

    package var takenCount: Int { taken.withLock { $0.count } }

    /// A slot, if one is free for this caller; it is free again once it is released.
    ///
    /// - Parameter subject: who is held to a share; `nil` for a caller who is not limited.
    package func take(for subject: RateLimiter.Subject?) -> FairSlot? {
        let isTaken = taken.withLock { taken in
            guard taken.count < limit else { return false }
            if let subject {
                let own = taken.bySubject[subject, default: 0]
                guard own < max(1, limit / 2) else { return false }
                taken.bySubject[subject] = own + 1
            }
            taken.count += 1
            return true
        }
        return isTaken ? FairSlot(of: self, for: subject) : nil
    }

    fileprivate func release(_ subject: RateLimiter.Subject?) {
        taken.withLock { taken in
            taken.count -= 1
            guard let subject, let own = taken.bySubject[subject] else { return }
            taken.bySubject[subject] = own > 1 ? own - 1 : nil
        }
    }
}

/// A request's place among those that are worked on. Where the answer goes on for long its body holds it, so that it is
/// given back whether the body is written to its end, breaks off, or is never asked for.
package final class FairSlot: Sendable {
    private let slots: FairSlots
    private let subject: RateLimiter.Subject?

    fileprivate init(of slots: FairSlots, for subject: RateLimiter.Subject?) {
        self.slots = slots
        self.subject = subject
    }

    deinit { slots.release(subject) }
}
