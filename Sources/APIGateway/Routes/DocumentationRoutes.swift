import Hummingbird

/// What the API says of itself, for programs and for people. Public.
struct DocumentationRoutes: RouteGroup {
    func register(on router: Router<GatewayContext>) {
        router.get("/openapi.json") { _, _ in
            Response(status: .ok, json: try OpenAPIDocument.current.get().json)
        }
        router.get("/docs") { _, _ in
            Response(
                status: .ok,
                headers: [
                    .contentType: "text/html; charset=utf-8",
                    .contentSecurityPolicy: DocumentationPage.contentSecurityPolicy,
                ],
                body: ResponseBody(byteBuffer: ByteBuffer(string: DocumentationPage.html)))
        }
    }
}
