import Foundation

/// The keys of a development system: made once, so that what was sealed yesterday opens today.
struct DevelopmentSecrets: Codable, Sendable {
    /// The value of `PAYLINKS_SEALING_KEYS`.
    let sealingKeys: String
    /// The value of `PAYLINKS_DIGEST_KEY`.
    let digestKey: String

    private static let file = "secrets.json"

    static func kept(in home: DevelopmentHome) throws -> DevelopmentSecrets {
        do {
            if let secrets = try home.read(DevelopmentSecrets.self, from: file) { return secrets }
        } catch let error as DevelopmentError {
            throw error
        } catch {
            throw DevelopmentError.unreadableSecrets(home.folder.appendingPathComponent(file).path)
        }
        let secrets = DevelopmentSecrets(sealingKeys: "dev1:\(key())", digestKey: key())
        try home.write(secrets, to: file)
        return secrets
    }

    private static func key() -> String {
        Data((0..<32).map { _ in UInt8.random(in: .min ... .max) }).base64EncodedString()
    }
}
