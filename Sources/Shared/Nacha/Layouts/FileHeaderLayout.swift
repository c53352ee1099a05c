/// The file header record (type 1). Source: Nacha Operating Rules, Appendix Three.
package enum FileHeaderLayout {
    static let recordTypeCode = Field("record type code", column: 1, length: 1)
    static let priorityCode = Field("priority code", column: 2, length: 2)
    static let immediateDestination = Field("immediate destination", column: 4, length: 10)
    static let immediateOrigin = Field("immediate origin", column: 14, length: 10)
    static let fileCreationDate = Field("file creation date", column: 24, length: 6)
    static let fileCreationTime = Field("file creation time", column: 30, length: 4)
    static let fileIDModifier = Field("file ID modifier", column: 34, length: 1)
    static let recordSize = Field("record size", column: 35, length: 3)
    static let blockingFactor = Field("blocking factor", column: 38, length: 2)
    static let formatCode = Field("format code", column: 40, length: 1)
    static let immediateDestinationName = Field("immediate destination name", column: 41, length: 23)
    static let immediateOriginName = Field("immediate origin name", column: 64, length: 23)
    static let referenceCode = Field("reference code", column: 87, length: 8)

    /// The fields from column 1 to column 94.
    package static let fields = [
        recordTypeCode, priorityCode, immediateDestination, immediateOrigin, fileCreationDate, fileCreationTime,
        fileIDModifier, recordSize, blockingFactor, formatCode, immediateDestinationName, immediateOriginName,
        referenceCode,
    ]
}
