internal import Logging
internal import Threading

/// One request of an operator's connection: it is either run or failed, once.
struct AdministrationJob: Sendable {
    let run: @Sendable (inout ConnectionHandle) -> Void
    let fail: @Sendable (RabbitMQError) -> Void

    init<Value: Sendable>(
        _ work: @escaping @Sendable (inout ConnectionHandle) throws(RabbitMQError) -> Value,
        finish: @escaping @Sendable (Result<Value, RabbitMQError>) -> Void
    ) {
        fail = { error in finish(.failure(error)) }
        run = { connection in
            do throws(RabbitMQError) {
                finish(.success(try work(&connection)))
            } catch {
                finish(.failure(error))
            }
        }
    }

    /// The thread: connects, then runs each job, until the inbox is closed. Without a connection every job fails.
    static func serve(_ inbox: Inbox<AdministrationJob>, _ configuration: RabbitMQConfiguration, _ logger: Logger) {
        var dialer = Dialer(configuration, logger: logger)
        do throws(RabbitMQError) {
            var connection = try dialer.connect(while: { !inbox.isClosed }) { _ throws(RabbitMQError) in }
            forEach(in: inbox) { job in job.run(&connection) }
            connection.close()
        } catch {
            forEach(in: inbox) { job in job.fail(error) }
        }
    }

    /// Gives every job to `body`, until the inbox is closed and empty.
    private static func forEach(in inbox: Inbox<AdministrationJob>, _ body: (AdministrationJob) -> Void) {
        var isClosed = false
        while !isClosed {
            isClosed = inbox.isClosed
            for job in inbox.takeAll() { body(job) }
            // Looked at again, for the wake-up of a close just now may have been taken along.
            if !inbox.isClosed { Readiness.wait(socket: -1, inbox: inbox.descriptor, atMost: .seconds(60)) }
        }
    }
}
