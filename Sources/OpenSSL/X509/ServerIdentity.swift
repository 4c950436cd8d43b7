import CloseoutCOpenSSL

/// Whom a client expects at the other end of a connection (RFC 9525).
package enum ServerIdentity: Hashable, Sendable {
    /// A name of the DNS in ASCII, without a dot at its end.
    case name(String)
    /// An IP address in its usual form, without brackets.
    case address(String)

    /// Whether a certificate is for it; who issued the certificate is another question.
    ///
    /// For a name one of the certificate's DNS names has to be it, where `*` stands for one whole label before two
    /// others; neither its subject nor an address of it counts. For an address one of its addresses has to be it.
    ///
    /// - Parameter certificate: The server's certificate in DER.
    /// - Returns: Whether it is; false for what is no certificate.
    package func isProven(by certificate: [UInt8]) -> Bool {
        defer { OpenSSLError.clearQueue() }
        guard let certificate = try? Certificate.parsed(certificate) else { return false }
        switch self {
        case .name(let name):
            let flags = X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS
            return unsafe X509_check_host(
                certificate.pointer, name, name.utf8.count, UInt32(flags), nil) == 1
        case .address(let address):
            return unsafe X509_check_ip_asc(certificate.pointer, address, 0) == 1
        }
    }
}
