/// Every stable error code that an answer can carry.
package enum ErrorCode: String, Codable, Sendable, CaseIterable {
    case validationError = "VALIDATION_ERROR"
    case invalidAmount = "INVALID_AMOUNT"
    case invalidJSON = "INVALID_JSON"

    case unauthorized = "UNAUTHORIZED"
    case apiKeyRevoked = "API_KEY_REVOKED"
    case walletAuthorizationRequired = "WALLET_AUTHORIZATION_REQUIRED"

    case insufficientFunds = "INSUFFICIENT_FUNDS"

    case permissionDenied = "PERMISSION_DENIED"
    case environmentMismatch = "ENVIRONMENT_MISMATCH"
    case walletFrozen = "WALLET_FROZEN"
    case sandboxOnly = "SANDBOX_ONLY"
    case walletOutOfScope = "WALLET_OUT_OF_SCOPE"
    case ipNotAllowed = "IP_NOT_ALLOWED"
    case recipientNotAllowed = "RECIPIENT_NOT_ALLOWED"

    case paymentLinkNotFound = "PAYMENT_LINK_NOT_FOUND"
    case walletNotFound = "WALLET_NOT_FOUND"
    case webhookNotFound = "WEBHOOK_NOT_FOUND"
    case claimNotFound = "CLAIM_NOT_FOUND"
    case transactionNotFound = "TRANSACTION_NOT_FOUND"
    case notFound = "NOT_FOUND"
    case methodNotAllowed = "METHOD_NOT_ALLOWED"

    case idempotencyKeyReuse = "IDEMPOTENCY_KEY_REUSE"
    case idempotencyInProgress = "IDEMPOTENCY_IN_PROGRESS"
    case linkNotActive = "LINK_NOT_ACTIVE"
    case linkNotReady = "LINK_NOT_READY"
    case linkAlreadyClaimed = "LINK_ALREADY_CLAIMED"
    case linkCancelled = "LINK_CANCELLED"
    case linkExpired = "LINK_EXPIRED"
    case claimNotReleasable = "CLAIM_NOT_RELEASABLE"

    case payloadTooLarge = "PAYLOAD_TOO_LARGE"
    case unsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE"
    case selfClaim = "SELF_CLAIM"
    case amountNotRepresentable = "AMOUNT_NOT_REPRESENTABLE"
    case amountExceedsRailLimit = "AMOUNT_EXCEEDS_RAIL_LIMIT"
    case railUnavailable = "RAIL_UNAVAILABLE"
    case rateLimitExceeded = "RATE_LIMIT_EXCEEDED"

    case internalError = "INTERNAL_ERROR"
    case queueUnavailable = "QUEUE_UNAVAILABLE"
    case databaseUnavailable = "DATABASE_UNAVAILABLE"
    case overloaded = "OVERLOADED"
}
