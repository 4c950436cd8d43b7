/// An RFC 3161 time-stamp token taken apart; nothing in it is believed.
package struct TimeStampToken: Sendable {
    /// When the authority says that it saw the digest, in seconds since 1970, a fraction rounded up: what
    /// its own certificates are looked at for, and what is shown.
    package let genTime: Int64
    /// The last whole second that is not after the time less the stated accuracy: it was not seen
    /// before that.
    package let earliest: Int64
    /// The first whole second that is not before the time and the stated accuracy: it was seen by then.
    package let latest: Int64
    /// The time as it is stated, without the accuracy: whole seconds since 1970, and nanoseconds above them.
    ///
    /// What is finer than a microsecond counts as one nanosecond.
    package let exactTime: (seconds: Int64, nanoseconds: Int64)
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
            let time = fields.read(.generalizedTime).flatMap(PreciseTime.init)
        else { throw .malformed("TSTInfo") }
        var accuracy: Int64 = 0
        if let stated = fields.readOptional(.sequence) {
            guard let microseconds = Self.microseconds(stated) else {
                throw .malformed("accuracy of a TSTInfo")
            }
            accuracy = microseconds
        }
        _ = fields.readOptional(.boolean)
        nonce = Array(fields.readOptional(.integer) ?? [])
        _ = fields.readOptional(.constructed0)
        // None is known: whoever adds one that matters marks it critical.
        if let extensions = fields.readOptional(.constructed1) {
            try Self.refuseCritical(extensions)
        }
        guard fields.isAtEnd else { throw .malformed("TSTInfo") }
        genTime = time.seconds(roundedUp: true)
        exactTime = time.exact
        earliest = time.seconds(roundedUp: false, adding: -accuracy)
        latest = time.seconds(roundedUp: true, adding: accuracy)
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
        return try signer.verdict(
            by: certificate, over: .bytes(information), type: Self.contentType)
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

    /// The microseconds of an Accuracy (RFC 3161, 2.4.2), of which milliseconds and microseconds are
    /// below 1,000 each; nil for anything else, and for more than 68 years.
    private static func microseconds(_ content: ArraySlice<UInt8>) -> Int64? {
        var fields = DERReader(content)
        var total: Int64 = 0
        for (tag, unit, limit) in [
            (DERTag.integer, 1_000_000, Int64(Int32.max)), (.primitive0, 1_000, 999),
            (.primitive1, 1, 999),
        ] as [(DERTag, Int64, Int64)] {
            guard let digits = fields.readOptional(tag) else { continue }
            guard let number = natural(digits), number <= limit else { return nil }
            total += number * unit
        }
        return fields.isAtEnd ? total : nil
    }

    /// The number that an INTEGER's content is, where it is not negative and below 2^39.
    private static func natural(_ content: ArraySlice<UInt8>) -> Int64? {
        guard let first = content.first, first < 0x80, content.count <= 5 else { return nil }
        let rest = content.dropFirst()
        // A leading zero is there only to keep the sign bit clear.
        if first == 0, let second = rest.first, second < 0x80 { return nil }
        return content.reduce(0) { $0 << 8 | Int64($1) }
    }
}

/// A time of any precision, of which whole seconds are rounded up or down.
private struct PreciseTime {
    /// In microseconds since 1970, of which a remainder is cut off.
    private let microseconds: Int64
    /// Whether there is such a remainder.
    private let hasRemainder: Bool

    /// Reads `YYYYMMDDHHMMSS[.f…]Z`, as RFC 3161 restricts it.
    init?(_ text: ArraySlice<UInt8>) {
        guard text.last == UInt8(ascii: "Z"), text.count <= 40 else { return nil }
        let parts = text.dropLast().split(
            separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard let whole = parts.first, whole.count == 14, parts.count <= 2,
            parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(digits.contains) })
        else { return nil }
        let fraction = parts.count == 2 ? Array(parts[1]) : []
        if fraction.last == UInt8(ascii: "0") { return nil }
        let der = DER.element(.generalizedTime, Array(whole) + [UInt8(ascii: "Z")])
        guard let seconds = secondsOfGeneralizedTime(der) else { return nil }
        let padded = fraction + [UInt8](repeating: UInt8(ascii: "0"), count: 6)
        microseconds = padded.prefix(6).reduce(seconds) {
            $0 * 10 + Int64($1 - UInt8(ascii: "0"))
        }
        // The last digit is no zero.
        hasRemainder = fraction.count > 6
    }

    /// Whole seconds since 1970, rounded down, and nanoseconds above them.
    var exact: (seconds: Int64, nanoseconds: Int64) {
        let whole = seconds(roundedUp: false)
        return (whole, (microseconds - whole * 1_000_000) * 1_000 + (hasRemainder ? 1 : 0))
    }

    /// Whole seconds since 1970, so many microseconds later.
    func seconds(roundedUp: Bool, adding offset: Int64 = 0) -> Int64 {
        let total = microseconds + offset
        let million: Int64 = 1_000_000
        let floor = total >= 0 ? total / million : -((-total + million - 1) / million)
        let isWhole = floor * million == total && !hasRemainder
        return roundedUp && !isWhole ? floor + 1 : floor
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
