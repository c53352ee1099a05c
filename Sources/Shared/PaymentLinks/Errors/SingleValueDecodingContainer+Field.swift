extension SingleValueDecodingContainer {
    /// Decodes a string and makes a value of it. The error carries the problem's message, never the string.
    func decodeField<Value, Problem: FieldProblem>(
        _ make: (String) throws(Problem) -> Value
    ) throws -> Value {
        let text = try decode(String.self)
        do throws(Problem) {
            return try make(text)
        } catch {
            throw DecodingError.dataCorruptedError(in: self, debugDescription: error.message)
        }
    }
}
