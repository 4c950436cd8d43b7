import CloseoutEncodings
import CloseoutOpenSSL

extension KeyFormat {
    /// An anchor of X.509 certificates, in PEM or DER.
    ///
    /// Takes the entry's `subjects` or `leaf_spki`, `purposes`, `revocation` and `algorithms`.
    package static let x509 = KeyFormat(
        name: "x509", recognises: { isCertificate($0) },
        read: { material, entry throws(JSONShapeError) in
            .x509(
                X509Key(
                    anchor: try anchor(material, entry), holder: try holder(&entry),
                    purposes: try purposes(entry.optional("purposes")),
                    needsRevocationLists: try needsLists(
                        entry.optional("revocation"), default: true),
                    algorithms: try algorithms(entry.optional("algorithms"))))
        }, text: pem)

    /// An anchor of time-stamp authorities, in PEM or DER.
    ///
    /// A certificate is one of these only where that is said. Takes the entry's `policies`,
    /// `revocation` and `algorithms`.
    package static let timestamp = KeyFormat(
        name: "timestamp", recognises: { _ in false },
        read: { material, entry throws(JSONShapeError) in
            .timestamp(
                TimeStampKey(
                    anchor: try anchor(material, entry),
                    policies: try entry.optional("policies").map { item throws(JSONShapeError) in
                        try texts(item).map { String(decoding: $0, as: UTF8.self) }
                    },
                    needsRevocationLists: try needsLists(
                        entry.optional("revocation"), default: false),
                    algorithms: try algorithms(entry.optional("algorithms"))))
        }, text: pem)

    /// Whether a file is a certificate, in PEM or DER.
    static func isCertificate(_ material: [UInt8]) -> Bool {
        (try? Certificate(parsing: material)) != nil
    }

    /// A certificate as text, which a policy can hold.
    @Sendable private static func pem(_ material: [UInt8]) -> [UInt8] {
        (try? Certificate(parsing: material))?.pem ?? material
    }

    private static func anchor(
        _ material: [UInt8], _ entry: borrowing JSONObjectReader
    ) throws(JSONShapeError) -> Certificate {
        do { return try Certificate(parsing: material) } catch {
            throw entry.invalid("key", "\(error)")
        }
    }

    private static func holder(
        _ entry: inout JSONObjectReader
    ) throws(JSONShapeError) -> X509Key.Holder {
        let subjects = entry.optional("subjects")
        let key = entry.optional("leaf_spki")
        switch (subjects, key) {
        case (let subjects?, nil): return .subjects(try texts(subjects))
        case (nil, let key?):
            return .key(try key.digest())
        default:
            throw entry.invalid(
                "subjects", "either this or `leaf_spki` must name the signer")
        }
    }

    /// A list of one to 64 texts, none of them empty.
    private static func texts(_ item: JSONItem) throws(JSONShapeError) -> [[UInt8]] {
        var texts: [[UInt8]] = []
        for item in try item.array() {
            let text = try item.bytes()
            guard !text.isEmpty else { throw item.invalid("must not be empty") }
            texts.append(text)
        }
        guard (1...64).contains(texts.count) else { throw item.invalid("must hold 1 to 64 texts") }
        return texts
    }

    private static func purposes(_ item: JSONItem?) throws(JSONShapeError) -> [String] {
        guard let item else { return [ExtendedKeyUsage.codeSigning] }
        var purposes: [String] = []
        for item in try item.array() {
            let name = try item.string()
            guard let purpose = KeyPurpose.identifier(of: name) else {
                throw item.invalid("unknown purpose; write an object identifier in decimals")
            }
            purposes.append(purpose)
        }
        guard !purposes.isEmpty else { throw item.invalid("must name a purpose") }
        return purposes
    }

    private static func algorithms(
        _ item: JSONItem?
    ) throws(JSONShapeError) -> [SignatureAlgorithm]? {
        guard let item else { return nil }
        var algorithms: [SignatureAlgorithm] = []
        for item in try item.array() {
            guard let algorithm = SignatureAlgorithm(rawValue: try item.string()) else {
                throw item.invalid("unknown algorithm")
            }
            algorithms.append(algorithm)
        }
        guard !algorithms.isEmpty else { throw item.invalid("must name an algorithm") }
        return algorithms
    }

    private static func needsLists(
        _ item: JSONItem?, default: Bool
    ) throws(JSONShapeError) -> Bool {
        guard let item else { return `default` }
        switch try item.string() {
        case "crl": return true
        case "none": return false
        default: throw item.invalid("must be crl or none")
        }
    }
}

/// The names that a policy has for what a key is certified for.
enum KeyPurpose {
    private static let names = [
        "codeSigning": ExtendedKeyUsage.codeSigning,
        "emailProtection": ExtendedKeyUsage.emailProtection,
        "clientAuth": ExtendedKeyUsage.clientAuthentication,
        "any": ExtendedKeyUsage.any,
    ]

    /// The object identifier of a name, or an identifier itself.
    static func identifier(of name: String) -> String? {
        if let known = names[name] { return known }
        let arcs = name.split(separator: ".", omittingEmptySubsequences: false)
        let isDotted =
            arcs.count >= 3
            && arcs.allSatisfy { arc in
                UInt64(arc) != nil && (arc == "0" || arc.first != "0") && arc.first != "+"
            }
        return isDotted ? name : nil
    }

    /// The name of an identifier, for people.
    static func name(of identifier: String) -> String {
        names.first { $0.value == identifier }?.key ?? identifier
    }
}
