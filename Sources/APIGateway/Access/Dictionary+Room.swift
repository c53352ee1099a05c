extension Dictionary {
    /// Forgets what is of no use any more and, where more than half of `limit` is left, half of that too, whichever it is.
    mutating func makeRoom(within limit: Int, keeping isOfUse: (Value) -> Bool) {
        self = filter { isOfUse($0.value) }
        guard count > limit / 2 else { return }
        for key in keys.prefix(count / 2 + 1) { self[key] = nil }
    }
}
