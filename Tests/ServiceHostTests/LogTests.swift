import Foundation
import Logging
import ServiceHost
import Synchronization
import Testing

@Suite("Log lines")
struct LogTests {
    private static func line(_ message: String, _ metadata: Logger.Metadata = [:]) -> LogLine {
        LogLine(
            time: "2026-04-01T00:00:00.000Z", level: .info, role: "claim-worker", message: message,
            metadata: metadata)
    }

    @Test("A JSON line holds the facts beside the message, in a fixed order")
    func json() {
        let line = Self.line("batch committed", ["size": .stringConvertible(3), "link_id": "lnk_1"])
        #expect(
            LogFormat.json.render(line) == """
                {"time":"2026-04-01T00:00:00.000Z","level":"info","role":"claim-worker",\
                "message":"batch committed","link_id":"lnk_1","size":3}

                """)
    }

    @Test(
        "Any text survives the way through a JSON line",
        arguments: [
            "", "plain", "\"quoted\" \\ back", "line\nfeed\r\ttab", "\u{0}\u{1}\u{1F}\u{7F}", "über 🎉 \u{2028}\u{2029}",
            "e\u{301}", "</script>", "\\u0041", "\r\n",
        ])
    func roundTrip(text: String) throws {
        let rendered = LogFormat.json.render(Self.line(text, [text: .string(text)]))
        #expect(rendered.unicodeScalars.filter { $0.properties.generalCategory == .control } == ["\n"])
        let object = try JSONDecoder().decode([String: String].self, from: Data(rendered.utf8))
        #expect(object["message"].map { Array($0.unicodeScalars) } == Array(text.unicodeScalars))
        #expect(object[text].map { Array($0.unicodeScalars) } == Array(text.unicodeScalars))
    }

    @Test("Nested metadata stays nested, numbers and Booleans keep their kind, the rest is text")
    func nested() throws {
        let metadata: Logger.Metadata = [
            "list": ["a", .stringConvertible(1)], "map": ["b": "c\n", "a": []], "flag": .stringConvertible(true),
            "amount": .stringConvertible(1.5),
        ]
        #expect(
            LogFormat.json.render(Self.line("m", metadata)).hasSuffix(
                #""message":"m","amount":"1.5","flag":true,"list":["a",1],"map":{"a":[],"b":"c\n"}}"# + "\n"))
    }

    @Test("Metadata cannot pose as the line's own fields", arguments: ["time", "level", "role", "message"])
    func reserved(key: String) throws {
        let rendered = LogFormat.json.render(Self.line("m", [key: "forged"]))
        let object = try JSONDecoder().decode([String: String].self, from: Data(rendered.utf8))
        #expect(object[key] != "forged")
        #expect(object["metadata_" + key] == "forged")
    }

    @Test("A line of text is for people, and stays one line whatever is in it")
    func text() {
        let line = Self.line("service started", ["port": .stringConvertible(8080), "note": "a\nb\u{1B}[31m"])
        #expect(
            LogFormat.text.render(line)
                == "2026-04-01T00:00:00.000Z info     claim-worker  service started"
                + #"  note="a\nb\u001b[31m"  port=8080"# + "\n")
    }

    @Test("A logger writes from its level up, and the nearest metadata wins")
    func handler() throws {
        let lines = Mutex<[String]>([])
        let handler = LineLogHandler(
            role: "r", format: .json, level: .info, metadataProvider: .init { ["a": "task", "b": "task"] },
            write: { line in lines.withLock { $0.append(line) } })
        var logger = Logger(label: "test", factory: { _ in handler })
        logger[metadataKey: "a"] = "logger"
        logger[metadataKey: "c"] = "logger"
        logger.debug("hidden")
        logger.error("shown", metadata: ["b": "event"])

        let line = try #require(lines.withLock { $0 }.first)
        #expect(lines.withLock { $0.count } == 1)
        let object = try JSONDecoder().decode([String: String].self, from: Data(line.utf8))
        #expect(object["level"] == "error")
        #expect([object["a"], object["b"], object["c"]] == ["task", "event", "logger"])
        let time = try #require(object["time"])
        #expect(time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil, "\(time)")
    }
}
