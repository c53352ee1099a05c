import Foundation
import Glibc

/// A short-lived program that is run for what it says.
package enum Command {
    /// Runs a program to its end and returns its output, standard error included.
    ///
    /// A cancelled task kills the program. A status other than 0 throws `.commandFailed`.
    @discardableResult
    package static func run(
        _ program: String, _ arguments: [String], environment: [String: String], user: ServerUser? = nil
    ) async throws(PrivateServerError) -> String {
        let output = try OutputFile()
        let launch = Launch(
            program, arguments, environment: environment, folder: URL(fileURLWithPath: "/"), user: user,
            output: .descriptor(output.descriptor))
        let child = try await ChildProcess.start(launch)
        let status = await withTaskCancellationHandler {
            await child.waitForExit()
        } onCancel: {
            child.signal(SIGKILL)
        }
        let text = output.text()
        guard status == .exited(0) else {
            if Task.isCancelled { throw .cancelled }
            throw .commandFailed(command: program, status: status, output: text)
        }
        return text
    }
}

/// A file without a name that a program writes to: it cannot fill up and block as a pipe can.
private struct OutputFile: ~Copyable {
    let descriptor: Int32

    init() throws(PrivateServerError) {
        let path = "/tmp/paylinks-output-" + RandomSecret.text()
        let opened = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard opened >= 0 else { throw .unusableFolder("/tmp", reason: String(cString: strerror(errno))) }
        unlink(path)
        descriptor = opened
    }

    borrowing func text() -> String {
        lseek(descriptor, 0, SEEK_SET)
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
        let data = (try? file.readToEnd()) ?? Data()
        return String(decoding: data, as: UTF8.self)
    }

    deinit {
        close(descriptor)
    }
}
