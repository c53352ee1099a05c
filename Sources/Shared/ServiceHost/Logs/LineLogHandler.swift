import Foundation
package import Logging

/// Writes each log event as one line, in the shape that `PAYLINKS_LOG_FORMAT` names.
package struct LineLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?

    private let role: String
    private let format: LogFormat
    private let write: @Sendable (String) -> Void

    /// - Parameter write: takes one whole line, its end included; called from any thread.
    package init(
        role: String, format: LogFormat, level: Logger.Level,
        metadataProvider: Logger.MetadataProvider? = nil, write: @escaping @Sendable (String) -> Void
    ) {
        self.role = role
        self.format = format
        self.metadataProvider = metadataProvider
        self.write = write
        logLevel = level
    }

    package func log(event: LogEvent) {
        let line = LogLine(
            time: Date.now.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)),
            level: event.level, role: role, message: event.message.description, metadata: merged(event))
        write(format.render(line))
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// What is nearest to the event wins: its own metadata, then the task's, then the logger's.
    private func merged(_ event: LogEvent) -> Logger.Metadata {
        var merged = metadata
        if let provided = metadataProvider?.get() { merged.merge(provided) { _, new in new } }
        if let own = event.metadata { merged.merge(own) { _, new in new } }
        if let error = event.error { merged["error"] = "\(error)" }
        return merged
    }
}
