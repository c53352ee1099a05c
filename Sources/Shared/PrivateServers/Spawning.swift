import Foundation
import Glibc

/// Starts programs without `fork`, which a threaded program must not use. (`posix_spawn(3)`)
enum Spawning {
    /// Starts what `launch` describes and returns its process id.
    ///
    /// The child starts with no signal ignored or blocked, and with no descriptor of ours but 0 to 2: all others are
    /// opened with `O_CLOEXEC`.
    static func spawn(_ launch: Launch) throws(PrivateServerError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        redirect(launch, in: &actions)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        resetSignals(in: &attributes, leadsGroup: launch.leadsGroup)

        var pid: pid_t = 0
        let words = CStrings(launch.commandLine)
        let environment = CStrings(launch.environment.map { "\($0.key)=\($0.value)" })
        let status = posix_spawn(
            &pid, launch.commandLine[0], &actions, &attributes, words.pointers, environment.pointers)
        guard status == 0 else {
            throw .notSpawned(program: launch.program, reason: String(cString: strerror(status)))
        }
        return pid
    }

    private static func redirect(_ launch: Launch, in actions: inout posix_spawn_file_actions_t) {
        switch launch.output {
        case .inherited:
            break
        case .file(let url):
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
            posix_spawn_file_actions_addopen(&actions, 1, url.path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
            posix_spawn_file_actions_adddup2(&actions, 1, 2)
        case .descriptor(let descriptor):
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
            posix_spawn_file_actions_adddup2(&actions, descriptor, 1)
            posix_spawn_file_actions_adddup2(&actions, descriptor, 2)
        }
    }

    private static func resetSignals(in attributes: inout posix_spawnattr_t, leadsGroup: Bool) {
        var every = sigset_t()
        var none = sigset_t()
        sigfillset(&every)
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &every)
        posix_spawnattr_setsigmask(&attributes, &none)
        var flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        if leadsGroup {
            posix_spawnattr_setpgroup(&attributes, 0)
            flags |= POSIX_SPAWN_SETPGROUP
        }
        posix_spawnattr_setflags(&attributes, Int16(truncatingIfNeeded: flags))
    }
}

/// A null-terminated array of C strings, freed with this value.
private struct CStrings: ~Copyable {
    let pointers: [UnsafeMutablePointer<CChar>?]

    init(_ strings: [String]) {
        pointers = strings.map { strdup($0) } + [nil]
    }

    deinit {
        for pointer in pointers { free(pointer) }
    }
}
