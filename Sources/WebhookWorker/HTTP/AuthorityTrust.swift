import Glibc
import NIOSSL

/// Which authorities deliveries trust.
enum AuthorityTrust {
    /// Where Debian and Red Hat keep the system's authorities in one file.
    private static let systemFiles = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"]

    /// The certificates are read once here; each client's TLS context refers to them, instead of reading its own.
    ///
    /// - Parameter file: authorities to trust instead of the system's.
    static func configuration(file: String?) throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let file = file ?? systemFiles.first(where: { access($0, R_OK) == 0 }) {
            configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(file))
        }
        return configuration
    }
}
