/// An addenda record of any type that Paylinks reads.
package enum Addenda: Hashable, Sendable {
    /// Type 05.
    case payment(PaymentAddenda)
    /// Type 98.
    case change(ChangeAddenda)
    /// Type 99.
    case returned(ReturnAddenda)
    /// Type 99, R61 to R70.
    case dishonored(DishonoredAddenda)
    /// Type 99, R71 to R77.
    case contested(ContestedAddenda)

    /// Reads a record of the layout. The scanner keeps the breaches; the result is nil if there is one.
    init?(scanning scanner: inout FieldScanner, layout: RecordLayout) {
        let addenda: Addenda? =
            switch layout {
            case .changeAddenda: ChangeAddenda(scanning: &scanner).map(Addenda.change)
            case .returnAddenda: ReturnAddenda(scanning: &scanner).map(Addenda.returned)
            case .dishonoredAddenda: DishonoredAddenda(scanning: &scanner).map(Addenda.dishonored)
            case .contestedAddenda: ContestedAddenda(scanning: &scanner).map(Addenda.contested)
            default: PaymentAddenda(scanning: &scanner).map(Addenda.payment)
            }
        guard let addenda else { return nil }
        self = addenda
    }

    var encoded: EncodedRecord {
        switch self {
        case .payment(let addenda): addenda.encoded
        case .change(let addenda): addenda.encoded
        case .returned(let addenda): addenda.encoded
        case .dishonored(let addenda): addenda.encoded
        case .contested(let addenda): addenda.encoded
        }
    }
}

extension RecordLayout {
    /// The layout of an addenda record by its type and, for type 99, by its code; nil if the type is unknown.
    static func addenda(in line: Line) -> RecordLayout? {
        switch line.text(PaymentAddendaLayout.addendaTypeCode)?.value {
        case "05": .paymentAddenda
        case "98": .changeAddenda
        case "99": returnLayout(in: line)
        default: nil
        }
    }

    private static func returnLayout(in line: Line) -> RecordLayout {
        let code = line.text(ReturnAddendaLayout.returnReasonCode).flatMap { ReturnCode($0.value) }
        guard let code else { return .returnAddenda }
        if code.isDishonored { return .dishonoredAddenda }
        return code.isContested ? .contestedAddenda : .returnAddenda
    }
}
