import NIOSSL

/// The certificate of a console and its key, read once (docs/console.md, "Other addresses").
package struct ConsoleTLS: Sendable {
    let configuration: TLSConfiguration

    /// Reads a certificate and its key.
    ///
    /// - Parameters:
    ///   - certificate: The certificate and those between it and its root, in PEM.
    ///   - key: Its private key in PEM, not encrypted.
    /// - Throws: `ConsoleError` where one of them cannot be read, or they do not belong together.
    package init(certificate: [UInt8], key: [UInt8]) throws(ConsoleError) {
        guard let chain = try? NIOSSLCertificate.fromPEMBytes(certificate), !chain.isEmpty else {
            throw Self.refusal("--tls-cert: expected certificates in PEM, found none")
        }
        guard let key = try? NIOSSLPrivateKey(bytes: key, format: .pem) else {
            throw Self.refusal(
                "--tls-key: expected a private key in PEM that is not encrypted, found none")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        guard (try? NIOSSLContext(configuration: configuration)) != nil else {
            throw Self.refusal("--tls-key: not the key of the first certificate of --tls-cert")
        }
        self.configuration = configuration
    }

    private static func refusal(_ text: String) -> ConsoleError {
        ConsoleError(
            message: text,
            hint: "the file of --tls-cert begins with the console's own certificate; "
                + "`openssl x509 -in FILE -text` shows it", isUsage: true)
    }
}
