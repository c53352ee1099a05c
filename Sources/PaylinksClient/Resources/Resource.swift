/// The calls of one resource.
protocol Resource: Sendable {
    var transport: Transport { get }
}

extension Resource {
    func read<Value: Decodable>(_ path: String, wait: Duration? = nil) async throws(PaylinksError) -> Value {
        try await transport.value(Call(path: path, wait: wait))
    }

    /// Done once, however often it is sent: under the key that is given, or one that is made here.
    func create<Value: Decodable>(
        _ path: String, _ body: some Encodable, key: String?, wait: Duration? = nil
    ) async throws(PaylinksError) -> Value {
        let body = try JSON.encode(body)
        let key = key ?? Transport.freshKey()
        return try await transport.value(
            Call(method: "POST", path: path, body: body, repetition: .keyed, idempotencyKey: key, wait: wait))
    }

    /// Sent again only when nothing was begun.
    func once<Value: Decodable>(_ path: String, _ body: (some Encodable)? = Nothing?.none) async throws(PaylinksError)
        -> Value
    {
        let body = try body.map { value throws(PaylinksError) in try JSON.encode(value) }
        return try await transport.value(Call(method: "POST", path: path, body: body, repetition: .refusedOnly))
    }

    /// To the same effect, however often it is done.
    func set<Value: Decodable>(
        _ method: String = "PATCH", _ path: String, _ body: (some Encodable)? = Nothing?.none
    ) async throws(PaylinksError) -> Value {
        let body = try body.map { value throws(PaylinksError) in try JSON.encode(value) }
        return try await transport.value(Call(method: method, path: path, body: body))
    }

    func remove(_ path: String, query: [(name: String, value: String?)] = []) async throws(PaylinksError) {
        _ = try await transport.answer(to: Call(method: "DELETE", path: path, query: query))
    }

    func items<Item>(
        _ path: String, pageSize: Int?, _ filters: [(name: String, value: String?)] = []
    ) -> Items<Item> {
        Items(transport: transport, call: Call(path: path, query: filters + [("limit", pageSize.map { "\($0)" })]))
    }

    func segment(_ text: String) -> String { Transport.escaped(text) }
}

/// The body of a request that has none.
struct Nothing: Encodable {}
