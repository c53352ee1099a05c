package import PaymentLinks
import Postgres

extension TestSystem {
    /// A link as its creator was answered.
    package struct Link: Sendable {
        package let id: String
        package let slug: String
        package let json: JSONValue

        package var claimPath: String { "/v1/payment-links/claim/\(slug)/claim" }

        /// Takes the link from its creation's answer; throws any other answer.
        package init(_ answer: API.Answer) throws {
            guard answer.status == 201, let id = answer.json["id"].string, let slug = answer.json["slug"].string else {
                throw Unexpected(answer: answer)
            }
            self.id = id
            self.slug = slug
            json = answer.json
        }
    }

    /// Creates a link over HTTP; further fields are JSON members with a comma in front.
    package func makeLink(
        to wallet: WalletID, amount: String = "10.00", currency: String = "USD", _ fields: String = "",
        by creator: API? = nil
    ) async throws -> Link {
        let body = """
            {"walletId":"\(wallet)","amount":"\(amount)","currency":"\(currency)"\(fields.isEmpty ? "" : "," + fields)}
            """
        return try Link(try await (creator ?? api).post("/v1/payment-links", body))
    }

    /// Moves the end of links to so long after now, as nothing in the system does.
    package func moveEnd(of links: [Link], to delay: Duration = .zero) async throws {
        let ids = links.compactMap { LinkID($0.id)?.bits }
        _ = try await rows(
            """
            UPDATE payment_links SET expires_at = clock_timestamp() + $2::bigint * interval '1 microsecond'
            WHERE id = ANY($1::uuid[])
            """,
            [.uuids(ids), .int64(Int64(delay / .microseconds(1)))])
    }

    package struct Unexpected: Error, CustomStringConvertible {
        package let answer: API.Answer

        package init(answer: API.Answer) {
            self.answer = answer
        }

        package var description: String { "unexpected answer \(answer.status): \(answer.text)" }
    }

    /// A claim's body for each method.
    package static func walletClaim(_ payer: WalletID) -> String {
        #"{"method":"wallet","destination":{"type":"WALLET","walletId":"\#(payer)"}}"#
    }

    package static func achClaim(account: String = "1234567890") -> String {
        #"""
        {"method":"ach","destination":{"type":"ACH","routingNumber":"021000021","accountNumber":"\#(account)",\#
        "accountName":"Acme Corp"},"recipientEmail":"payer@example.com"}
        """#
    }

    package static func usdcClaim(address: String = "0x00000000000000000000000000000000000000aa") -> String {
        #"{"method":"usdc","destination":{"type":"USDC","address":"\#(address)","chain":"ethereum"}}"#
    }

    /// A wallet's balance over HTTP, as (available, pending).
    package func balance(of wallet: WalletID) async throws -> (available: String?, pending: String?) {
        let answer = try await api.get("/v1/wallets/\(wallet)/balance")
        return (answer.json["available"].string, answer.json["pending"].string)
    }
}
