import Foundation

/// The keys of a development system: made once, so that what was sealed yesterday opens today.
struct DevelopmentSecrets: Codable, Sendable {
    /// The value of `PAYLINKS_SEALING_KEYS`.
    let sealingKeys: String
    /// The value of `PAYLINKS_DIGEST_KEY`.
    let digestKey: String
    /// The value of `PAYLINKS_WEBHOOK_SEALING_KEYS`. This and the following are absent in the files of older versions.
    private(set) var webhookSealingKeys: String?
    /// The value of `PAYLINKS_JOB_KEYS`.
    private(set) var jobKeys: String?
    /// The value of `PAYLINKS_RAIL_KEYS`.
    private(set) var railKeys: String?

    private static let file = "secrets.json"

    static func kept(in home: DevelopmentHome) throws -> DevelopmentSecrets {
        do {
            if let secrets = try home.read(DevelopmentSecrets.self, from: file) {
                return try secrets.completed(in: home)
            }
        } catch let error as DevelopmentError {
            throw error
        } catch {
            throw DevelopmentError.unreadableSecrets(home.folder.appendingPathComponent(file).path)
        }
        return try DevelopmentSecrets(sealingKeys: "dev1:\(key())", digestKey: key()).completed(in: home)
    }

    /// Adds the keys that are absent, and keeps them. The sealing keys still open the webhook secrets that they sealed.
    private func completed(in home: DevelopmentHome) throws -> DevelopmentSecrets {
        guard webhookSealingKeys == nil || jobKeys == nil || railKeys == nil else { return self }
        var secrets = self
        secrets.webhookSealingKeys = webhookSealingKeys ?? "hooks1:\(Self.key()),\(sealingKeys)"
        secrets.jobKeys = jobKeys ?? "dev1:\(Self.key())"
        secrets.railKeys = railKeys ?? "ach:\(Self.key()),usdc:\(Self.key())"
        try home.write(secrets, to: Self.file)
        return secrets
    }

    private static func key() -> String {
        Data((0..<32).map { _ in UInt8.random(in: .min ... .max) }).base64EncodedString()
    }
}
