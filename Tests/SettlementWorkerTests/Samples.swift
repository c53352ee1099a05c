import Consuming
import PaymentLinks
import RabbitMQ
import SettlementWorker

/// Settlements, accounts and deliveries as the tests need them.
enum Sample {
    static let createdAt = Timestamp(microseconds: 1_775_001_600_000_000)

    static func bankAccount(_ number: String) throws -> Destination {
        .ach(
            ACHAccount(
                routingNumber: try RoutingNumber("021000021"), accountNumber: try AccountNumber(number),
                accountName: try AccountName("Acme Corp")))
    }

    /// An address that ends so; the rest is of one case, which passes any checksum.
    static func address(ending: String, on chain: Chain = .base) throws -> Destination {
        let digits = String(repeating: "1", count: 40 - ending.utf8.count) + ending
        return .usdc(USDCAccount(address: try EVMAddress("0x" + digits), chain: chain))
    }

    static func settlement(
        _ number: Int, paidFrom destination: Destination, environment: Environment = .sandbox,
        createdAt: Timestamp = createdAt
    ) -> OpenedSettlement {
        let currency: Currency = destination.method == .usdc ? .usdc : .usd
        let request = SettlementRequest(
            settlementId: ClaimID(bits: UInt128(number)), transactionId: TransactionID(bits: UInt128(number)),
            environment: environment, method: destination.method,
            amount: Money(minorUnits: 15_000, currency: currency), sealedDestination: Array("sealed".utf8),
            payee: "Acme", createdAt: createdAt)
        return OpenedSettlement(request: request, destination: destination)
    }

    /// One settlement of every script, in both environments.
    static func everyKind() throws -> [OpenedSettlement] {
        let accounts = try ["1234567890", "00010001", "9999", "0085", "0086"].map(bankAccount)
        let addresses = try ["1234", "dead", "0bad", "face"].map { try address(ending: $0) }
        return (accounts + addresses).enumerated().flatMap { index, destination in
            [
                settlement(2 * index + 1, paidFrom: destination),
                settlement(2 * index + 2, paidFrom: destination, environment: .production),
            ]
        }
    }

    static func delivery(_ body: String, number: UInt64, headers: [String: HeaderValue] = [:]) -> Delivery {
        var properties = MessageProperties()
        properties.headers = headers
        return Delivery(
            body: Array(body.utf8), tag: DeliveryTag(number: number, generation: 1), properties: properties)
    }
}

extension Pause {
    /// Time stands still, and nothing is waited for.
    static let none = Pause(now: { Sample.createdAt }, wait: { _ in true })
    /// The process is stopping: every wait ends at once.
    static let stopping = Pause(now: { Sample.createdAt }, wait: { _ in false })
}
