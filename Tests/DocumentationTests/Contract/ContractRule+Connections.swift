/// How connections, streams, and browsers are served.
extension ContractRule {
    static let connections: [ContractRule] = [
        ContractRule(
            "A request with Upgrade is answered, and leaves the connection usable, on the API's port and on the operations port",
            "a request with Upgrade is answered, and so is whatever comes after it on the connection",
            "the operations port ignores Upgrade too",
            "the request after it is read, in whatever pieces both come",
            "curl --http2 makes several requests on one connection",
            "Java's own HTTP client makes several calls, with its default settings"),
        ContractRule(
            "After a request at which the parser stops, the answer says Connection: close and the connection ends",
            "where nothing more is read, the answer says so and the connection ends",
            "where the parser may stop, the connection ends with the answer"),
        ContractRule(
            "A request whose Host or body coding two readers could understand differently is malformed",
            "what is not a host is malformed", "a body has no coding but chunked", "HTTP 1.0 has no chunks"),
        ContractRule(
            "The fast path and the router answer every request alike",
            "mutated requests and pipelines are answered alike by the fast path and by the router",
            "both lanes answer alike, and count under the same routes"),
        ContractRule(
            "One address cannot hold all connections: further ones are closed and counted, and other addresses are served",
            "an address that holds its share is refused more, and others still get their answers",
            "a trusted proxy has a larger share, and both shares are settings"),
        ContractRule(
            "A complete batch answer ends with a summary line; an answer without it was cut off",
            "a complete answer ends with the counts of its lines, whichever batch it is",
            "an answer that is cut off has no summary",
            "curl's file of lines is answered line by line, and its end can be told"),
        ContractRule(
            "HTTP/1.0 gets no stream", "HTTP 1.0 gets no batch, because it could not see where the answer is cut off"),
        ContractRule(
            "A preflight on a public route allows the fields that it asks for, within a bound",
            "a page can send the fields of tracing libraries, within a bound",
            "Fields that are asked for are allowed with those that the API reads, within a bound"),
        ContractRule(
            "A process that cannot listen names the address, the port, and the setting to change",
            "a second process on a port names the address and the setting",
            "a second gateway on a port names the API's setting",
            "a host that this machine does not have is named by its setting"),
    ]
}
