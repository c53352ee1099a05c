import ArgumentParser
import Foundation
import NIOHTTP1
import ServiceHost

/// A response of the API that is an error, as a sentence for the person at the terminal.
struct APIRefusal {
    private struct Envelope: Decodable {
        struct Refusal: Decodable {
            let code: String
            let message: String
        }

        let error: Refusal
    }

    let status: HTTPResponseStatus
    let body: Data

    /// Prints the API's own message and code, with the remedy for a refused key; returns the error for the command to
    /// throw. A body of another form is not shown: it is not the API's.
    var exit: ExitCode {
        guard let refusal = try? JSONDecoder().decode(Envelope.self, from: body).error else {
            return Failure.exit(
                "The address answered \(status.code), and not as a Paylinks API does; check --base-url.",
                status: exitStatus)
        }
        return Failure.exit("\(refusal.message) (\(status.code) \(refusal.code))\(remedy)", status: exitStatus)
    }

    private var remedy: String {
        switch status {
        case .unauthorized: " Check the API key in --api-key-file or PAYLINKS_API_KEY."
        case .forbidden: " Use an API key that has the permission."
        default: ""
        }
    }

    private var exitStatus: Int32 {
        switch status.code {
        case 401, 403: Failure.noPermission
        case 429, 500...: ExitStatus.unavailable.rawValue
        default: ExitStatus.failure.rawValue
        }
    }
}
