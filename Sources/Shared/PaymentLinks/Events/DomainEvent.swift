/// Something that happened, told to webhooks and the events feed; written in the transaction that made it true.
package struct DomainEvent: Sendable {
    package let id: EventID
    package let type: EventType
    package let organizationId: OrganizationID
    package let environment: Environment
    package let linkId: LinkID?
    /// The wallet that the event belongs to: a link's payee, or the wallet itself. `nil` for organization-wide events.
    package let walletId: WalletID?
    /// The event's number among its link's events, from 1 on. `nil` for events of other subjects.
    package let sequence: Int64?
    package let occurredAt: Timestamp
    /// The exact bytes, as JSON text, that are signed and sent.
    package let body: String

    package init(
        id: EventID, type: EventType, organizationId: OrganizationID, environment: Environment,
        linkId: LinkID? = nil, walletId: WalletID?, sequence: Int64? = nil, occurredAt: Timestamp,
        data: (inout JSONWriter) -> Void
    ) {
        self.id = id
        self.type = type
        self.organizationId = organizationId
        self.environment = environment
        self.linkId = linkId
        self.walletId = walletId
        self.sequence = sequence
        self.occurredAt = occurredAt
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("id", id)
            writer.field("event", type.rawValue)
            writer.field("timestamp", occurredAt)
            writer.field("organizationId", organizationId)
            writer.field("data", object: data)
        }
        body = writer.text
    }
}
