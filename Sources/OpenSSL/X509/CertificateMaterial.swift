/// Certificates and revocation lists that may be of use in building chains: material, never trusted.
package struct CertificateMaterial: Equatable, Sendable {
    /// The certificates, in the order in which they came.
    package private(set) var certificates: [Certificate] = []
    /// The revocation lists, in the order in which they came.
    package private(set) var revocationLists: [RevocationList] = []

    /// Nothing at all.
    package init() {}

    /// Starts with certificates and lists that are at hand.
    package init(certificates: [Certificate], revocationLists: [RevocationList] = []) {
        self.certificates = certificates
        self.revocationLists = revocationLists
    }

    /// Reads one file, as `add` does.
    ///
    /// - Throws: `CertificateError`.
    package init(parsing file: [UInt8]) throws(CertificateError) {
        try add(file)
    }

    /// Reads a file of certificates, of revocation lists or of both: PEM with any number, or one DER.
    ///
    /// - Throws: `CertificateError` for anything else; what was read before stays as it was.
    package mutating func add(_ file: [UInt8]) throws(CertificateError) {
        var added = CertificateMaterial()
        if file.first == DERTag.sequence.rawValue {
            try added.addDER(file)
        } else {
            try added.addPEM(file)
        }
        self.add(added)
    }

    /// Adds what other material holds.
    package mutating func add(_ other: CertificateMaterial) {
        certificates += other.certificates
        revocationLists += other.revocationLists
    }

    /// Whether a file looks like one of certificates or revocation lists, in PEM or DER.
    package static func isLikely(_ file: [UInt8]) -> Bool {
        if file.first == DERTag.sequence.rawValue {
            return (try? CertificateMaterial(parsing: file)) != nil
        }
        return PEM.blocks(in: file)?.contains { labels.contains($0.label) } ?? false
    }

    private static let labels = ["CERTIFICATE", "X509 CRL"]

    private mutating func addDER(_ der: [UInt8]) throws(CertificateError) {
        guard let certificate = try? Certificate(der: der) else {
            revocationLists.append(try RevocationList(der: der))
            return
        }
        certificates.append(certificate)
    }

    private mutating func addPEM(_ text: [UInt8]) throws(CertificateError) {
        guard let blocks = PEM.blocks(in: text), !blocks.isEmpty else {
            throw .notACertificate("neither PEM nor DER")
        }
        for block in blocks {
            switch block.label {
            case "CERTIFICATE": certificates.append(try Certificate(der: block.content))
            case "X509 CRL": revocationLists.append(try RevocationList(der: block.content))
            default:
                throw .notACertificate("a PEM block of the kind \(block.label.debugDescription)")
            }
        }
    }
}

extension Certificate {
    /// Reads one certificate, in PEM or DER, and nothing but that.
    ///
    /// - Throws: ``CertificateError/notACertificate(_:)``, ``CertificateError/openSSL(_:)``.
    package convenience init(parsing file: [UInt8]) throws(CertificateError) {
        guard file.first != DERTag.sequence.rawValue else {
            try self.init(der: file)
            return
        }
        guard let block = PEM.onlyBlock(in: file), block.label == "CERTIFICATE", !block.hasHeaders
        else { throw .notACertificate("neither DER nor one PEM block of the kind CERTIFICATE") }
        try self.init(der: block.content)
    }

    /// The certificate as a PEM text.
    package var pem: [UInt8] { PEM.encoded(der, label: "CERTIFICATE") }
}
