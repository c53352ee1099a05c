/// The three arrays in which libpq takes parameters, kept from one query to the next.
@safe
struct ParameterScratch {
    private static let binaryFormat: Int32 = 1

    private var values: [UnsafePointer<CChar>?]
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    init() {
        unsafe values = []
    }

    /// Calls `body` with the parameters' addresses, lengths and formats, valid only until it returns.
    mutating func withPointers<Result>(
        to parameters: EncodedParameters,
        _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<Int32>, UnsafePointer<Int32>) -> Result
    ) -> Result {
        unsafe parameters.bytes.withUnsafeBufferPointer { bytes in
            unsafe fill(from: parameters.slots, base: bytes.baseAddress)
            return unsafe body(values, lengths, formats)
        }
    }

    private mutating func fill(from slots: [EncodedParameters.Slot], base: UnsafePointer<UInt8>?) {
        unsafe values.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        for slot in slots {
            let address = unsafe slot.length == nil ? nil : base.map { unsafe UnsafeRawPointer($0 + slot.offset) }
            unsafe values.append(address?.assumingMemoryBound(to: CChar.self))
            lengths.append(slot.length ?? 0)
        }
        while formats.count < slots.count { formats.append(Self.binaryFormat) }
    }
}
