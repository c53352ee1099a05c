package import Storage

/// A transaction that does many items at once: all of them, or none.
package protocol BatchTransaction: Sendable {
    associatedtype Item: Sendable
    associatedtype Value: Sendable

    /// - Parameter lockTimeout: how long the transaction waits for locks; `nil`: as long as its connection's setting
    ///   says.
    func run(_ items: [Item], lockTimeout: Duration?) async throws(StorageError) -> Value

    /// Returns the positions of the items whose rows another transaction has locked now.
    func locked(_ items: [Item]) async throws(StorageError) -> Set<Int>
}

extension BatchTransaction {
    /// Nothing is known of locks, so `BatchRunner` halves a batch that waits for one.
    package func locked(_ items: [Item]) async throws(StorageError) -> Set<Int> { [] }
}
