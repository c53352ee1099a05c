package enum OrganizationKind: IdentifierKind { package static var prefix: String { "org_" } }
package enum KeyKind: IdentifierKind { package static var prefix: String { "key_" } }
package enum WalletKind: IdentifierKind { package static var prefix: String { "wal_" } }
package enum LinkKind: IdentifierKind { package static var prefix: String { "lnk_" } }
package enum ClaimKind: IdentifierKind { package static var prefix: String { "clm_" } }
package enum TransactionKind: IdentifierKind { package static var prefix: String { "txn_" } }
package enum EventKind: IdentifierKind { package static var prefix: String { "evt_" } }
package enum WebhookKind: IdentifierKind { package static var prefix: String { "hook_" } }
package enum DeliveryKind: IdentifierKind { package static var prefix: String { "dlv_" } }

/// An organization: the owner of keys, wallets, links and webhooks.
package typealias OrganizationID = Identifier<OrganizationKind>
/// An API key; this is its public name, never its secret.
package typealias KeyID = Identifier<KeyKind>
package typealias WalletID = Identifier<WalletKind>
package typealias LinkID = Identifier<LinkKind>
/// A claim; towards the rails the same value is called the settlement's id.
package typealias ClaimID = Identifier<ClaimKind>
package typealias TransactionID = Identifier<TransactionKind>
package typealias EventID = Identifier<EventKind>
/// A webhook endpoint.
package typealias WebhookID = Identifier<WebhookKind>
/// One event on its way to one webhook endpoint.
package typealias DeliveryID = Identifier<DeliveryKind>
