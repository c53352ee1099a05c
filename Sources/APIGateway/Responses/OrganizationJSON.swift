import PaymentLinks
import Storage

/// The shape in which an organization is answered.
enum OrganizationJSON {
    static func organization(_ organization: OrganizationRecord, in environment: Environment) -> [UInt8] {
        JSONWriter.object { writer in
            writer.field("id", organization.id)
            writer.field("name", organization.name)
            writer.field("displayName", organization.displayName)
            writer.field("environment", environment.rawValue)
            writer.field("reopenAfterReturn", organization.reopensAfterReturn)
        }
    }
}
