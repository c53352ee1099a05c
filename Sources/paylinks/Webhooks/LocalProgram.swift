import ArgumentParser
import Foundation
import FoundationNetworking

/// A program on this machine that takes events by POST.
struct LocalProgram: Sendable {
    let address: String
    private let url: URL

    init(_ address: String) throws {
        guard let url = URL(string: address), url.host != nil, ["http", "https"].contains(url.scheme) else {
            throw ValidationError("--forward-to takes an address such as http://127.0.0.1:3000/webhooks.")
        }
        self.address = address
        self.url = url
    }

    /// Posts an event, and says whether it was taken with 2xx.
    func post(_ body: [UInt8], headers: [(name: String, value: String)]) async -> Bool {
        var request = URLRequest(url: url, timeoutInterval: 15)
        request.httpMethod = "POST"
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        request.httpBody = Data(body)
        guard let (_, response) = try? await URLSession.shared.data(for: request) else { return false }
        return (200...299).contains((response as? HTTPURLResponse)?.statusCode ?? 0)
    }
}

/// What a listener writes, at once, for whoever reads through a pipe.
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
