import Glibc
import NIOCore
import ServiceHost
import Testing

@Suite("Servers that cannot listen")
struct ListenFailureTests {
    private static func failure(_ error: any Error, host: String = "127.0.0.1") -> ListenFailure? {
        let place = ListeningPlace(
            host: host, port: 8080, hostSetting: .operationsHost, portSetting: .operationsPort)
        return ListenFailure(error, at: place)
    }

    @Test(arguments: [
        (EADDRINUSE, "PAYLINKS_OPERATIONS_PORT", "in use"), (EACCES, "PAYLINKS_OPERATIONS_PORT", "not allowed"),
        (EADDRNOTAVAIL, "PAYLINKS_OPERATIONS_HOST", "does not have the address"),
    ])
    func `An error of the address names the place, the setting, and the remedy`(
        code: CInt, setting: String, reason: String
    ) throws {
        let failure = try #require(Self.failure(IOError(errnoCode: code, reason: "bind(descriptor:ptr:bytes:)")))
        #expect(failure.setting.name == setting)
        #expect(failure.description.hasPrefix("cannot listen at 127.0.0.1:8080: "))
        #expect(failure.description.contains(reason) && failure.description.contains("set \(setting) to"))
    }

    @Test func `A host without an address is named by its setting, and IPv6 stands in brackets`() throws {
        let failure = try #require(Self.failure(SocketAddressError.unsupported, host: "::1"))
        #expect(failure.setting.name == "PAYLINKS_OPERATIONS_HOST")
        #expect(failure.description.hasPrefix("cannot listen at [::1]:8080: "))
    }

    @Test func `Other errors stay what they are`() {
        #expect(Self.failure(CancellationError()) == nil)
        #expect(Self.failure(IOError(errnoCode: ECONNRESET, reason: "read")) == nil)
    }
}
