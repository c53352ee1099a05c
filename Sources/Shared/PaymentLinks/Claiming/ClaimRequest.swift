/// A payer's claim as the gateway accepted it: valid in itself, not yet held against the link.
///
/// A class, so that the lists and tables of a batch pass on one reference and not all its fields.
package final class ClaimRequest: Sendable {
    /// What the payer pays from.
    package enum Payer: Hashable, Sendable {
        /// A bank account; only its sealed form travels.
        case ach(sealedDestination: [UInt8])
        /// An address on a chain; only its sealed form travels.
        case usdc(sealedDestination: [UInt8], chain: Chain)
        case wallet(WalletID)

        package var method: ClaimMethod {
            switch self {
            case .ach: .ach
            case .usdc: .usdc
            case .wallet: .wallet
            }
        }
    }

    /// Whose wallets the caller may spend from, as its key says.
    package struct WalletAuthority: Hashable, Sendable {
        package let organizationId: OrganizationID
        package let environment: Environment
        /// The only wallets the key reaches; `nil`: all of the organization's.
        package let walletScope: Set<WalletID>?
        /// Whether the key has wallets:read, so that a refusal may show the payer's balance.
        package let readsBalances: Bool

        package init(
            organizationId: OrganizationID, environment: Environment, walletScope: Set<WalletID>?,
            readsBalances: Bool = false
        ) {
            self.organizationId = organizationId
            self.environment = environment
            self.walletScope = walletScope
            self.readsBalances = readsBalances
        }
    }

    package let claimId: ClaimID
    /// The transaction that the claim makes, if it wins.
    package let transactionId: TransactionID
    package let slug: Slug
    package let payer: Payer
    package let recipientEmail: EmailAddress?
    /// Stands for `recipientEmail` in the database, which never holds a payer's address.
    package let recipientEmailDigest: Digest?
    package let authority: WalletAuthority?
    /// Stands for everything the payer sent, destination included.
    package let digest: Digest
    /// Present when the payer sent an idempotency key.
    package let idempotencyKey: Digest?

    package init(
        claimId: ClaimID, transactionId: TransactionID, slug: Slug, payer: Payer, recipientEmail: EmailAddress?,
        recipientEmailDigest: Digest? = nil, authority: WalletAuthority?, digest: Digest, idempotencyKey: Digest?
    ) {
        self.claimId = claimId
        self.transactionId = transactionId
        self.slug = slug
        self.payer = payer
        self.recipientEmail = recipientEmail
        self.recipientEmailDigest = recipientEmailDigest
        self.authority = authority
        self.digest = digest
        self.idempotencyKey = idempotencyKey
    }

    package var method: ClaimMethod { payer.method }
}

extension ClaimRequest.WalletAuthority {
    /// Whether the key may spend from the wallet.
    func covers(_ wallet: WalletSnapshot) -> Bool {
        wallet.organizationId == organizationId && wallet.environment == environment
            && (walletScope?.contains(wallet.id) ?? true)
    }

    /// Whether a refusal may show the key's holder what the wallet has and owes.
    func showsBalance(of wallet: WalletSnapshot) -> Bool { readsBalances && covers(wallet) }
}
