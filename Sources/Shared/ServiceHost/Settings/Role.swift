/// One kind of process: what it is called, what it does, and the settings that it reads.
package struct Role: Sendable {
    /// In logs, metrics and `--help`: `claim-worker`.
    package let name: String
    /// One sentence for people.
    package let summary: String
    /// The port of `/health` and `/metrics` unless `PAYLINKS_OPERATIONS_PORT` says otherwise.
    package let operationsPort: Int
    /// Every variable that the role reads, those of `ServiceHost` among them.
    package let settings: [Setting]

    package init(name: String, summary: String, operationsPort: Int, settings: [Setting]) {
        self.name = name
        self.summary = summary
        self.operationsPort = operationsPort
        self.settings = settings + Setting.everyRole
    }
}
