package import NIOCore
import NIOHTTP1

extension ChannelPipeline.SynchronousOperations {
    /// Adds the handlers that turn bytes into requests and answers into bytes, and returns the connection's rules.
    ///
    /// Other handlers keep pipelined requests apart and answer errors; the type of headers checks what is sent.
    package func addRequestHandlers() throws -> ConnectionRules {
        let decoder = PersistentRequestDecoder()
        let rules = ConnectionRules(onProtocolChange: decoder.restart)
        try addHandlers(HTTPResponseEncoder(), ByteToMessageHandler(decoder), rules)
        return rules
    }
}
