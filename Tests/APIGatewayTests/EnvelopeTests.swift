import APIGateway
import Hummingbird
import HummingbirdTesting
import HTTPTypes
import Jobs
import Logging
import PaymentLinks
import Postgres
import Storage
import Testing

@Suite("The one error envelope")
struct EnvelopeTests {
    private struct Surprise: Error {}

    private static let errors: [(any Error & Sendable, Int, String)] = [
        (Refusal(code: .insufficientFunds, message: "m", details: ["balance": "1.00"]), 402, "INSUFFICIENT_FUNDS"),
        (InvalidRequest(field: "a", code: "B", message: "c"), 400, "VALIDATION_ERROR"),
        (InvalidRequest(field: "amount", code: "B", message: "c"), 400, "INVALID_AMOUNT"),
        (JobError.queueUnavailable, 503, "QUEUE_UNAVAILABLE"), (JobError.overloaded, 503, "OVERLOADED"),
        (StorageError.database(.unavailable("no server")), 503, "DATABASE_UNAVAILABLE"),
        (StorageError.database(.outcomeUnknown), 503, "DATABASE_UNAVAILABLE"),
        (StorageError.unreadable("secret row"), 500, "INTERNAL_ERROR"), (Surprise(), 500, "INTERNAL_ERROR"),
        (HTTPError(.notFound), 404, "NOT_FOUND"),
    ]

    /// A router that is put together as the gateway's is, whose one route throws what it is told to.
    private func application(throwing error: (any Error & Sendable)? = nil, rate: Int = 1000)
        -> some ApplicationProtocol
    {
        let router = Router(context: GatewayContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: Telemetry())
        router.add(middleware: ErrorEnvelope())
        router.add(middleware: LoadShedding(limit: error is LimitReached ? 0 : 10))
        router.get("/thing/:id") { _, _ -> Response in
            if let error { throw error }
            return Response(status: .ok)
        }
        router.post("/thing/:id") { _, _ in Response(status: .ok) }
        router.post("/other") { _, _ in Response(status: .ok) }
        router.refuseOtherMethods()
        return Application(router: router, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    private struct LimitReached: Error {}

    @Test(arguments: errors.indices)
    func `Every error has its status and its code`(_ index: Int) async throws {
        let (error, status, code) = Self.errors[index]
        try await application(throwing: error).test(.router) { client in
            try await client.execute(uri: "/thing/1", method: .get) { response in
                let body = String(buffer: response.body)
                #expect(response.status.code == status)
                #expect(body.hasPrefix("{\"error\":{\"code\":\"\(code)\",\"message\":\""))
                #expect(!body.contains("secret") && !body.contains("Surprise") && !body.contains("no server"))
                #expect((response.headers[.retryAfter] != nil) == (status == 503))
                #expect(response.headers[.contentType] == "application/json")
            }
        }
    }

    @Test func `A validation error lists its fields`() async throws {
        let error = InvalidRequest([
            FieldError(field: "a.b", code: "X", message: "say \"y\""),
            FieldError(field: "amount", code: "Z", message: "z"),
        ])
        try await application(throwing: error).test(.router) { client in
            try await client.execute(uri: "/thing/1", method: .get) { response in
                #expect(
                    String(buffer: response.body).hasSuffix(
                        #""details":{"fields":[{"field":"a.b","code":"X","message":"say \"y\""},"#
                            + #"{"field":"amount","code":"Z","message":"z"}]}}}"#))
            }
        }
    }

    @Test func `A path that nobody knows is not found, a method that it does not take is not allowed`() async throws {
        try await application().test(.router) { client in
            try await client.execute(uri: "/nothing", method: .get) { response in
                #expect(response.status == .notFound)
                #expect(String(buffer: response.body).contains("\"NOT_FOUND\""))
            }
            for method in [HTTPRequest.Method.put, .delete, .patch] {
                try await client.execute(uri: "/thing/1", method: method) { response in
                    #expect(response.status == .methodNotAllowed)
                    #expect(response.headers[.allow] == "GET, HEAD, POST")
                    #expect(String(buffer: response.body).contains("\"METHOD_NOT_ALLOWED\""))
                }
            }
            try await client.execute(uri: "/thing/1", method: .head) { #expect($0.status == .ok) }
        }
    }

    @Test(arguments: [("/thing/1", 402), ("/nothing", 404), ("/other", 405)])
    func `An error that answers HEAD has the headers of its body, and no body`(path: String, status: Int) async throws {
        let error = Refusal(code: .insufficientFunds, message: "m")
        try await application(throwing: error).test(.router) { client in
            try await client.execute(uri: path, method: .head) { response in
                #expect(response.status.code == status)
                #expect(response.body.readableBytes == 0)
                #expect(response.headers[.contentType] == "application/json")
                #expect(response.headers[.contentLength].flatMap { Int($0) }.map { $0 > 0 } == true)
            }
        }
    }

    @Test func `Every answer has a request id, the caller's own if it sent one`() async throws {
        let name = try #require(HTTPField.Name("Request-Id"))
        let own = try #require(HTTPField.Name("X-Request-Id"))
        try await application().test(.router) { client in
            try await client.execute(uri: "/thing/1", method: .get, headers: [own: "mine-1"]) { response in
                #expect(response.headers[name] == "mine-1")
            }
            try await client.execute(uri: "/nothing", method: .get) { response in
                #expect(response.headers[name].flatMap { ULID($0) } != nil)
            }
        }
    }

    @Test func `A full gateway refuses at once`() async throws {
        try await application(throwing: LimitReached()).test(.router) { client in
            try await client.execute(uri: "/thing/1", method: .get) { response in
                #expect(response.status == .serviceUnavailable)
                #expect(String(buffer: response.body).contains("\"OVERLOADED\""))
                #expect(response.headers[.retryAfter] != nil)
            }
        }
    }

    @Test func `Callers over their rate are told how long to wait`() async throws {
        let key = APIKey(
            id: .mint(at: .now()), organizationId: .mint(at: .now()), environment: .sandbox, name: "k", prefix: "p",
            grant: KeyGrant(permissions: []), revokedAt: nil, createdAt: .now())
        let directory = KeyDirectory(timeToLive: .seconds(5)) { (_: [UInt8]) async throws(StorageError) in key }
        let router = Router(context: GatewayContext.self)
        router.add(middleware: ErrorEnvelope())
        router.add(
            middleware: Admission(
                keys: directory, limiter: RateLimiter(.init(perOrganization: 100, perKey: 1, perAddress: 1)),
                clientAddress: ClientAddress(trustedProxies: [])))
        router.add(middleware: ErrorEnvelope())
        router.get("/") { _, _ -> Response in throw Refusal(code: .walletNotFound, message: "m") }
        let limit = try #require(HTTPField.Name("RateLimit"))
        try await Application(router: router).test(.router) { client in
            let headers: HTTPFields = [.authorization: "Bearer wg_test_x"]
            try await client.execute(uri: "/", method: .get, headers: headers) { response in
                #expect(response.status == .notFound && response.headers[limit] == "\"default\";r=0;t=1")
            }
            // On a busy machine a token may come back between two requests; not between fifty.
            var refused: TestResponse?
            for _ in 0..<50 where refused == nil {
                let response = try await client.execute(uri: "/", method: .get, headers: headers)
                if response.status == .tooManyRequests { refused = response }
            }
            let response = try #require(refused)
            #expect(response.headers[.retryAfter] == "1")
            #expect(String(buffer: response.body).contains("\"RATE_LIMIT_EXCEEDED\""))
        }
    }
}
