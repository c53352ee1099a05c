/// One thing that an API key may be allowed to do. A key with none can do nothing.
package enum Permission: String, Codable, Sendable, CaseIterable {
    case paymentsRead = "payments:read"
    case paymentsWrite = "payments:write"
    case walletsRead = "wallets:read"
    case walletsWrite = "wallets:write"
    case webhooksRead = "webhooks:read"
    case webhooksWrite = "webhooks:write"
    case keysRead = "keys:read"
    case keysWrite = "keys:write"
}
