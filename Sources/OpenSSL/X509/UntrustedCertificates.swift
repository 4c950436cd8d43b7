/// Certificates and revocation lists that may be of use in building chains: untrusted, never anchors.
///
/// However many there are, a signature looks at a few of them, which it finds by name.
package struct UntrustedCertificates: Equatable, Sendable {
    /// The certificates, in the order in which they came.
    package private(set) var certificates: [Certificate] = []
    /// The revocation lists, in the order in which they came.
    package private(set) var revocationLists: [RevocationList] = []
    /// The certificates that a signer can name so.
    private var bySigner: [SignerInfo.Identifier: [Certificate]] = [:]
    /// The certificates with a subject, by its hash.
    private var bySubject: [UInt: [Certificate]] = [:]

    /// How many certificates are looked at for one signer.
    package static let mostAtOnce = 64
    /// How many certificates of the right names are looked at for one chain.
    package static let mostIssuers = 1024

    /// Nothing at all.
    package init() {}

    /// Starts with certificates and lists that are at hand.
    package init(certificates: [Certificate], revocationLists: [RevocationList] = []) {
        for certificate in certificates { add(certificate) }
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
        var added = UntrustedCertificates()
        if file.first == DERTag.sequence.rawValue {
            try added.addDER(file)
        } else {
            try added.addPEM(file)
        }
        self.add(added)
    }

    /// Adds the contents of another set.
    package mutating func add(_ other: UntrustedCertificates) {
        for certificate in other.certificates { add(certificate) }
        revocationLists += other.revocationLists
    }

    /// Whether a file looks like one of certificates or revocation lists, in PEM or DER.
    package static func isLikely(_ file: [UInt8]) -> Bool {
        if file.first == DERTag.sequence.rawValue {
            return (try? UntrustedCertificates(parsing: file)) != nil
        }
        return PEM.blocks(in: file)?.contains { labels.contains($0.label) } ?? false
    }

    private static let labels = ["CERTIFICATE", "X509 CRL"]

    private mutating func addDER(_ der: [UInt8]) throws(CertificateError) {
        guard let certificate = try? Certificate(der: der) else {
            revocationLists.append(try RevocationList(der: der))
            return
        }
        add(certificate)
    }

    private mutating func add(_ certificate: Certificate) {
        certificates.append(certificate)
        let key = certificate.subjectKeyIdentifier.map { SignerInfo.Identifier.subjectKey($0) }
        let name = SignerInfo.Identifier.issuerAndSerial(
            certificate.issuer, certificate.serialNumber)
        for identifier in [name, key].compactMap(\.self) {
            bySigner[identifier, default: []].append(certificate)
        }
        bySubject[certificate.subjectHash, default: []].append(certificate)
    }

    private mutating func addPEM(_ text: [UInt8]) throws(CertificateError) {
        guard let blocks = PEM.blocks(in: text), !blocks.isEmpty else {
            throw .notACertificate("neither PEM nor DER")
        }
        for block in blocks {
            switch block.label {
            case "CERTIFICATE": add(try Certificate(der: block.content))
            case "X509 CRL": revocationLists.append(try RevocationList(der: block.content))
            default:
                throw .notACertificate("a PEM block of the kind \(block.label.debugDescription)")
            }
        }
    }
}

extension UntrustedCertificates {
    /// The certificates that a signer may mean, the first ones of many.
    func certificates(of signer: SignerInfo) -> ArraySlice<Certificate> {
        bySigner[signer.identifier]?.prefix(Self.mostAtOnce) ?? []
    }

    /// The certificates with a subject of this hash, the first ones of many.
    func certificates(withSubjectHash hash: UInt) -> ArraySlice<Certificate> {
        bySubject[hash]?.prefix(Self.mostIssuers) ?? []
    }

    /// The certificates whose subjects issued these, or issued those that did, the first ones of many.
    package func issuers(of certificates: [Certificate]) -> [Certificate] {
        var found: [Certificate] = []
        var names = certificates.map(\.issuerHash)
        var (seen, next) = (Set<UInt>(), 0)
        while next < names.count, found.count < Self.mostIssuers {
            if seen.insert(names[next]).inserted, let issuers = bySubject[names[next]] {
                let issuers = issuers.prefix(Self.mostIssuers - found.count)
                found += issuers
                names += issuers.map(\.issuerHash)
            }
            next += 1
        }
        return found
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
