package import Encodings
package import OpenSSL

/// A key as it is about to stand in a policy; nothing is checked before the policy is read.
package struct KeyEntry: Equatable, Sendable {
    /// The name by which roles will refer to it.
    package var id: String
    /// Who answers for it.
    package var `operator`: String
    /// The format of the material.
    package var format: KeyFormat
    /// Where the material stands.
    package var source: Source
    /// The algorithm, for an RSA key.
    package var algorithm: SignatureAlgorithm?
    /// The first instant of its window.
    package var notBefore: Instant?
    /// The last instant of its window.
    package var notAfter: Instant?

    /// The namespaces of an SSH key; none stands for the usual ones.
    package var namespaces: [[UInt8]] = []
    /// Whether legacy signatures of a minisign key count.
    package var acceptsLegacy = false

    /// Where the material of a key stands.
    package enum Source: Equatable, Sendable {
        /// In the policy itself, as text.
        case inline([UInt8])
        /// In a file of this path, whose digest the policy pins.
        case file(path: [UInt8], digest: SHA256Digest)
    }

    /// Describes an entry.
    package init(
        id: String, operator: String, format: KeyFormat, source: Source,
        algorithm: SignatureAlgorithm? = nil, notBefore: Instant? = nil, notAfter: Instant? = nil
    ) {
        self.id = id
        self.operator = `operator`
        self.format = format
        self.source = source
        self.algorithm = algorithm
        self.notBefore = notBefore
        self.notAfter = notAfter
    }

    /// Describes an entry that holds the key itself.
    ///
    /// A key in DER is written as PEM, a line of `allowed_signers` as its key and what it says of it, and an RSA key without an algorithm takes
    /// `rsa-pss-sha256`, the default of the command line.
    ///
    /// - Throws: `TrustError.notAPublicKey` where no format fits, `TrustError.key`.
    package init(
        id: String, operator: String, inlining material: [UInt8],
        algorithm: SignatureAlgorithm? = nil, notBefore: Instant? = nil, notAfter: Instant? = nil
    ) throws(TrustError) {
        guard let format = KeyFormat(recognising: material) else { throw .notAPublicKey }
        if format == .ssh {
            self = try KeyEntry(id: id, operator: `operator`, sshKey: material)
            self.algorithm = algorithm
            self.notBefore = [notBefore, self.notBefore].compactMap(\.self).max()
            self.notAfter = [notAfter, self.notAfter].compactMap(\.self).min()
            return
        }
        var publicKey: PublicKey?
        if format == .spki {
            do { publicKey = try KeyFormat.publicKey(material) } catch { throw .key(error) }
        }
        self.init(
            id: id, operator: `operator`, format: format,
            source: .inline(publicKey?.pem ?? format.text(material)),
            algorithm: algorithm ?? (publicKey?.type == .rsa ? .rsaPSSSHA256 : nil),
            notBefore: notBefore, notAfter: notAfter)
    }
}

extension KeyEntry {
    /// The entry as it stands in a policy.
    var json: JSON {
        var members = [
            JSONMember("id", JSON(id)), JSONMember("operator", JSON(self.operator)),
            JSONMember("format", JSON(format.name)),
        ]
        switch source {
        case .inline(let text):
            members.append(JSONMember("key", .string(text)))
        case .file(let path, let digest):
            members.append(JSONMember("file", .string(path)))
            members.append(JSONMember("sha256", JSON(digest.hex)))
        }
        if let algorithm { members.append(JSONMember("algorithm", JSON(algorithm.rawValue))) }
        if !namespaces.isEmpty {
            members.append(JSONMember("namespaces", .array(namespaces.map { .string($0) })))
        }
        if acceptsLegacy { members.append(JSONMember("legacy", true)) }
        if let notBefore { members.append(JSONMember("not_before", .string(notBefore.bytes))) }
        if let notAfter { members.append(JSONMember("not_after", .string(notAfter.bytes))) }
        return .object(members)
    }
}
