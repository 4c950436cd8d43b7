/// A CMS or PKCS#7 SignedData taken apart (RFC 5652, 5); nothing in it is believed.
///
/// Only DER is read: one spelling for each value, nothing before it and nothing after. BER is made DER
/// first.
package struct SignedData: Sendable {
    /// The object identifier of what is signed, in dotted decimals.
    package let contentType: String
    /// What is signed, where the signature carries it along; nil for a detached one.
    package let content: [UInt8]?
    /// The certificates that came along, in file order.
    package let certificates: [Certificate]
    /// Whether a certificate came along that cannot be read.
    package let hasCorruptCertificate: Bool
    /// The signers in file order, at least one.
    package let signers: [SignerInfo]

    /// The identifier of content that is plain bytes.
    package static let data = "1.2.840.113549.1.7.1"

    /// Reads a ContentInfo in DER that holds a SignedData.
    ///
    /// - Throws: `CMSError`, which says what is not as it should be.
    package init(der: [UInt8]) throws(CMSError) {
        var outer = DERReader(der[...])
        guard let content = outer.readLast(.sequence) else { throw .notDER }
        var info = DERReader(content)
        guard info.read(.objectIdentifier).flatMap(ObjectIdentifier.dotted) == Self.signedData,
            let explicit = info.readLast(.constructed0)
        else { throw .notSignedData }
        var inner = DERReader(explicit)
        guard let body = inner.readLast(.sequence) else { throw .notDER }
        var fields = DERReader(body)
        guard let version = fields.read(.integer), let digests = fields.read(.set),
            let encapsulated = fields.read(.sequence)
        else { throw .malformed("SignedData") }
        (contentType, self.content) = try Self.encapsulated(encapsulated)
        let set = fields.readOptional(.constructed0) ?? []
        (certificates, hasCorruptCertificate) = try Self.certificates(set)
        let lists = fields.readOptional(.constructed1)
        guard let signers = fields.readLast(.set) else { throw .malformed("SignedData") }
        self.signers = try Self.signers(signers)
        let listed = try Self.digests(digests)
        guard self.signers.allSatisfy({ listed.contains($0.digest) }) else {
            throw .malformed("list of digests")
        }
        // What is no plain certificate can raise the version further.
        let isPlain = lists == nil && Self.areCertificates(set)
        guard
            version.elementsEqual([leastVersion]) || !isPlain && [[3], [4], [5]].contains(version)
        else { throw .malformed("version of SignedData") }
    }

    /// The version for what is signed and how the signers are named (RFC 5652, 5.1).
    private var leastVersion: UInt8 {
        let isNewer = contentType != Self.data || signers.contains { $0.identifier.version == 3 }
        return isNewer ? 3 : 1
    }

    /// Reads the same in DER or BER: bare, in PEM, or in base64 without the lines of PEM around it.
    ///
    /// - Throws: `CMSError`, which says what is not as it should be.
    package init(parsing file: [UInt8]) throws(CMSError) {
        let bytes = try Self.binary(in: file)
        try self.init(der: BER.isLikely(bytes) ? BER.der(ofContentInfo: bytes) : bytes)
    }

    private static func binary(in file: [UInt8]) throws(CMSError) -> [UInt8] {
        if file.first == DERTag.sequence.rawValue { return file }
        guard let block = PEM.onlyBlock(in: file) else {
            guard let bytes = PEM.bareContent(of: file) else { throw .notPEM }
            return bytes
        }
        guard labels.contains(block.label), !block.hasHeaders else { throw .notPEM }
        return block.content
    }

    /// Whether the bytes begin as a SignedData does, in any of these forms.
    package static func isLikely(_ file: [UInt8]) -> Bool {
        if let block = PEM.onlyBlock(in: file) { return labels.contains(block.label) }
        if beginsAsSignedData(file) { return true }
        return PEM.bareContent(of: file).map(beginsAsSignedData) ?? false
    }

    /// Whether the type of a SignedData follows the first tag and length, in DER or BER.
    private static func beginsAsSignedData(_ bytes: [UInt8]) -> Bool {
        guard bytes.first == DERTag.sequence.rawValue, bytes.count > 1 else { return false }
        let lengthBytes = bytes[1] < 0x80 ? 1 : 1 + Int(bytes[1] & 0x7F)
        return bytes.dropFirst(1 + lengthBytes).starts(with: signedDataElement)
    }

    private static let signedData = "1.2.840.113549.1.7.2"
    private static let signedDataElement: [UInt8] = [
        6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 2,
    ]
    /// The last is `gpgsm --armor`'s.
    private static let labels = ["CMS", "PKCS7", "PKCS #7 SIGNED DATA", "SIGNED MESSAGE"]
    /// More certificates, or signers, than any signature needs.
    private static let countLimit = 64
}

extension SignedData {
    private static func encapsulated(
        _ bytes: ArraySlice<UInt8>
    ) throws(CMSError) -> (String, [UInt8]?) {
        var fields = DERReader(bytes)
        guard let type = fields.read(.objectIdentifier).flatMap(ObjectIdentifier.dotted) else {
            throw .malformed("EncapsulatedContentInfo")
        }
        guard !fields.isAtEnd else { return (type, nil) }
        var explicit = DERReader(fields.readLast(.constructed0) ?? [])
        guard let content = explicit.readLast(.octetString) else {
            throw .malformed("EncapsulatedContentInfo")
        }
        return (type, Array(content))
    }

    /// Certificates of other kinds than X.509 are passed over, as is one that cannot be read: it
    /// may be for somebody else, and a signer without certificate is nobody's.
    private static func certificates(
        _ bytes: ArraySlice<UInt8>
    ) throws(CMSError) -> (readable: [Certificate], hasCorrupt: Bool) {
        var reader = DERReader(bytes)
        var certificates: [Certificate] = []
        var (count, corrupt) = (0, false)
        while !reader.isAtEnd {
            count += 1
            guard count <= countLimit else { throw .tooMany("certificates", limit: countLimit) }
            if let der = reader.readWhole(.sequence) {
                if let certificate = try? Certificate(der: Array(der)) {
                    certificates.append(certificate)
                } else {
                    corrupt = true
                }
            } else if reader.readAny() == nil {
                throw .malformed("CertificateSet")
            }
        }
        return (certificates, corrupt)
    }

    private static func areCertificates(_ bytes: ArraySlice<UInt8>) -> Bool {
        var reader = DERReader(bytes)
        while !reader.isAtEnd {
            guard reader.readWhole(.sequence) != nil else { return false }
        }
        return true
    }

    /// The digests that are said to occur.
    private static func digests(_ bytes: ArraySlice<UInt8>) throws(CMSError) -> [String] {
        var reader = DERReader(bytes)
        var digests: [String] = []
        while !reader.isAtEnd {
            guard let digest = reader.read(.sequence).flatMap(AlgorithmIdentifier.init),
                digest.hasNoParameters
            else { throw .malformed("list of digests") }
            digests.append(digest.identifier)
        }
        return digests
    }

    private static func signers(_ bytes: ArraySlice<UInt8>) throws(CMSError) -> [SignerInfo] {
        var reader = DERReader(bytes)
        var signers: [SignerInfo] = []
        while !reader.isAtEnd {
            guard let content = reader.read(.sequence) else { throw .malformed("SignerInfos") }
            guard signers.count < countLimit else { throw .tooMany("signers", limit: countLimit) }
            signers.append(try SignerInfo(content))
        }
        guard !signers.isEmpty else { throw .noSigner }
        return signers
    }
}

/// Why bytes were not taken as a CMS signature or time-stamp token.
package enum CMSError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Not one DER structure from beginning to end.
    case notDER
    /// BER that libcrypto does not read, or that something follows.
    case notBER
    /// Neither binary nor one PEM block of a fitting label, nor its base64 alone.
    case notPEM
    /// A CMS structure of another type.
    case notSignedData
    /// The named structure is not as it should be.
    case malformed(String)
    /// More of something than is read.
    case tooMany(String, limit: Int)
    /// Nobody signed.
    case noSigner
    /// What is signed is said to be of another type than plain bytes.
    case contentType(String)
    /// The answer of a time-stamp authority that grants nothing.
    case notGranted(status: Int)

    /// What is wrong, on one line.
    package var description: String {
        switch self {
        case .notDER: "not one DER structure from beginning to end"
        case .notBER: "not one CMS structure in BER from beginning to end"
        case .notPEM: "neither DER nor BER, nor one PEM block of the kind CMS or PKCS7"
        case .notSignedData: "not a CMS SignedData"
        case .malformed(let name): "a malformed \(name)"
        case .tooMany(let what, let limit): "holds more than \(limit) \(what)"
        case .noSigner: "holds no signer"
        case .contentType(let type): "signs content of the type \(type)"
        case .notGranted(let status): "the authority refused the request (status \(status))"
        }
    }
}
