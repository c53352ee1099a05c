/// Who may claim a link. Empty lists restrict no one; where both are given, both must hold.
package struct RecipientRestrictions: Codable, Sendable, Hashable {
    /// The most entries of either list.
    package static let mostEntries = 100

    package var emails: [EmailAddress]
    package var walletIds: [WalletID]

    package init(emails: [EmailAddress] = [], walletIds: [WalletID] = []) {
        self.emails = emails
        self.walletIds = walletIds
    }

    private enum CodingKeys: CodingKey {
        case emails, walletIds
    }

    /// Takes an absent or null list for an empty one, for callers give one or the other.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        emails = try container.decodeIfPresent([EmailAddress].self, forKey: .emails) ?? []
        walletIds = try container.decodeIfPresent([WalletID].self, forKey: .walletIds) ?? []
    }

    /// Whether the link is restricted at all, which is all that the public learns.
    package var isEmpty: Bool { emails.isEmpty && walletIds.isEmpty }

    /// What is wrong with the lists' lengths.
    package func problems(field: String) -> [FieldError] {
        [("emails", emails.count), ("walletIds", walletIds.count)]
            .filter { _, count in count > Self.mostEntries }
            .map { name, _ in
                FieldError(
                    field: "\(field).\(name)", code: "TOO_MANY", message: "Send at most \(Self.mostEntries) entries.")
            }
    }
}
