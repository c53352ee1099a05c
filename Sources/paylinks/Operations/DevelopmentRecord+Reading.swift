import ArgumentParser
import Foundation
import PrivateServers

extension DevelopmentRecord {
    /// The record of the development system in PAYLINKS_HOME; nil if there is none.
    ///
    /// A command uses the addresses and keys of a record together or not at all, and only if the record is the user's
    /// own private file: a record that somebody else has left in the current folder must not choose where keys go.
    static func find() throws -> DevelopmentRecord? {
        let home = URL(fileURLWithPath: SystemOptions.variable("PAYLINKS_HOME") ?? ".paylinks")
        let file = home.appendingPathComponent(DevelopmentRecord.file)
        do {
            guard let data = try PrivateFile.read(file) else { return nil }
            return try JSONDecoder().decode(DevelopmentRecord.self, from: data)
        } catch let problem as PrivateFile.Problem {
            throw ValidationError("\(file.path) is not used: \(problem). \(remedy)")
        } catch {
            throw ValidationError("\(file.path) is not used: it is not the record of a development system. \(remedy)")
        }
    }

    private static let remedy = "Remove it, set PAYLINKS_HOME, or name the system by options."
}
