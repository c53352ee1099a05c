internal import CRabbitMQ

// Copies out of librabbitmq's memory, which is reused as soon as its frames are released.

extension String {
    /// A copy of the bytes; what is not UTF-8 is replaced.
    init(_ bytes: amqp_bytes_t) {
        self = unsafe String(decoding: UnsafeRawBufferPointer(start: bytes.bytes, count: bytes.len), as: UTF8.self)
    }
}

extension [UInt8] {
    init(_ bytes: amqp_bytes_t) {
        self = unsafe Array(UnsafeRawBufferPointer(start: bytes.bytes, count: bytes.len))
    }
}

extension HeaderValue {
    /// The value, if it is of a kind that headers here may have.
    init?(_ field: amqp_field_value_t) {
        switch unsafe Int32(field.kind) {
        case Int32(AMQP_FIELD_KIND_UTF8.rawValue), Int32(AMQP_FIELD_KIND_BYTES.rawValue):
            self = unsafe .string(String(field.value.bytes))
        case Int32(AMQP_FIELD_KIND_BOOLEAN.rawValue): self = unsafe .bool(field.value.boolean != 0)
        case Int32(AMQP_FIELD_KIND_I8.rawValue): self = unsafe .int64(Int64(field.value.i8))
        case Int32(AMQP_FIELD_KIND_U8.rawValue): self = unsafe .int64(Int64(field.value.u8))
        case Int32(AMQP_FIELD_KIND_I16.rawValue): self = unsafe .int64(Int64(field.value.i16))
        case Int32(AMQP_FIELD_KIND_U16.rawValue): self = unsafe .int64(Int64(field.value.u16))
        case Int32(AMQP_FIELD_KIND_I32.rawValue): self = unsafe .int64(Int64(field.value.i32))
        case Int32(AMQP_FIELD_KIND_U32.rawValue): self = unsafe .int64(Int64(field.value.u32))
        case Int32(AMQP_FIELD_KIND_I64.rawValue): self = unsafe .int64(field.value.i64)
        case Int32(AMQP_FIELD_KIND_U64.rawValue), Int32(AMQP_FIELD_KIND_TIMESTAMP.rawValue):
            self = unsafe .int64(Int64(clamping: field.value.u64))
        default: return nil
        }
    }
}

extension [String: HeaderValue] {
    /// Every entry of a kind that headers here may have; of `x-death`, its latest entry's facts.
    init(_ table: amqp_table_t) {
        self = [:]
        let entries = unsafe UnsafeBufferPointer(start: table.entries, count: Int(table.num_entries))
        for index in entries.indices {
            let entry = unsafe entries[index]
            let name = unsafe String(entry.key)
            if let value = unsafe HeaderValue(entry.value) {
                self[name] = value
            } else if name == "x-death", let latest = unsafe Self.firstTable(in: entry.value) {
                for (fact, value) in latest where ["queue", "reason", "count"].contains(fact) {
                    self["x-death-\(fact)"] = value
                }
            }
        }
    }

    /// The first table of an array of tables.
    private static func firstTable(in field: amqp_field_value_t) -> Self? {
        guard unsafe Int32(field.kind) == Int32(AMQP_FIELD_KIND_ARRAY.rawValue),
            unsafe field.value.array.num_entries > 0, let first = unsafe field.value.array.entries?.pointee,
            unsafe Int32(first.kind) == Int32(AMQP_FIELD_KIND_TABLE.rawValue)
        else { return nil }
        return unsafe Self(first.value.table)
    }
}

extension MessageProperties {
    /// The header that carries a mandatory message's own number, so that a return finds its caller.
    static let sequenceHeader = "x-paylinks-sequence"

    init(_ properties: amqp_basic_properties_t) {
        let flags = unsafe properties._flags
        func text(_ flag: Int32, _ bytes: amqp_bytes_t) -> String? {
            unsafe flags & UInt32(flag) == 0 ? nil : String(bytes)
        }
        contentType = unsafe text(AMQP_BASIC_CONTENT_TYPE_FLAG, properties.content_type)
        messageId = unsafe text(AMQP_BASIC_MESSAGE_ID_FLAG, properties.message_id)
        correlationId = unsafe text(AMQP_BASIC_CORRELATION_ID_FLAG, properties.correlation_id)
        replyTo = unsafe text(AMQP_BASIC_REPLY_TO_FLAG, properties.reply_to)
        type = unsafe text(AMQP_BASIC_TYPE_FLAG, properties.type)
        if flags & UInt32(AMQP_BASIC_TIMESTAMP_FLAG) != 0 { timestamp = unsafe properties.timestamp }
        if flags & UInt32(AMQP_BASIC_HEADERS_FLAG) != 0 { headers = unsafe [String: HeaderValue](properties.headers) }
        if case .int64(let number)? = headers.removeValue(forKey: Self.sequenceHeader) {
            sequence = UInt64(exactly: number)
        }
    }
}
