import Storage

/// What there is for the endpoints of each standing.
struct ByStanding<Value> {
    private var well: Value
    private var untried: Value
    private var failing: Value

    init(repeating value: Value) {
        (well, untried, failing) = (value, value, value)
    }

    subscript(standing: EndpointStanding) -> Value {
        get {
            switch standing {
            case .well: well
            case .untried: untried
            case .failing: failing
            }
        }
        set {
            switch standing {
            case .well: well = newValue
            case .untried: untried = newValue
            case .failing: failing = newValue
            }
        }
    }
}

extension ByStanding<Int> {
    var doubtful: Int { untried + failing }
    var total: Int { well + doubtful }
}
