internal import NIOSSL

/// Whom a client trusts, and who it says that it is, in TLS 1.2 and 1.3.
package struct OutboundTLS: Sendable {
    /// What was given and cannot be used.
    package enum Refusal: String, Error, CaseIterable, Hashable, Sendable {
        /// The authorities are no certificates in PEM.
        case authorities
        /// The certificate is none in PEM.
        case certificate
        /// The private key is none in PEM, or is encrypted.
        case key
        /// There is a certificate without a private key, or a key without a certificate.
        case half
        /// The private key is not that of the certificate, or TLS does not take them.
        case pair
    }

    let configuration: TLSConfiguration

    /// Trusts the authorities of the system, and shows no certificate.
    package static let system = OutboundTLS(configuration: base)

    /// Trusts given authorities, and shows a certificate where it is asked for one.
    ///
    /// - Parameters:
    ///   - authorities: Certificates in PEM, in place of those of the system; nil for those of the system.
    ///   - certificate: The client's certificate and those between it and its root, in PEM.
    ///   - key: The certificate's private key, in PEM, not encrypted.
    /// - Throws: which of them cannot be used.
    package init(
        authorities: [UInt8]? = nil, certificate: [UInt8]? = nil, key: [UInt8]? = nil
    ) throws(Refusal) {
        var configuration = Self.base
        if let authorities {
            configuration.trustRoots = .certificates(
                try Self.certificates(authorities, else: .authorities))
        }
        guard (certificate == nil) == (key == nil) else { throw .half }
        if let certificate, let key {
            configuration.certificateChain = try Self.certificates(certificate, else: .certificate)
                .map { .certificate($0) }
            guard let key = try? NIOSSLPrivateKey(bytes: key, format: .pem) else { throw .key }
            configuration.privateKey = .privateKey(key)
        }
        guard (try? NIOSSLContext(configuration: configuration)) != nil else { throw .pair }
        self.configuration = configuration
    }

    private init(configuration: TLSConfiguration) {
        self.configuration = configuration
    }

    private static let base: TLSConfiguration = {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.certificateVerification = .fullVerification
        configuration.renegotiationSupport = .none
        return configuration
    }()

    private static func certificates(
        _ pem: [UInt8], else refusal: Refusal
    ) throws(Refusal) -> [NIOSSLCertificate] {
        guard let certificates = try? NIOSSLCertificate.fromPEMBytes(pem), !certificates.isEmpty
        else { throw refusal }
        return certificates
    }
}

extension OutboundTLS.Refusal: CustomStringConvertible {
    package var description: String {
        switch self {
        case .authorities: "the authorities are no certificates in PEM"
        case .certificate: "the client's certificate is none in PEM"
        case .key: "the client's key is none in PEM, or is encrypted"
        case .half: "a client's certificate needs its key, and a key its certificate"
        case .pair: "the client's key is not that of its certificate"
        }
    }
}

extension OutboundTLS: Unprinted {
    package var description: String { "[TLS]" }
}
