import ArgumentParser
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// A program on this machine that takes events by POST.
struct LocalProgram: Sendable {
    let address: String

    private static let patience = TimeAmount.seconds(15)
    /// In bytes.
    private static let longestAnswer = 1 << 20

    init(_ address: String) throws {
        guard HTTPClient.takes(address) else {
            throw ValidationError("--forward-to takes an address such as http://127.0.0.1:3000/webhooks.")
        }
        self.address = address
    }

    /// Posts an event, and says whether it was taken with 2xx.
    func post(_ body: [UInt8], headers: [(name: String, value: String)]) async -> Bool {
        var request = HTTPClientRequest(url: address)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        request.body = .bytes(body)
        guard let response = try? await HTTPClient.ofCommands.execute(request, timeout: Self.patience) else {
            return false
        }
        // Read to its end, the answer leaves the connection for the next event.
        _ = try? await response.body.collect(upTo: Self.longestAnswer)
        return (200...299).contains(response.status.code)
    }
}

/// What a listener writes, without buffering, because its reader may be a pipe.
enum Listening {
    static func show(_ event: String) {
        print(event)
        fflush(nil)
    }

    /// Something about the listening itself, which is no event.
    static func note(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}
