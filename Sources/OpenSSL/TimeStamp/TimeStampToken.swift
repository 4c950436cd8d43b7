/// An RFC 3161 time-stamp token taken apart; nothing in it is believed.
package struct TimeStampToken: Sendable {
    /// When the authority says that it saw the digest, in seconds since 1970, a fraction rounded up.
    package let genTime: Int64
    /// The policy under which it was issued, in dotted decimals.
    package let policy: String
    /// The digest that was stamped.
    package let imprint: Imprint
    /// The number that the request asked to be returned; empty without one.
    package let nonce: [UInt8]
    /// The certificates that came along.
    package var certificates: [Certificate] { signedData.certificates }

    private let signedData: SignedData
    private let information: [UInt8]

    /// A digest of what was stamped.
    package struct Imprint: Equatable, Sendable {
        /// The algorithm's identifier in dotted decimals; it may be one that is not accepted.
        package let algorithm: String
        /// The digest itself.
        package let digest: [UInt8]

        /// Whether this is the digest of bytes, by SHA-256 or better.
        ///
        /// - Throws: Only when a digest could not be computed.
        package func isOf(_ bytes: [UInt8]) throws(OpenSSLError) -> Bool {
            guard let algorithm = DigestAlgorithm(objectIdentifier: algorithm) else { return false }
            return try algorithm.digest(of: bytes) == digest
        }

        /// Whether the digest's algorithm is SHA-256 or better.
        package var isStrong: Bool { DigestAlgorithm(objectIdentifier: algorithm) != nil }
    }

    /// Reads an authority's response, or the bare token inside, in DER and nothing but that.
    ///
    /// - Throws: `CMSError`, which says what is not as it should be.
    package init(parsing file: [UInt8]) throws(CMSError) {
        let signedData = try SignedData(der: Self.token(in: file))
        guard signedData.contentType == Self.contentType, let content = signedData.content else {
            throw .malformed("time-stamp token")
        }
        guard signedData.signers.count == 1 else { throw .tooMany("signers", limit: 1) }
        var outer = DERReader(content[...])
        guard let body = outer.readLast(.sequence) else { throw .malformed("TSTInfo") }
        var fields = DERReader(body)
        guard fields.read(.integer) == [1],
            let policy = fields.read(.objectIdentifier).flatMap(ObjectIdentifier.dotted),
            let imprint = fields.read(.sequence).flatMap(Imprint.init),
            fields.read(.integer) != nil,
            let time = fields.read(.generalizedTime).flatMap(Self.seconds)
        else { throw .malformed("TSTInfo") }
        _ = fields.readOptional(.sequence)
        _ = fields.readOptional(.boolean)
        nonce = Array(fields.readOptional(.integer) ?? [])
        _ = fields.readOptional(.constructed0)
        // None is known: whoever adds one that matters marks it critical.
        if let extensions = fields.readOptional(.constructed1) {
            try Self.refuseCritical(extensions)
        }
        guard fields.isAtEnd else { throw .malformed("TSTInfo") }
        genTime = time
        self.policy = policy
        self.imprint = imprint
        self.signedData = signedData
        information = content
    }

    /// Goes through the extensions of a TSTInfo (RFC 3161, 2.4.2).
    private static func refuseCritical(_ content: ArraySlice<UInt8>) throws(CMSError) {
        var extensions = DERReader(content)
        while !extensions.isAtEnd {
            var fields = DERReader(extensions.read(.sequence) ?? [])
            guard fields.read(.objectIdentifier).flatMap(ObjectIdentifier.dotted) != nil else {
                throw .malformed("extension of a TSTInfo")
            }
            let isCritical = fields.readOptional(.boolean) != nil
            guard fields.readLast(.octetString) != nil else {
                throw .malformed("extension of a TSTInfo")
            }
            if isCritical { throw .malformed("TSTInfo: it has a critical extension") }
        }
    }

    /// Whether the bytes look like a token or a response with one.
    package static func isLikely(_ file: [UInt8]) -> Bool {
        guard let token = try? token(in: file) else { return false }
        guard let signedData = try? SignedData(der: token) else { return false }
        return signedData.contentType == contentType
    }

    private static let contentType = "1.2.840.113549.1.9.16.1.4"
}

extension TimeStampToken {
    /// The certificate that the signer names, among those that came along and others.
    ///
    /// - Throws: Only when a digest could not be computed.
    package func signer(among others: [Certificate]) throws(OpenSSLError) -> Certificate? {
        guard let signer = signedData.signers.first, signer.namesCertificateByDigest else {
            return nil
        }
        for certificate in certificates + others where try signer.names(certificate) {
            return certificate
        }
        return nil
    }

    /// Whether the signer names its certificate by digest, without which nobody is its signer.
    package var isSignerNamed: Bool {
        signedData.signers.first?.namesCertificateByDigest ?? false
    }

    /// Checks the token's own signature with the certificate that its signer names.
    ///
    /// - Throws: Only when it could not be computed.
    package func verdict(by certificate: Certificate) throws(OpenSSLError) -> SignerVerdict {
        guard let signer = signedData.signers.first else { return .wrong("nobody signed it") }
        return try signer.verdict(by: certificate, over: information, type: Self.contentType)
    }

    /// The token inside a response that grants it; a bare token is taken as it is.
    private static func token(in file: [UInt8]) throws(CMSError) -> [UInt8] {
        var outer = DERReader(file[...])
        guard let content = outer.readLast(.sequence) else { throw .notDER }
        var fields = DERReader(content)
        guard let status = fields.readOptional(.sequence) else { return file }
        var statusFields = DERReader(status)
        guard let code = statusFields.read(.integer), code.count == 1, let number = code.first
        else {
            throw .malformed("PKIStatusInfo")
        }
        // Granted, perhaps with modifications.
        guard number <= 1 else { throw .notGranted(status: Int(number)) }
        guard let token = fields.readWhole(.sequence), fields.isAtEnd else {
            throw .malformed("TimeStampResp")
        }
        return Array(token)
    }

    /// The seconds of `YYYYMMDDHHMMSS[.f…]Z`, as RFC 3161 restricts it.
    private static func seconds(_ text: ArraySlice<UInt8>) -> Int64? {
        guard text.last == UInt8(ascii: "Z"), text.count <= 40 else { return nil }
        let parts = text.dropLast().split(
            separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard let whole = parts.first, whole.count == 14, parts.count <= 2,
            parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(digits.contains) })
        else { return nil }
        if parts.count == 2, parts[1].last == UInt8(ascii: "0") { return nil }
        let der = DER.element(.generalizedTime, Array(whole) + [UInt8(ascii: "Z")])
        return secondsOfGeneralizedTime(der).map { parts.count == 2 ? $0 + 1 : $0 }
    }
}

extension TimeStampToken.Imprint {
    fileprivate init?(_ content: ArraySlice<UInt8>) {
        var fields = DERReader(content)
        guard let algorithm = fields.read(.sequence).flatMap(AlgorithmIdentifier.init),
            algorithm.hasNoParameters, let digest = fields.readLast(.octetString)
        else { return nil }
        self.init(algorithm: algorithm.identifier, digest: Array(digest))
    }
}
