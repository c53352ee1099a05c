package import PaymentLinks
package import Sealing

/// Proves that a job comes from a gateway: a component that lacks the key cannot forge a payer's authority.
///
/// The MAC is the job's last member, `mac`, and covers the job's bytes without it. Jobs keep their bytes in batches, in
/// dead letters, and when they are replayed, so the MAC stays valid there.
package struct JobAuthenticator: Sendable {
    /// Which jobs a reader accepts.
    package enum Policy: Sendable {
        /// Jobs with a valid MAC, and jobs without one: while gateways are upgraded.
        case acceptsUnsigned
        /// Only jobs with a valid MAC.
        case requiresMAC
    }

    private let keys: MessageKeys?
    private let policy: Policy

    /// - Parameter keys: names and 32 bytes each, the signing key first. Without keys, it neither signs nor checks.
    package init(
        keys: [(name: String, key: [UInt8])], policy: Policy = .acceptsUnsigned
    ) throws(SealingError) {
        self.keys = keys.isEmpty ? nil : try MessageKeys(keys)
        self.policy = policy
    }

    /// The job with its MAC as the last member; without keys, the job as it is.
    func signed(_ job: [UInt8], type: String) -> [UInt8] {
        guard let keys, job.last == UInt8(ascii: "}") else { return job }
        return job.dropLast() + Self.member(keys.mac(of: job, purpose: type))
    }

    /// Throws when the job's MAC is wrong, or missing where the policy requires one.
    package func verify(_ job: JSONElement, type: String) throws(UnreadableMessage) {
        guard let mac = job["mac"]?.string else {
            guard policy == .acceptsUnsigned else { throw UnreadableMessage("\(type) job: the mac is missing") }
            return
        }
        guard let keys else { return }
        let (bytes, member) = (job.json, Self.member(mac))
        guard bytes.suffix(member.count).elementsEqual(member),
            keys.signer(of: bytes.dropLast(member.count) + [UInt8(ascii: "}")], purpose: type, mac: mac) != nil
        else { throw UnreadableMessage("\(type) job: the mac does not match; check PAYLINKS_JOB_KEYS on both sides") }
    }

    private static func member(_ mac: String) -> [UInt8] { Array(#","mac":"\#(mac)"}"#.utf8) }
}
