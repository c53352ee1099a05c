import Dispatch

/// Waiting for a moment.
package enum Pause {
    /// Waits although the task may be cancelled: for the work that puts things away.
    package static func uninterrupted(_ duration: Duration) async {
        await withCheckedContinuation { continuation in
            let milliseconds = Int(duration / .milliseconds(1))
            DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(milliseconds)) { continuation.resume() }
        }
    }

    /// Waits, or throws `.cancelled` at once when the task is cancelled.
    package static func interruptible(_ duration: Duration) async throws(PrivateServerError) {
        do { try await Task.sleep(for: duration) } catch { throw .cancelled }
    }
}
