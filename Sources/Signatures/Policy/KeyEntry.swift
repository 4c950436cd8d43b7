package import CloseoutEncodings
package import CloseoutOpenSSL

/// A key that is to enter a policy; nothing is checked before the policy is read.
package struct KeyEntry: Equatable, Sendable {
    /// The name by which roles will refer to it.
    package var id: String
    /// Who answers for it.
    package var `operator`: String
    /// The format of the key.
    package var format: KeyFormat
    /// Where the key is.
    package var source: Source
    /// The algorithm of its signatures, where it is not the one that the type of key implies; of an
    /// anchor, the only one that counts of those whom it certifies.
    package var algorithm: SignatureAlgorithm?
    /// The first instant of its window.
    package var notBefore: Instant?
    /// The last instant of its window.
    package var notAfter: Instant?

    /// What keys of its format alone have, as members of the policy's entry.
    package private(set) var details: [JSONMember] = []

    /// Where a key is.
    package enum Source: Equatable, Sendable {
        /// In the policy itself, as text.
        case inline([UInt8])
        /// In a file of this path, whose digest the policy pins.
        case file(path: [UInt8], digest: SHA256Digest)
        /// Nowhere: the entry names somebody whose keys others certify.
        case none
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

    /// The bytes of a key that is in the policy itself; a longer one stays in its file.
    static let longestInline = 256 * 1024

    /// Describes an entry that holds the key itself.
    ///
    /// A key or certificate in DER is written as PEM, OpenPGP keys as what their owners signed of them, a
    /// line of `allowed_signers` as its key and what it says of it, and an RSA key without an algorithm
    /// takes `rsa-pss-sha256`, the default of the command line. The format is recognised where it is not
    /// named.
    ///
    /// A key that is too long to be in a policy is named by its file, `path`.
    ///
    /// - Throws: `TrustError.notAPublicKey` where no format fits, `TrustError.key`,
    ///   `TrustError.keyTooLong` without a path, `TrustError.openSSL`.
    package init(
        id: String, operator: String, inlining material: [UInt8], from path: [UInt8]? = nil,
        as named: KeyFormat? = nil, algorithm: SignatureAlgorithm? = nil, notBefore: Instant? = nil,
        notAfter: Instant? = nil
    ) throws(TrustError) {
        if let encoding = UnreadEncoding(of: material) { throw .encoding(encoding) }
        guard let format = named ?? KeyFormat(recognising: material) else {
            throw ForeignFile(of: material).map(TrustError.foreign) ?? .notAPublicKey
        }
        if format == .ssh {
            self = try KeyEntry(id: id, operator: `operator`, sshKey: material)
            self.algorithm = algorithm
            narrow(from: notBefore, to: notAfter)
            return
        }
        var publicKey: PublicKey?
        if format == .spki {
            do { publicKey = try KeyFormat.publicKey(material) } catch { throw .key(error) }
        }
        self.init(
            id: id, operator: `operator`, format: format,
            source: try Source(
                publicKey?.pem ?? format.text(material), otherwise: material, at: path),
            algorithm: algorithm ?? (publicKey?.type == .rsa ? .rsaPSSSHA256 : nil),
            notBefore: notBefore, notAfter: notAfter)
    }
}

extension KeyEntry.Source {
    /// The text of a key, if it is not too long, and otherwise its file.
    fileprivate init(
        _ text: [UInt8], otherwise file: [UInt8], at path: [UInt8]?
    ) throws(TrustError) {
        guard text.count > KeyEntry.longestInline else {
            self = .inline(text)
            return
        }
        guard let path else { throw .keyTooLong(limit: KeyEntry.longestInline) }
        do { self = .file(path: path, digest: try SHA256Digest.of(file)) } catch {
            throw .openSSL(error)
        }
    }
}

extension KeyEntry {
    /// Says more of the key; what was said before under the same names gives way.
    package mutating func add(_ members: [JSONMember]) {
        let names = members.map(\.key)
        details = details.filter { !names.contains($0.key) } + members
    }

    /// Shortens the key's window; it never becomes longer.
    package mutating func narrow(from start: Instant?, to end: Instant?) {
        notBefore = [start, notBefore].compactMap(\.self).max()
        notAfter = [end, notAfter].compactMap(\.self).min()
    }

    /// The entry as it is in a policy.
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
        case .none: break
        }
        if let algorithm {
            // An anchor certifies keys of several algorithms.
            let isAnchor = format == .x509 || format == .timestamp
            let name = JSON(algorithm.rawValue)
            members.append(
                isAnchor
                    ? JSONMember("algorithms", .array([name])) : JSONMember("algorithm", name))
        }
        members += details
        if let notBefore { members.append(JSONMember("not_before", .string(notBefore.bytes))) }
        if let notAfter { members.append(JSONMember("not_after", .string(notAfter.bytes))) }
        return .object(members)
    }
}
