import PaymentLinks

/// The refusals that the gateway itself gives, each with what its reader can do.
extension Refusal {
    static let missingKey = Refusal(
        code: .unauthorized, message: "Send an API key: Authorization: Bearer wg_test_… or wg_live_….")
    static let unknownKey = Refusal(
        code: .unauthorized, message: "There is no such API key; check that all of it was copied.")
    static let expiredKey = Refusal(
        code: .unauthorized, message: "This API key has expired; use another, or create one.")
    static let revokedKey = Refusal(
        code: .apiKeyRevoked, message: "This API key was revoked; use another, or create one.")
    static let addressNotAllowed = Refusal(
        code: .ipNotAllowed, message: "This API key may not be used from your IP address; see its allowedIps.")

    static func missingPermission(_ permission: Permission) -> Refusal {
        Refusal(code: .permissionDenied, message: "Missing required permission: \(permission.rawValue)")
    }

    static let grantsTooMuch = Refusal(
        code: .permissionDenied,
        message: "A key never grants more than it has: give fewer permissions, or a narrower scope than your key's.")

    static let keyIsBroader = Refusal(
        code: .permissionDenied,
        message: "A key changes and revokes only keys that it covers: use one with at least their permissions, "
            + "wallets, addresses, and lifetime.")

    static let wrongEnvironment = Refusal(
        code: .environmentMismatch,
        message: "This belongs to another environment than your key; use a key of its environment.")

    static func outOfScope(_ id: WalletID) -> Refusal {
        Refusal(
            code: .walletOutOfScope,
            message: "Your key does not reach this wallet; use one whose walletScope holds it.",
            details: ["walletId": id.description])
    }

    static let noSuchLink = Refusal(
        code: .paymentLinkNotFound, message: "There is no such payment link in your organization; check its id.")
    static let noSuchSlug = Refusal(
        code: .paymentLinkNotFound, message: "There is no payment link at this address; check what you were given.")
    static let noSuchWallet = Refusal(
        code: .walletNotFound, message: "There is no such wallet in your organization; check its id.")
    static let noSuchClaim = Refusal(
        code: .claimNotFound, message: "There is no such claim on this payment link; check the address.")
    static let linkNotKept = Refusal(
        code: .paymentLinkNotFound,
        message: "This id was given out long ago, and no payment link is kept under it: it was refused, it repeated "
            + "another request, or it could not be made.")
    static let claimNotKept = Refusal(
        code: .claimNotFound,
        message: "This id was given out long ago, and no claim is kept under it: it was refused, it repeated another "
            + "request, or it could not be worked on.")
    static let noSuchTransaction = Refusal(
        code: .transactionNotFound, message: "There is no such transaction in your organization; check its id.")
    static let noSuchKey = Refusal(
        code: .notFound, message: "There is no such API key in your organization; check its id.")
    static let noSuchWebhook = Refusal(
        code: .webhookNotFound, message: "There is no such webhook in your organization; check its id.")
    static let noSuchDelivery = Refusal(
        code: .notFound, message: "There is no such delivery, or its event is kept no more; check its id.")
    static let noSuchRoute = Refusal(
        code: .notFound, message: "There is nothing at this address; check the path.")

    static let linkNotCancellable = Refusal(
        code: .linkNotActive,
        message: "This payment link was accepted and is still being made; change or cancel it once it reads as ACTIVE.")
    static func linkNotActive(_ status: LinkStatus) -> Refusal {
        Refusal(
            code: .linkNotActive,
            message: "Only an ACTIVE payment link can be cancelled; this one is \(status.rawValue).",
            details: ["status": status.rawValue])
    }

    static func linkNotChangeable(_ status: LinkStatus) -> Refusal {
        Refusal(
            code: .linkNotActive,
            message: "Only an ACTIVE payment link can be changed; this one is \(status.rawValue). Create a new link.",
            details: ["status": status.rawValue])
    }

    /// - Parameter status: what the claim reads as.
    static func claimNotReleasable(_ status: ClaimStatus) -> Refusal {
        let remedy =
            switch status {
            case .processing: "This claim is not decided yet; release it once it can be read as PENDING."
            case .pending: "The rail has this claim's payment on its way; wait for its outcome."
            case .settled: "This claim is paid; a refund gives the money back."
            default: "This claim is over, and holds nothing."
            }
        return Refusal(code: .claimNotReleasable, message: remedy, details: ["status": status.rawValue])
    }

    static let notTheClaimsBody = Refusal(
        code: .permissionDenied,
        message: "Send the claim's own body again: the same method, destination, and recipientEmail.")

    static let scopedKeyMakesNoWallets = Refusal(
        code: .walletOutOfScope,
        message:
            "Your key reaches certain wallets only and could not use a new one; create it with a key without walletScope."
    )

    static let scopedKeyChangesNoOrganization = Refusal(
        code: .walletOutOfScope,
        message: "Your key reaches certain wallets only, and this concerns all; use a key without walletScope.")

    static let webhookOutOfScope = Refusal(
        code: .walletOutOfScope,
        message: "This webhook gets events of wallets that your key does not reach; use a key that reaches them all.")

    static func frozen(_ id: WalletID) -> Refusal {
        Refusal(
            code: .walletFrozen, message: "The wallet is frozen; unfreeze it first.",
            details: ["walletId": id.description])
    }

    static let balanceTooLarge = Refusal(
        code: .amountExceedsRailLimit, message: "The wallet cannot hold this amount on top of what it has.")
    static let sandboxOnly = Refusal(
        code: .sandboxOnly, message: "Wallets are funded this way in the sandbox only; use a wg_test_ key.")
    static let keyReused = Refusal.idempotencyKeyReuse
    static let idempotencyInProgress = Refusal(
        code: .idempotencyInProgress,
        message:
            "The first request with this Idempotency-Key is still being worked on; send it again to get its outcome.")

    static let payloadTooLarge = Refusal(
        code: .payloadTooLarge, message: "Send at most 64 KiB.")
    static let unsupportedMediaType = Refusal(
        code: .unsupportedMediaType, message: "Send JSON, with Content-Type: application/json.")
    static let invalidJSON = Refusal(
        code: .invalidJSON, message: "The body is not well-formed JSON; send one object in UTF-8.")

    static let queueUnavailable = Refusal(
        code: .queueUnavailable,
        message: "The request was not confirmed, and nothing is promised; send it again, with the same Idempotency-Key."
    )
    static let databaseUnavailable = Refusal(
        code: .databaseUnavailable,
        message: "The database does not answer now, and the request may have been completed; send it again with the "
            + "same Idempotency-Key, or read what became of it first.")
    static let rowsLocked = Refusal(
        code: .databaseUnavailable,
        message: "Another operation holds what this request changes, and nothing was done; send it again.")
    static let overloaded = Refusal(
        code: .overloaded, message: "Too much is going on and nothing was done; try again in a moment.")
    static let rateLimited = Refusal(
        code: .rateLimitExceeded, message: "Too many requests; wait as long as Retry-After says.")
    static let tooManyRecipients = Refusal(
        code: .rateLimitExceeded,
        message: "Too many email addresses were tried on this payment link; send recipientEmail again in a minute.")
    static let internalError = Refusal(
        code: .internalError, message: "Something is wrong on our side; tell us the Request-Id if it stays so.")
}
