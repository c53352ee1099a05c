import Foundation
import PrivateServers
import RabbitMQ
import Testing

extension BrokerTests.FaultTests {
    @Test("TLS works with the authority that signed the broker's certificate, and with no other")
    func tls() async throws {
        try await withTLSListener { port, folder in
            let authority = "cacertfile=\(folder.path())ca.pem"
            try await roundTrip("localhost:\(port)", authority)
            try await roundTrip("localhost:\(port)", "verify=verify_none")
            await expectRefusal("localhost:\(port)", "cacertfile=\(folder.path())other.pem")
            await expectRefusal("localhost:\(port)", "verify=verify_peer")
            // The certificate is made out to a name, not to this address.
            await expectRefusal("127.0.0.1:\(port)", authority)
        }
    }

    /// The faults' broker by another host and port, over TLS.
    private func address(_ host: String, _ query: String) throws -> RabbitMQConfiguration {
        let parts = try #require(URLComponents(string: variable("AMQP_URL")))
        let user = try #require(parts.percentEncodedUser), password = try #require(parts.percentEncodedPassword)
        return try RabbitMQConfiguration(
            urls: ["amqps://\(user):\(password)@\(host)\(parts.percentEncodedPath)?\(query)"])
    }

    private func roundTrip(_ host: String, _ query: String) async throws {
        try await TestBroker.with(address(host, query)) { broker in
            let (topology, queue, exchange) = broker.quorum()
            let publisher = broker.publisher(topology)
            let consumer = broker.consumer(queue, topology)
            let body = [UInt8](repeating: 7, count: 100_000)
            let batch = Array(repeating: OutgoingMessage(exchange: exchange, routingKey: "key", body: body), count: 50)
            #expect(await publisher.publish(batch).allSatisfy { $0.error == nil })
            #expect(await consumer.take(50).allSatisfy { $0.body == body })
            await consumer.shutdown()
            await publisher.shutdown()
        }
    }

    private func expectRefusal(_ host: String, _ query: String) async {
        await #expect {
            let configuration = try address(host, query)
            try await RabbitMQAdministration.open(configuration: configuration, logger: .silent).close()
        } throws: { error in
            if case RabbitMQError.unavailable = error { true } else { false }
        }
    }

    /// Makes an authority and a certificate, and has the broker listen with them for as long as the body runs.
    private func withTLSListener(_ body: (Int, URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "amqps-\(UInt64.random(in: 0 ... .max))/")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.path()
        _ = try await run(
            """
            cd \(path) && for name in ca other; do
              openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=$name -keyout $name.key -out $name.pem
            done
            openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout server.key -out server.csr
            echo subjectAltName=DNS:localhost > names
            openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile names -out server.pem
            chmod -R a+rX . && chmod a+r server.key
            """)
        let port = try LoopbackPort.free()
        let listener = "{\\\"127.0.0.1\\\",\(port)}"
        let files = "[{certfile,\\\"\(path)server.pem\\\"},{keyfile,\\\"\(path)server.key\\\"}]"
        let start = "ok = rabbit_networking:start_ssl_listener(\(listener), \(files), 1)"
        try await control("eval \"application:ensure_all_started(ssl), \(start).\"")
        do {
            try await body(port, folder)
        } catch {
            try await control("eval \"rabbit_networking:stop_tcp_listener(\(listener)).\"")
            throw error
        }
        try await control("eval \"rabbit_networking:stop_tcp_listener(\(listener)).\"")
    }
}
