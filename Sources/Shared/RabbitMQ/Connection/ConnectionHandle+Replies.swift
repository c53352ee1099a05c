internal import CRabbitMQ

extension ConnectionHandle {
    /// Throws unless librabbitmq reports success. (`amqp_status_enum`)
    func check(_ status: Int32, _ step: String) throws(RabbitMQError) {
        guard status < 0 else { return }
        throw .unavailable("\(step): \(unsafe String(cString: amqp_error_string2(status)))")
    }

    /// Throws unless the broker answered the last request as hoped. (`amqp_get_rpc_reply`)
    func checkReply(_ step: String) throws(RabbitMQError) {
        try unsafe check(amqp_get_rpc_reply(state), step)
    }

    /// Throws unless the broker answered as hoped. (`amqp_rpc_reply_t`)
    func check(_ reply: amqp_rpc_reply_t, _ step: String) throws(RabbitMQError) {
        switch unsafe reply.reply_type {
        case AMQP_RESPONSE_NORMAL: return
        case AMQP_RESPONSE_SERVER_EXCEPTION: throw unsafe acceptClose(reply.reply)
        case AMQP_RESPONSE_LIBRARY_EXCEPTION: try check(unsafe reply.library_error, step)
        default: break
        }
        throw .unavailable("\(step): the broker closed the connection")
    }

    /// Confirms that the broker closed the channel or the connection, and says why it did.
    func acceptClose(_ method: amqp_method_t) -> RabbitMQError {
        switch unsafe method.id {
        case AMQP_CHANNEL_CLOSE_METHOD:
            var answer = amqp_channel_close_ok_t()
            unsafe _ = amqp_send_method(state, Self.channel, AMQP_CHANNEL_CLOSE_OK_METHOD, &answer)
            guard let reason = unsafe method.decoded?.load(as: amqp_channel_close_t.self) else { break }
            return unsafe .server(code: Int(reason.reply_code), text: String(reason.reply_text))
        case AMQP_CONNECTION_CLOSE_METHOD:
            var answer = amqp_connection_close_ok_t()
            unsafe _ = amqp_send_method(state, 0, AMQP_CONNECTION_CLOSE_OK_METHOD, &answer)
            guard let reason = unsafe method.decoded?.load(as: amqp_connection_close_t.self) else { break }
            return unsafe .server(code: Int(reason.reply_code), text: String(reason.reply_text))
        default: break
        }
        return .unavailable("the broker closed the channel")
    }
}
