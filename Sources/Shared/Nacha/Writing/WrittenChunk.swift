/// Bytes of a file that the writer hands over, with the rows that they hold.
package struct WrittenChunk: Hashable, Sendable {
    /// The bytes in the file's form, line breaks and padding included.
    package let bytes: [UInt8]
    /// The records in these bytes. Their ranges count from the start of the file.
    package let rows: [Row]
}
