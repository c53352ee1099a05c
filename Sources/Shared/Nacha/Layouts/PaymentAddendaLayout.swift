/// The addenda record of type 05: payment-related information. Source: Nacha Operating Rules, Appendix Three.
package enum PaymentAddendaLayout {
    static let recordTypeCode = Field("record type code", column: 1, length: 1)
    static let addendaTypeCode = Field("addenda type code", column: 2, length: 2)
    static let paymentRelatedInformation = Field("payment related information", column: 4, length: 80)
    static let addendaSequenceNumber = Field("addenda sequence number", column: 84, length: 4)
    static let entryDetailSequenceNumber = Field("entry detail sequence number", column: 88, length: 7)

    /// The fields from column 1 to column 94.
    package static let fields = [
        recordTypeCode, addendaTypeCode, paymentRelatedInformation, addendaSequenceNumber,
        entryDetailSequenceNumber,
    ]
}
