package import Glibc

/// The ordinary user that a server runs as when we are root, for neither server should, and Postgres will not.
package struct ServerUser: Sendable, Hashable {
    package let name: String
    package let uid: uid_t
    package let gid: gid_t

    /// The user to drop to: `wanted` or, where that does not exist, `nobody`. `nil` when we are not root and need no
    /// drop.
    package static func dropped(to wanted: String) -> ServerUser? {
        guard geteuid() == 0 else { return nil }
        return named(wanted) ?? named("nobody")
    }

    /// Looks a user up. (`getpwnam_r(3)`)
    package static func named(_ name: String) -> ServerUser? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var text = [CChar](repeating: 0, count: 16_384)
        guard getpwnam_r(name, &entry, &text, text.count, &found) == 0, found != nil else { return nil }
        return ServerUser(name: name, uid: entry.pw_uid, gid: entry.pw_gid)
    }

    /// The arguments of `setpriv(1)` that make a program run as this user.
    var privilegeArguments: [String] {
        ["--reuid", String(uid), "--regid", String(gid), "--clear-groups"]
    }
}
