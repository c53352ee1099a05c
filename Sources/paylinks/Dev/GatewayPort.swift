import PrivateServers

/// The port that the gateway of a development system listens on.
struct GatewayPort {
    let number: Int
    /// The usual port, if it was taken and another had to be chosen.
    let taken: Int?

    /// The port that was asked for, or else the first free one from 8080 on.
    static func choose(_ wanted: String?) throws -> GatewayPort {
        guard let wanted else {
            let number = try (8_080..<8_180).first(where: LoopbackPort.isFree) ?? LoopbackPort.free()
            return GatewayPort(number: number, taken: number == 8_080 ? nil : 8_080)
        }
        guard let number = Int(wanted), (1...65_535).contains(number) else {
            throw DevelopmentError.invalidPort(wanted)
        }
        guard LoopbackPort.isFree(number) else { throw DevelopmentError.portTaken(number) }
        return GatewayPort(number: number, taken: nil)
    }
}
