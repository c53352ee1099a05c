/// What a PATCH changes of an organization; what is absent stays.
package struct OrganizationBody: Sendable {
    package let reopensAfterReturn: Bool?

    package init(_ fields: JSONObject) throws(InvalidRequest) {
        var reader = BodyReader(fields)
        reopensAfterReturn = reader.boolean("reopenAfterReturn")
        try reader.finish()
    }
}
