package import Logging

/// What a role's body gets to build its services from.
package struct HostContext: Sendable {
    package let role: Role
    package let settings: Settings
    package let logger: Logger
    /// Where health checks are registered.
    package let readiness: Readiness
    /// The registry behind `Counter`, `Timer` and the others; to describe metrics by.
    package let metrics: MetricsRegistry
    /// Takes the ports that the role opens itself.
    package let announcement: StartAnnouncement

    package init(role: Role, settings: Settings, logger: Logger, metrics: MetricsRegistry) {
        self.role = role
        self.settings = settings
        self.logger = logger
        self.metrics = metrics
        readiness = Readiness()
        announcement = StartAnnouncement(logger: logger)
    }
}
