internal import CRabbitMQ

/// Memory for the C structures of one call: filled, handed to librabbitmq, and recycled at once.
///
/// Everything allocated from it stays valid until `recycle()` or the end of the arena. (`amqp_pool_t`)
@safe struct Arena: ~Copyable {
    private let pool: UnsafeMutablePointer<amqp_pool_t>

    init() {
        unsafe pool = .allocate(capacity: 1)
        unsafe pool.initialize(to: amqp_pool_t())
        unsafe init_amqp_pool(pool, 4096)
    }

    deinit {
        unsafe empty_amqp_pool(pool)
        unsafe pool.deallocate()
    }

    /// Takes back everything at once. (`recycle_amqp_pool`)
    func recycle() {
        unsafe recycle_amqp_pool(pool)
    }

    /// A copy of the string's bytes. (`amqp_pool_alloc_bytes`)
    func bytes(_ string: String) -> amqp_bytes_t {
        var string = string
        return string.withUTF8 { utf8 in
            var copy = unsafe amqp_bytes_t()
            guard let source = utf8.baseAddress, utf8.count > 0 else { return unsafe copy }
            unsafe amqp_pool_alloc_bytes(pool, utf8.count, &copy)
            unsafe copy.bytes?.copyMemory(from: source, byteCount: utf8.count)
            return unsafe copy
        }
    }

    /// A table with the given entries.
    func table(_ entries: [String: HeaderValue]) -> amqp_table_t {
        unsafe table(entries.map { name, value in unsafe (name, field(value)) })
    }

    /// A table with the given fields.
    func table(_ fields: [(String, amqp_field_value_t)]) -> amqp_table_t {
        let size = unsafe fields.count * MemoryLayout<amqp_table_entry_t>.stride
        guard size > 0, let memory = unsafe amqp_pool_alloc(pool, size) else { return unsafe amqp_table_t() }
        let entries = unsafe memory.bindMemory(to: amqp_table_entry_t.self, capacity: fields.count)
        for index in unsafe fields.indices {
            let (name, value) = unsafe fields[index]
            unsafe (entries + index).initialize(to: amqp_table_entry_t(key: bytes(name), value: value))
        }
        return unsafe amqp_table_t(num_entries: Int32(fields.count), entries: entries)
    }

    /// A field that holds the value.
    func field(_ value: HeaderValue) -> amqp_field_value_t {
        var field = unsafe amqp_field_value_t()
        switch value {
        case .string(let string):
            unsafe field.kind = UInt8(AMQP_FIELD_KIND_UTF8.rawValue)
            unsafe field.value.bytes = bytes(string)
        case .int64(let number):
            unsafe field.kind = UInt8(AMQP_FIELD_KIND_I64.rawValue)
            unsafe field.value.i64 = number
        case .bool(let flag):
            unsafe field.kind = UInt8(AMQP_FIELD_KIND_BOOLEAN.rawValue)
            unsafe field.value.boolean = flag ? 1 : 0
        }
        return unsafe field
    }

    /// A field that holds a table.
    func field(_ table: amqp_table_t) -> amqp_field_value_t {
        var field = unsafe amqp_field_value_t()
        unsafe field.kind = UInt8(AMQP_FIELD_KIND_TABLE.rawValue)
        unsafe field.value.table = table
        return unsafe field
    }
}
