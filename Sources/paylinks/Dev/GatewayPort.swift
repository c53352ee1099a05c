import PrivateServers

/// Which port the gateway of a development system listens on.
enum GatewayPort {
    /// This one and no other.
    case wanted(Int)
    /// The usual one, or else the first free one behind it.
    case any

    static let usual = 8_080

    /// Takes what `PAYLINKS_PORT` says, and says so at once if that cannot be.
    init(setting: String?) throws {
        guard let setting else {
            self = .any
            return
        }
        guard let number = Int(setting), (1...65_535).contains(number) else {
            throw DevelopmentError.invalidPort(setting)
        }
        self = .wanted(number)
        _ = try choose()
    }

    /// A port that is free now: chosen shortly before it is listened on, so that no other process takes it in between.
    func choose() throws -> Int {
        switch self {
        case .wanted(let number):
            guard LoopbackPort.isFree(number) else { throw DevelopmentError.portTaken(number) }
            return number
        case .any:
            return try (Self.usual..<Self.usual + 100).first(where: LoopbackPort.isFree) ?? LoopbackPort.free()
        }
    }
}
