/// Why the writer refuses a record. What it refuses leaves no byte in the file.
package enum NachaWriterError: Error, Hashable, Sendable {
    /// The record breaks a rule that the reader checks. The line is the one it would have had.
    case breach(Breach)
    /// A control record's field cannot hold the count or total that the record leads to.
    case overflow(field: String)
    /// A trace number does not ascend from one batch to the next, and the writer was asked to keep them unique.
    case repeatedTrace(TraceNumber)
    /// The call does not fit the state: an entry without a batch, or anything after the file control record.
    case outOfOrder
}

extension NachaWriterError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .breach(let breach): breach.description
        case .overflow(let field): "The control record's field \(field) cannot hold the value."
        case .repeatedTrace(let trace): "The trace number \(trace) is not greater than one of an earlier batch."
        case .outOfOrder: "The record does not fit here."
        }
    }
}
