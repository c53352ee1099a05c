package import Postgres

/// What can go wrong between a store and its caller.
package enum StorageError: Error, Sendable {
    /// The database did not do it, or cannot be asked now; the cause says whether another try may help.
    case database(PostgresError)
    /// A row does not mean anything to this program: it was written by another version, or by hand.
    case unreadable(String)

    /// Whether the same call may succeed later without anything being changed.
    package var isTransient: Bool {
        switch self {
        case .database(let error): error.isTransient
        case .unreadable: false
        }
    }

    /// What Postgres says of the values that it was sent: data exceptions, constraints, limits, our own guards.
    private static let dataClasses: Set<String> = ["22", "23", "54", "P0"]

    /// Whether what was to be written is at fault itself; of anything else it is innocent, and can be written later.
    package var blamesTheData: Bool {
        switch self {
        case .unreadable, .database(.decoding): true
        case .database(.server(let error)): Self.dataClasses.contains(String(error.sqlState.prefix(2)))
        case .database: false
        }
    }

    /// Whether another transaction wrote the same key first; the same call then finds that row.
    package var isUniqueViolation: Bool {
        if case .database(let error) = self { error.sqlState == "23505" } else { false }
    }

    /// Whether another transaction held a lock for longer than the call was to wait; nothing was done.
    package var isLockTimeout: Bool {
        if case .database(let error) = self { error.isLockTimeout } else { false }
    }

    /// Whether the rows were not as many as a statement's rule has them.
    func isBreach(of rule: String) -> Bool {
        if case .database(.server(let error)) = self { error.constraint == rule } else { false }
    }

    /// Runs `body`, and names what it throws in this layer's terms.
    static func wrapping<Value>(_ body: () async throws -> Value) async throws(StorageError) -> Value {
        do {
            return try await body()
        } catch let error as PostgresError {
            throw .database(error)
        } catch let error as StorageError {
            throw error
        } catch {
            throw .unreadable(String(describing: error))
        }
    }

    /// The same for what does not wait.
    static func translating<Value>(_ body: () throws -> Value) throws(StorageError) -> Value {
        do {
            return try body()
        } catch let error as PostgresError {
            throw .database(error)
        } catch let error as StorageError {
            throw error
        } catch {
            throw .unreadable(String(describing: error))
        }
    }

    /// Runs `body` again when another transaction wrote the same key first, for then it finds what that one wrote.
    static func retryingUniqueViolation<Value>(
        _ body: () async throws -> Value
    ) async throws(StorageError) -> Value {
        do throws(StorageError) {
            return try await wrapping(body)
        } catch {
            guard error.isUniqueViolation else { throw error }
        }
        return try await wrapping(body)
    }
}
