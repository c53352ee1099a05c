package import NIOSSL

/// Certificates made for the tests, good for a century, and nobody's secret.
package enum TestCertificates {
    /// A client's trust in the authority of these tests, and in nobody else.
    package static func trust() throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates([try NIOSSLCertificate(bytes: Array(authority.utf8), format: .pem)])
        return configuration
    }

    /// An authority that no system knows.
    package static let authority = """
        -----BEGIN CERTIFICATE-----
        MIIBqjCCAU+gAwIBAgIUKHhPrCKrH0977b2kFzaHA4LquUwwCgYIKoZIzj0EAwIw
        ITEfMB0GA1UEAwwWQXV0aG9yaXR5IG9mIHRoZSB0ZXN0czAgFw0yNjExMjQxNzIz
        MjBaGA8yMTI2MTAzMTE3MjMyMFowITEfMB0GA1UEAwwWQXV0aG9yaXR5IG9mIHRo
        ZSB0ZXN0czBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABC1T1OH/7grZY4pi8qAY
        q3C9oJ0SIwTuRVP9H3sBwviqhskTjw78KcFlrSVO5k0yNlv4tDZuky4ZEh0oKlYj
        oRijYzBhMB0GA1UdDgQWBBRnf7DKJUsb8ukOEC9ECgvVwLBUDDAfBgNVHSMEGDAW
        gBRnf7DKJUsb8ukOEC9ECgvVwLBUDDAPBgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB
        /wQEAwICBDAKBggqhkjOPQQDAgNJADBGAiEAt+VWOakesKibybyKTbOczJp5O7Dm
        6jsh/Qu5AH3kipECIQDaFOA5POtd+0GB/U3fyHyCNR6hDjATf32GshWGajGnNQ==
        -----END CERTIFICATE-----
        """

    /// Of that authority, for `hooks.example.com` and `localhost`.
    static let endpoint = """
        -----BEGIN CERTIFICATE-----
        MIIB2zCCAYGgAwIBAgIUUAXOaJ0CSeMrpEEHN2HSFECu5oIwCgYIKoZIzj0EAwIw
        ITEfMB0GA1UEAwwWQXV0aG9yaXR5IG9mIHRoZSB0ZXN0czAgFw0yNjExMjQxNzIz
        MjBaGA8yMTI2MTAzMTE3MjMyMFowHDEaMBgGA1UEAwwRaG9va3MuZXhhbXBsZS5j
        b20wWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARfLwiab8OE4DDZxnBPtvz4fbCI
        B3qIs5riqAiTqoXSSTGHX0TJ70IocWnCtVaO1KB/oEVPH4ZCwsX1EqxKPuOko4GZ
        MIGWMCcGA1UdEQQgMB6CEWhvb2tzLmV4YW1wbGUuY29tgglsb2NhbGhvc3QwCQYD
        VR0TBAIwADALBgNVHQ8EBAMCB4AwEwYDVR0lBAwwCgYIKwYBBQUHAwEwHQYDVR0O
        BBYEFAvOeuW11NBOG9RR35t1aZUGCGD5MB8GA1UdIwQYMBaAFGd/sMolSxvy6Q4Q
        L0QKC9XAsFQMMAoGCCqGSM49BAMCA0gAMEUCIFGt1z9bbaIiBpcKc5VtZxzjDXaG
        SXlmaO1EPyL3NqPLAiEA6CyWCJ+8hpHjmCKajXOKr/I18LMajCkIn+hMGNMgg48=
        -----END CERTIFICATE-----
        """

    static let endpointKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgt0/+JjC29+EVNpr+
        OnEj51xUurzuDwDeO3wXshEOgGuhRANCAARfLwiab8OE4DDZxnBPtvz4fbCIB3qI
        s5riqAiTqoXSSTGHX0TJ70IocWnCtVaO1KB/oEVPH4ZCwsX1EqxKPuOk
        -----END PRIVATE KEY-----
        """
}
