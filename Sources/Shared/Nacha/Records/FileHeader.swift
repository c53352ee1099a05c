/// The file header record: who sends the file to whom, and when.
package struct FileHeader: Hashable, Sendable {
    package let immediateDestination: FileAddress
    package let immediateOrigin: FileAddress
    package let creationDate: NachaDate
    /// Optional in the format. Paylinks always writes it.
    package let creationTime: NachaTime?
    package let modifier: FileIDModifier
    package let destinationName: NachaText
    package let originName: NachaText
    package let referenceCode: NachaText

    /// Transliterates the names and cuts them to their fields.
    ///
    /// Nine digits of the destination are a routing number, and a wrong check digit is an error. Nine digits of the
    /// origin can be a tax number, which has no check digit.
    package init(
        immediateDestination: FileAddress, immediateOrigin: FileAddress, creationDate: NachaDate,
        creationTime: NachaTime?, modifier: FileIDModifier, destinationName: String = "", originName: String = "",
        referenceCode: String = ""
    ) throws(NachaValueError) {
        if let rule = Self.brokenRule(of: immediateDestination) {
            throw NachaValueError(FileHeaderLayout.immediateDestination, rule)
        }
        self.immediateDestination = immediateDestination
        self.immediateOrigin = immediateOrigin
        self.creationDate = creationDate
        self.creationTime = creationTime
        self.modifier = modifier
        self.destinationName = NachaText(destinationName, FileHeaderLayout.immediateDestinationName)
        self.originName = NachaText(originName, FileHeaderLayout.immediateOriginName)
        self.referenceCode = NachaText(referenceCode, FileHeaderLayout.referenceCode)
    }

    /// What keeps a nine-digit address from being a routing number, or nil if it is one.
    private static func brokenRule(of address: FileAddress) -> BreachRule? {
        guard let digits = address.nineDigits, RoutingTransitNumber(digits) == nil else { return nil }
        let institution = DFIIdentification(String(digits.prefix(8)))
        return institution.map { .checkDigit(expected: $0.checkDigit) } ?? .outOfRange
    }
}

extension FileHeader {
    /// Reads the record. The scanner keeps the breaches; the result is nil if there is one.
    init?(scanning scanner: inout FieldScanner) {
        typealias Layout = FileHeaderLayout
        scanner.constant(Layout.priorityCode, "01")
        let destination = scanner.address(Layout.immediateDestination)
        if let destination, let rule = Self.brokenRule(of: destination) {
            scanner.report(Layout.immediateDestination, rule)
        }
        let origin = scanner.address(Layout.immediateOrigin)
        let date = scanner.value(Layout.fileCreationDate, .notADate, NachaDate.init(number:))
        let time = scanner.optional(Layout.fileCreationTime, .notATime, NachaTime.init(number:))
        let modifier = scanner.code(Layout.fileIDModifier, .unknownCode) { bytes in
            bytes.first.flatMap(FileIDModifier.init(character:))
        }
        scanner.constant(Layout.recordSize, "094")
        scanner.constant(Layout.blockingFactor, "10")
        scanner.constant(Layout.formatCode, "1")
        guard scanner.isIntact, let destination, let origin, let date, let modifier else { return nil }
        immediateDestination = destination
        immediateOrigin = origin
        creationDate = date
        creationTime = time
        self.modifier = modifier
        destinationName = scanner.text(Layout.immediateDestinationName)
        originName = scanner.text(Layout.immediateOriginName)
        referenceCode = scanner.text(Layout.referenceCode)
    }

    var encoded: EncodedRecord {
        typealias Layout = FileHeaderLayout
        var record = EncodedRecord(.fileHeader)
        record.put("01", Layout.priorityCode)
        record.put(immediateDestination.columns, Layout.immediateDestination)
        record.put(immediateOrigin.columns, Layout.immediateOrigin)
        record.put(creationDate.number, Layout.fileCreationDate)
        record.put(creationTime?.number, Layout.fileCreationTime)
        record.put(modifier.description, Layout.fileIDModifier)
        record.put("094", Layout.recordSize)
        record.put("10", Layout.blockingFactor)
        record.put("1", Layout.formatCode)
        record.put(destinationName, Layout.immediateDestinationName)
        record.put(originName, Layout.immediateOriginName)
        record.put(referenceCode, Layout.referenceCode)
        return record
    }
}
