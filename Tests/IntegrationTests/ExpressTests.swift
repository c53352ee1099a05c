import Testing
import TestSupport

/// The hot routes on connections that are treated badly: in pieces, too slowly, half closed, at the gateway's end.
@Suite struct ExpressTests {
    private static let nothing = "GET /v1/nothing HTTP/1.1\r\nHost: a\r\n\r\n"

    private static func claim(_ link: TestSystem.Link, _ headers: String = "", length: Int? = nil) -> String {
        let body = TestSystem.achClaim()
        return "POST \(link.claimPath) HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n\(headers)"
            + "Content-Length: \(length ?? body.utf8.count)\r\n\r\n\(body)"
    }

    private static func details(_ link: TestSystem.Link) -> String {
        "GET \(link.claimPath.dropLast("/claim".count)) HTTP/1.1\r\nHost: a\r\n\r\n"
    }

    private static func statuses(_ socket: RawSocket) -> [String] {
        socket.received.split(separator: "HTTP/1.1 ").map { String($0.prefix(3)) }
    }

    private static func links(_ count: Int, _ system: TestSystem) async throws -> [TestSystem.Link] {
        let wallet = try await system.makeWallet()
        var links: [TestSystem.Link] = []
        for _ in 0..<count { links.append(try await system.makeLink(to: wallet)) }
        return links
    }

    @Test func `a claim is answered in whatever pieces it comes, and so is what comes behind it`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let text = Self.claim(try #require(try await Self.links(1, system).first))
            let head = try #require(text.firstRange(of: "\r\n\r\n"))
            let headLength = text.distance(from: text.startIndex, to: head.upperBound)
            for cut in [1, 10, headLength - 3, headLength - 1, headLength, headLength + 1, text.count - 1] {
                let link = try #require(try await Self.links(1, system).first)
                let claim = Self.claim(link)
                let socket = try await RawSocket.connect(to: system.api.baseURL, isReading: true)
                try await socket.write(String(claim.prefix(cut)))
                try await Task.sleep(for: .milliseconds(30))
                #expect(socket.received.isEmpty)
                try await socket.write(claim.dropFirst(cut) + Self.details(link) + Self.nothing + Self.details(link))
                #expect(try await eventually { Self.statuses(socket).count == 4 }, "\(cut): \(socket.received)")
                #expect(Self.statuses(socket) == ["200", "200", "404", "200"], "\(cut)")
                #expect(socket.isOpen)
                await socket.close()
            }
        }
    }

    @Test func `a hundred requests in a row are answered in their order, and each once`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let links = try await Self.links(20, system)
            let requests = links.flatMap {
                [Self.details($0), Self.claim($0), Self.details($0), Self.nothing, Self.claim($0)]
            }
            let socket = try await RawSocket.connect(to: system.api.baseURL, isReading: true)
            try await socket.write(requests.joined())
            #expect(try await eventually { Self.statuses(socket).count == 100 })
            #expect(Self.statuses(socket) == links.flatMap { _ in ["200", "200", "200", "404", "200"] })
            await socket.close()
            #expect(try await system.number("SELECT count(*) FROM claims WHERE status <> 'REFUSED'") == 20)
        }
    }

    @Test func `who closes their side still gets their answer, and then the connection ends`() async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let links = try await Self.links(3, system)
            let last = Self.claim(links[2])
            let whole = [Self.claim(links[0]), Self.details(links[1]) + Self.nothing + Self.claim(links[1])]
            for text in whole + [String(last.dropLast(1))] {
                let socket = try await RawSocket.connect(to: system.api.baseURL, isReading: true)
                try await socket.write(text)
                try await socket.endOutput()
                #expect(await socket.isClosed(within: .seconds(10)), "\(text)")
                if !last.hasPrefix(text) { #expect(Self.statuses(socket).last == "200", "\(socket.received)") }
            }
            let silent = try await RawSocket.connect(to: system.api.baseURL, isReading: true)
            try await silent.endOutput()
            #expect(await silent.isClosed(within: .seconds(10)))
            #expect(try await system.number("SELECT count(*) FROM claims") == 2, "half a claim is none")
        }
    }

    @Test func `a claim that trickles in is given up, and a connection is closed once it is silent`() async throws {
        let settings = ["PAYLINKS_SLOW_PEER_TIMEOUT": "1s", "PAYLINKS_IDLE_TIMEOUT": "3s"]
        try await TestSystem.run([.claimWorker], settings: settings) { system, _ in
            let links = try await Self.links(2, system)
            let slow = try await RawSocket.connect(to: system.api.baseURL, isReading: true)
            try await slow.write(Self.claim(links[0], length: 60_000))
            let trickle = Task {
                while !Task.isCancelled {
                    try? await slow.write(" ")
                    try await Task.sleep(for: .milliseconds(50))
                }
            }
            let used = try await RawSocket.connect(to: system.api.baseURL, isReading: true)
            for count in 1...4 {
                try await used.write(Self.details(links[1]))
                #expect(try await eventually { Self.statuses(used).count == count }, "it is in use")
                try await Task.sleep(for: .seconds(1))
            }
            #expect(await slow.isClosed(within: .seconds(10)))
            trickle.cancel()
            #expect(slow.received.isEmpty)
            #expect(await used.isClosed(within: .seconds(20)))
            #expect(try await system.number("SELECT count(*) FROM claims") == 0)
        }
    }

    @Test func `a gateway that stops answers what it has, says that the connection ends, and ends it`() async throws {
        try await TestSystem.run([]) { system, _ in
            let maker = try await system.start(.claimWorker)
            let links = try await Self.links(2, system)
            await maker.stop()
            let waiting = try await RawSocket.connect(to: system.api.baseURL, isReading: true)
            try await waiting.write(Self.claim(links[0], "Prefer: wait=2\r\n"))
            let (idle, receiving) = (
                try await RawSocket.connect(to: system.api.baseURL, isReading: true),
                try await RawSocket.connect(to: system.api.baseURL, isReading: true)
            )
            try await idle.write(Self.details(links[1]))
            #expect(try await eventually { Self.statuses(idle) == ["200"] })
            let late = Self.claim(links[1], "Prefer: respond-async\r\n")
            try await receiving.write(String(late.dropLast(5)))
            try await Task.sleep(for: .milliseconds(100))
            async let stopped = system.gateway.stop()
            #expect(await idle.isClosed(within: .seconds(10)))
            try await receiving.write(String(late.suffix(5)))
            for socket in [waiting, receiving] {
                #expect(await socket.isClosed(within: .seconds(10)))
                #expect(Self.statuses(socket) == ["202"], "\(socket.received)")
                #expect(socket.received.lowercased().contains("\r\nconnection: close\r\n"))
            }
            _ = await stopped
        }
    }

    /// The parser is through with the connection, and so is the lane.
    @Test(arguments: ["FOO / HTTP/1.1\r\nHost: a\r\n\r\n", "GET x HTTP/1.1\r\nHost: a\r\n\r\n"])
    func `nothing is done that comes behind an error`(noise: String) async throws {
        try await TestSystem.run([.claimWorker]) { system, _ in
            let links = try await Self.links(2, system)
            for (link, isAtOnce) in zip(links, [true, false]) {
                let socket = try await RawSocket.connect(to: system.api.baseURL, isReading: true)
                try await socket.write(noise + (isAtOnce ? Self.claim(link) : ""))
                #expect(try await eventually { !socket.received.isEmpty })
                if !isAtOnce { try? await socket.write(Self.claim(link)) }
                #expect(await socket.isClosed(within: .seconds(10)))
                #expect(Self.statuses(socket) == ["400"], "\(socket.received)")
            }
            try await Task.sleep(for: .milliseconds(300))
            #expect(try await system.number("SELECT count(*) FROM claims") == 0)
        }
    }

    @Test func `a connection that always holds half a request holds no more than that`() async throws {
        try await TestSystem.run([]) { system, _ in
            let head = "POST /v1/payment-links HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n"
            let socket = try await RawSocket.connect(to: system.api.baseURL, isReading: true)
            try await socket.write(head + " ")
            let before = try await Self.resident(system)
            let rest = String(repeating: " ", count: 59_999) + head + " "
            for count in 1...2_000 {
                try await socket.write(rest)
                if count.isMultiple(of: 100) { _ = try await eventually { Self.statuses(socket).count >= count - 20 } }
            }
            #expect(try await eventually { Self.statuses(socket).count == 2_000 })
            let grown = try await Self.resident(system) - before
            #expect(grown < 60_000_000, "\(grown) bytes more after 120 MB")
            await socket.close()
        }
    }

    private static func resident(_ system: TestSystem) async throws -> Double {
        let metrics = try await system.gateway.operations.get("/metrics").text
        return try #require(Double(metrics.firstMatch(of: /process_resident_memory_bytes ([0-9.e+]+)/)?.1 ?? ""))
    }
}
