import Glibc

/// A file that is read or written in chunks.
struct ByteFile {
    private let handle: UnsafeMutablePointer<FILE>

    struct CannotOpen: Error {
        let path: String
    }

    init(_ path: String, mode: String) throws(CannotOpen) {
        guard let handle = fopen(path, mode) else { throw CannotOpen(path: path) }
        self.handle = handle
    }

    func write(_ bytes: [UInt8]) -> Int { fwrite(bytes, 1, bytes.count, handle) }

    /// The next bytes, or nil at the end of the file.
    func read(_ limit: Int) -> [UInt8]? {
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            count = fread(buffer.baseAddress, 1, limit, handle)
        }
        return bytes.isEmpty ? nil : bytes
    }

    func close() { fclose(handle) }
}
