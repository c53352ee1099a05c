import Glibc
import Logging
import NIOCore
package import ServiceLifecycle

/// The address and port of a server, with the settings that they come from.
package struct ListeningPlace: Sendable {
    let host: String
    let port: Int
    let hostSetting: Setting
    let portSetting: Setting

    package init(host: String, port: Int, hostSetting: Setting, portSetting: Setting) {
        self.host = host
        self.port = port
        self.hostSetting = hostSetting
        self.portSetting = portSetting
    }

    /// `127.0.0.1:8080`, or `[::1]:8080`.
    package var address: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// A server that cannot listen at its address: names the address, the setting to change, and the remedy.
package struct ListenFailure: Error, Sendable {
    package let place: ListeningPlace
    /// The setting to change.
    package let setting: Setting
    package let reason: String

    /// Describes an error of `bind(2)`, `listen(2)`, or the look-up of the host; `nil` for any other error.
    package init?(_ error: any Error, at place: ListeningPlace) {
        switch error {
        case let error as IOError: self.init(errno: error.errnoCode, at: place)
        case is SocketAddressError, is SocketAddressError.UnknownHost:
            let host = place.hostSetting
            self.init(place, host, "the host has no address: set \(host.name) to an IP address of this machine")
        default: return nil
        }
    }

    private init?(errno code: CInt, at place: ListeningPlace) {
        let (host, port) = (place.hostSetting, place.portSetting)
        switch code {
        case EADDRINUSE:
            let remedy = "end the process that has it, or set \(port.name) to a free port"
            self.init(place, port, "the port is in use: \(remedy)")
        case EACCES:
            self.init(place, port, "this process is not allowed to use the port: set \(port.name) to 1024 or higher")
        case EADDRNOTAVAIL:
            self.init(place, host, "this machine does not have the address: set \(host.name) to one that it has")
        default: return nil
        }
    }

    private init(_ place: ListeningPlace, _ setting: Setting, _ reason: String) {
        self.place = place
        self.setting = setting
        self.reason = reason
    }

    var metadata: Logger.Metadata {
        ["address": "\(place.address)", "variable": "\(setting.name)", "reason": "\(reason)"]
    }
}

extension ListenFailure: CustomStringConvertible {
    package var description: String { "cannot listen at \(place.address): \(reason)" }
}

/// Runs a server, and turns the errors of its address and port into `ListenFailure`.
package struct ListeningService<Server: Service>: Service {
    private let server: Server
    private let place: ListeningPlace

    package init(_ server: Server, at place: ListeningPlace) {
        self.server = server
        self.place = place
    }

    package func run() async throws {
        do {
            try await server.run()
        } catch {
            throw ListenFailure(error, at: place) ?? error
        }
    }
}
