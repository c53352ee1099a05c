import APIGateway
import Foundation
import Logging
import PaymentLinks
import ServiceHost
import Testing
import Yams

@Suite("The API's own description")
struct OpenAPITests {
    @Test func `What the gateway carries is openapi.yaml, as scripts-embed-openapi copies it`() throws {
        #expect(OpenAPIText.yaml + "\n" == (try Self.text()))
    }

    @Test func `As JSON it says what the YAML says`() throws {
        let json = try JSONSerialization.jsonObject(with: Data(try OpenAPIDocument.current.get().json))
        let yaml = try #require(try Yams.load(yaml: try Self.text()))
        #expect((json as? NSDictionary) == (yaml as? NSDictionary))
    }

    @Test func `Texts that look like other things stay texts, and members keep their order`() throws {
        let document = try OpenAPIDocument(yaml: "b: '1'\na: [true, 'true', 1.5, 2, null, \"x\\\"\"]\n'200': {}\n")
        let text = String(decoding: document.json, as: UTF8.self)
        #expect(text == #"{"b":"1","a":[true,"true",1.5,2,null,"x\""],"200":{}}"#)
    }

    @Test func `Every route is documented, and every documented route is there`() async throws {
        let services = try GatewayServices(Self.context())
        let routes = Result { try services.routeNames() }
        await services.close()
        #expect(try Self.documented().symmetricDifference(try routes.get()) == [])
        #expect(try routes.get().count > 35)
    }

    @Test func `Every code that an answer can carry is documented, and no other`() throws {
        let schemas = try Self.object(try Self.object(try Self.document(), "components"), "schemas")
        let codes = try #require(try Self.object(schemas, "ErrorCode")["enum"] as? [String])
        #expect(codes == ErrorCode.allCases.map(\.rawValue))
    }

    @Test func `The page loads nothing from elsewhere, and is told so`() throws {
        #expect(DocumentationPage.html.matches(of: /(?:src|href|action)="(?!\/openapi\.json")/).isEmpty)
        #expect(!DocumentationPage.html.contains("://"))
        #expect(!DocumentationPage.html.contains("innerHTML"))
        #expect(DocumentationPage.contentSecurityPolicy.hasPrefix("default-src 'none';"))
    }

    private static func text() throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
        return try String(contentsOf: root.appending(path: "openapi.yaml"), encoding: .utf8)
    }

    private static func document() throws -> [String: Any] {
        try #require(try Yams.load(yaml: try text()) as? [String: Any])
    }

    private static func object(_ parent: [String: Any], _ name: String) throws -> [String: Any] {
        try #require(parent[name] as? [String: Any])
    }

    private static func documented() throws -> Set<RouteName> {
        let names = try object(try document(), "paths").flatMap { path, item in
            try #require(item as? [String: Any]).keys.map { RouteName(method: $0.uppercased(), path: path) }
        }
        return Set(names)
    }

    /// What a gateway needs to be put together; nothing of it is ever reached.
    private static func context() -> HostContext {
        let key = Data(repeating: 1, count: 32).base64EncodedString()
        let environment = [
            "PAYLINKS_DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "PAYLINKS_AMQP_URL": "amqp://127.0.0.1:1",
            "PAYLINKS_DIGEST_KEY": key, "PAYLINKS_SEALING_KEYS": "test:" + key,
        ]
        return HostContext(
            role: .apiGateway, settings: Settings(environment: environment),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, metrics: MetricsRegistry())
    }
}
