package import PaymentLinks

extension ErrorCode {
    /// The HTTP status of an answer with this code. (RFC 9110, section 15; RFC 6585 for 429)
    package var httpStatus: Int {
        switch self {
        case .validationError, .invalidAmount, .invalidJSON: 400
        case .unauthorized, .apiKeyRevoked, .walletAuthorizationRequired: 401
        case .insufficientFunds: 402
        case .permissionDenied, .environmentMismatch, .walletFrozen, .sandboxOnly: 403
        case .walletOutOfScope, .ipNotAllowed, .recipientNotAllowed: 403
        case .paymentLinkNotFound, .walletNotFound, .webhookNotFound: 404
        case .claimNotFound, .transactionNotFound, .notFound: 404
        case .methodNotAllowed: 405
        case .idempotencyKeyReuse, .idempotencyInProgress: 409
        case .linkNotActive, .linkNotReady, .linkAlreadyClaimed, .linkCancelled, .claimNotReleasable: 409
        case .linkExpired: 410
        case .payloadTooLarge: 413
        case .unsupportedMediaType: 415
        case .selfClaim, .amountNotRepresentable, .amountExceedsRailLimit, .railUnavailable: 422
        case .rateLimitExceeded: 429
        case .internalError: 500
        case .queueUnavailable, .databaseUnavailable, .overloaded: 503
        }
    }
}
