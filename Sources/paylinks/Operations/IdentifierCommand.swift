import ArgumentParser
import PaymentLinks

/// `paylinks id`: the same id as the API writes it and as the database does.
struct IdentifierCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "id",
        abstract: "Turns ids of the API into UUIDs of the database, and UUIDs into ids.",
        discussion: "A UUID does not say what it identifies, so the id that it is turned into has no prefix.")

    @Argument(help: "Ids such as clm_01J…, or UUIDs.", transform: Spelling.init)
    var ids: [Spelling]

    @Flag(help: "Print JSON, for programs.")
    var json = false

    /// An id in both spellings.
    struct Spelling: Encodable {
        let id: String
        let uuid: String
        let mintedAt: String

        init(_ text: String) throws {
            let prefix = text.prefix(through: text.lastIndex(of: "_") ?? text.startIndex)
            let bare = text.contains("_") ? String(text.dropFirst(prefix.count)) : text
            guard let ulid = ULID(bare) ?? ULID(uuid: bare) else {
                throw ValidationError("\(text) is neither an id, such as clm_01J…, nor a UUID.")
            }
            id = text.contains("_") ? "\(prefix)\(ulid)" : ulid.description
            uuid = ulid.uuid
            mintedAt = Timestamp(microseconds: ulid.milliseconds * 1_000).iso8601
        }
    }

    func run() throws {
        try Answer.print(ids, asJSON: json) { ids.map { "\($0.id)\t\($0.uuid)\t\($0.mintedAt)" } }
    }
}
