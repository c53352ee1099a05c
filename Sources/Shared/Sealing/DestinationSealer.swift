package import PaymentLinks

/// Seals the account that a payer pays from, before it leaves the gateway, and opens it where a rail needs it.
///
/// The claim's id is the context: a destination that was moved to another claim does not open.
package struct DestinationSealer: Sendable {
    package let ring: KeyRing

    package init(ring: KeyRing) {
        self.ring = ring
    }

    package func seal(_ destination: Destination, for claimId: ClaimID) throws(SealingError) -> [UInt8] {
        try ring.seal(destination.json, context: Self.context(claimId))
    }

    package func open(_ sealed: [UInt8], for claimId: ClaimID) throws(SealingError) -> Destination {
        let json = try ring.open(sealed, context: Self.context(claimId))
        guard let destination = Destination(json: json) else { throw .malformed }
        return destination
    }

    private static func context(_ claimId: ClaimID) -> String { "destination:\(claimId)" }
}
