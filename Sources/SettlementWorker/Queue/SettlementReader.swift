package import Jobs
package import PaymentLinks
package import RabbitMQ

/// Reads settlement messages and opens the accounts in them.
package struct SettlementReader: Sendable {
    package typealias Open = @Sendable ([UInt8], ClaimID) throws -> Destination

    private let method: ClaimMethod
    private let open: Open

    /// - Parameter method: the rail whose queue is read.
    package init(method: ClaimMethod, open: @escaping Open) {
        self.method = method
        self.open = open
    }

    /// The settlement, or why the rail cannot act on the message. The reason repeats nothing of its content.
    package func read(_ delivery: Delivery) throws(UnreadableMessage) -> OpenedSettlement {
        let request = try SettlementMessage.decode(delivery.body)
        guard request.method == method else {
            throw UnreadableMessage("a settlement by \(request.method.rawValue) in the queue for \(method.rawValue)")
        }
        let destination = try opened(request)
        guard destination.method == method else {
            throw UnreadableMessage("the sealed destination is for \(destination.method.rawValue)")
        }
        return OpenedSettlement(request: request, destination: destination)
    }

    private func opened(_ request: SettlementRequest) throws(UnreadableMessage) -> Destination {
        do {
            return try open(request.sealedDestination, request.settlementId)
        } catch {
            throw UnreadableMessage("the destination does not open: \(error)")
        }
    }
}
