import Foundation
import PrivateServers
import Testing

/// `scripts/setup` in a root of its own, with a package manager and a service manager that only write down what is asked.
@Suite struct SetupTests {
    private static let administrators = "#!/bin/sh\nexit 0\n"

    @Test func `a run that was killed leaves the policy to the next, which puts the administrator's back`()
        async throws
    {
        try await Scene.run { scene in
            try scene.write(Self.administrators, to: "usr/sbin/policy-rc.d")
            try scene.write("", to: "is-killed")
            let killed = try await scene.setup()
            #expect(killed.status == .signalled(SIGKILL), "\(killed.output)")
            #expect(scene.text("usr/sbin/policy-rc.d").hasSuffix("\nexit 101\n"))
            scene.remove("is-killed")
            let next = try await scene.setup()
            #expect(next.status == .exited(0), "\(next.output)")
            #expect(scene.text("usr/sbin/policy-rc.d") == Self.administrators)
            #expect(scene.text("policy-during-install").hasSuffix("\nexit 101\n"))
            #expect(scene.text("usr/sbin/policy-rc.d.paylinks-saved") == "")
        }
    }

    @Test func `a killed run's policy goes even when nothing is missing any more`() async throws {
        try await Scene.run { scene in
            try scene.write("", to: "is-killed")
            #expect(try await scene.setup().status == .signalled(SIGKILL))
            try scene.write("", to: "is-installed")
            #expect(try await scene.setup().status == .exited(0))
            #expect(scene.text("usr/sbin/policy-rc.d") == "")
        }
    }

    @Test func `services that come with the packages are disabled, and others are left alone`() async throws {
        try await Scene.run { scene in
            try scene.write("", to: "usr/lib/systemd/system/rabbitmq-server.service")
            let run = try await scene.setup()
            #expect(run.status == .exited(0), "\(run.output)")
            #expect(scene.text("services") == "--quiet disable postgresql.service\n")
            #expect(scene.text("usr/sbin/policy-rc.d") == "")
        }
    }

    @Test func `a package that is too old is named, with what is needed`() async throws {
        try await Scene.run { scene in
            try scene.write("", to: "is-installed")
            try scene.write("3.9.27-0ubuntu0.1", to: "version.rabbitmq-server")
            try scene.write("12.22.9~dfsg-1ubuntu3", to: "version.nodejs")
            try scene.write("15+248", to: "version.postgresql")
            let run = try await scene.setup()
            #expect(run.status == .exited(69), "\(run.output)")
            #expect(run.output.contains("rabbitmq-server is 3.9.27-0ubuntu0.1 and must be 3.10 or later"))
            #expect(run.output.contains("nodejs is 12.22.9~dfsg-1ubuntu3 and must be 18 or later"))
            #expect(!run.output.contains("postgresql is"))
        }
    }

    /// A root folder, and the programs that the script finds instead of the system's.
    private struct Scene {
        private static let programs = [
            "sudo": #"exec "$@""#,
            "swift": "true",
            "systemctl": #"echo "$@" >>"$DPKG_ROOT/services""#,
            // Everything is installed but PostgreSQL, and of a version that will do.
            "dpkg-query": """
            case "$3" in
                *Version*) cat "$DPKG_ROOT/version.$4" 2>/dev/null || echo 99 ;;
                *) if [ "$4" != postgresql ] || [ -e "$DPKG_ROOT/is-installed" ]; then echo installed; fi ;;
            esac
            """,
            "apt-get": """
            [ "$1" = install ] || exit 0
            cp "$DPKG_ROOT/usr/sbin/policy-rc.d" "$DPKG_ROOT/policy-during-install"
            [ ! -e "$DPKG_ROOT/is-killed" ] || exec kill -KILL "$PPID"
            touch "$DPKG_ROOT/usr/lib/systemd/system/postgresql.service" "$DPKG_ROOT/is-installed"
            """,
        ]

        let root: URL

        static func run(_ body: (Scene) async throws -> Void) async throws {
            let root = FileManager.default.temporaryDirectory.appending(path: "paylinks-setup-\(UUID())")
            defer { try? FileManager.default.removeItem(at: root) }
            let scene = Scene(root: root)
            for folder in ["bin", "usr/sbin", "usr/lib/systemd/system"] {
                try FileManager.default.createDirectory(
                    at: root.appending(path: folder), withIntermediateDirectories: true)
            }
            for (name, text) in programs {
                try scene.write("#!/bin/sh\n\(text)\n", to: "bin/\(name)")
                try FileManager.default.setAttributes(
                    [.posixPermissions: 0o755], ofItemAtPath: root.appending(path: "bin/\(name)").path)
            }
            try await body(scene)
        }

        func setup() async throws -> Program {
            try await Program.run(
                at: Program.repository.appending(path: "scripts/setup").path, [],
                environment: ["PATH": "\(root.path)/bin:/usr/bin:/bin", "DPKG_ROOT": root.path])
        }

        func write(_ text: String, to path: String) throws {
            try text.write(to: root.appending(path: path), atomically: true, encoding: .utf8)
        }

        func remove(_ path: String) { try? FileManager.default.removeItem(at: root.appending(path: path)) }

        /// A file's text; nothing if it is not there.
        func text(_ path: String) -> String {
            (try? String(contentsOf: root.appending(path: path), encoding: .utf8)) ?? ""
        }
    }
}
