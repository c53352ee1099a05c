package import PaymentLinks
package import Storage

/// What a PATCH of a link asks for.
package enum LinkPatch: Sendable {
    case cancel
    case change(LinkChanges)

    /// Reads the body, or throws every wrong field of it. An empty object cancels, as no body does.
    package init(_ fields: JSONObject, at now: Timestamp) throws(InvalidRequest) {
        var reader = BodyReader(fields)
        let (status, changes) = (reader.cancellation("status"), reader.linkChanges(at: now))
        if status != nil, !changes.isEmpty {
            reader.report("status", "NOT_COMBINABLE", "Cancel the link, or change its other fields: not both.")
        }
        try reader.finish()
        self = changes.isEmpty ? .cancel : .change(changes)
    }
}

extension BodyReader {
    /// The one status that a caller can set.
    fileprivate mutating func cancellation(_ field: String) -> LinkStatus? {
        guard has(field) else { return nil }
        let status: LinkStatus? = string(field, isRequired: true).flatMap { text in
            LinkStatus.cancelled.rawValue.utf8.elementsEqual(text.utf8) ? .cancelled : nil
        }
        if status == nil, problems.isEmpty {
            report(field, "INVALID_VALUE", "Send CANCELLED, or no body at all, to cancel the link.")
        }
        return status
    }

    /// A member that is absent stays. Null removes a description or an expiry, and empties the metadata.
    fileprivate mutating func linkChanges(at now: Timestamp) -> LinkChanges {
        let description = text("description", longest: LinkLimits.longestDescription, subject: "description")
        let expiresAt = time("expiresAt")
        if let expiresAt { report(LinkLimits.problems(expiresAt: expiresAt, at: now)) }
        let metadata = metadata("metadata") ?? [:]
        return LinkChanges(
            description: has("description") ? .some(description) : nil,
            expiresAt: has("expiresAt") ? .some(expiresAt) : nil,
            metadataJSON: has("metadata") ? metadata.json : nil)
    }
}
