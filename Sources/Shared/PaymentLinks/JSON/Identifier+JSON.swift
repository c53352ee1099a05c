extension Identifier {
    /// Reads the prefix of this kind and a ULID from a JSON string, without a copy of it.
    package init?(json: JSONElement) {
        guard let ulid = json.ulid(after: Kind.prefix) else { return nil }
        self.init(ulid)
    }
}
