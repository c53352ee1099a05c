import Foundation

/// How values travel: times as ISO 8601 in UTC with milliseconds.
enum JSON {
    static let decoder: JSONDecoder = {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            let text = try container.decode(String.self)
            guard let date = try? Date(text, strategy: style) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "no time: \(text)")
            }
            return date
        }
        return decoder
    }()

    private static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(date.formatted(style))
        }
        return encoder
    }()

    static func encode(_ value: some Encodable) throws(PaylinksError) -> Data {
        do {
            return try encoder.encode(value)
        } catch {
            throw .unreadable("\(error)")
        }
    }

    static func text(of date: Date) -> String { date.formatted(style) }

    private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
}
