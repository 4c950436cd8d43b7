import CloseoutEncodings
package import CloseoutOpenSSL

/// Whom a policy accepts as a signer without a key of their own: the holder of certificates that a
/// trusted root's authority issued to one identity.
///
/// Implements "Identities" of docs/sigstore.md.
package struct SigstoreIdentity: VerificationKey {
    /// The id of the entry whose root it belongs to.
    package let root: String
    /// Who vouched for the identity, whole; empty for certificates that name no issuer.
    package let issuer: [UInt8]
    /// The subject alternative name.
    package let subject: Subject
    /// What else the certificate must say, each exactly.
    package let claims: [FulcioClaims.Field: [UInt8]]

    /// How the subject alternative name is named.
    package enum Subject: Equatable, Sendable {
        /// Whole.
        case exact([UInt8])
        /// A workflow, as the part before the `@`, at any of its refs.
        case anyRef([UInt8])
    }

    /// None: each signature has a key of its own.
    package var publicKeys: [PublicKey] { [] }
    /// The algorithm that most clients use; each signature has that of its own key.
    package var algorithm: SignatureAlgorithm { .ecdsaP256SHA256 }
    /// Every role whose signatures are over seals or records.
    package var roles: Set<Role> {
        Set(Role.allCases).subtracting([.log, .witness, .timestamp])
    }
    /// Nothing here: the strength of the certificate's key is looked at with the signature.
    package var weakness: String? { nil }

    /// What the entry accepts, for people.
    package var names: [String] {
        switch subject {
        case .exact(let name): ["\(printable(name)) (\(printable(issuer)))"]
        case .anyRef(let name): ["\(printable(name))@* (\(printable(issuer)))"]
        }
    }

    /// Whether a certificate is of this subject and issuer, whatever else it says.
    func isNamed(_ name: GeneralName, by claims: FulcioClaims) -> Bool {
        isNamed(name) && claims.issuer == issuer
    }

    /// Whether it names a workflow of a forge and leaves open which repository called it.
    var leavesCallerOpen: Bool {
        let name: [UInt8]
        switch subject {
        case .exact(let text), .anyRef(let text): name = text
        }
        let folder = Array("/.github/workflows/".utf8)
        let isWorkflow = name.indices.contains { name[$0...].starts(with: folder) }
        return isWorkflow && claims[.sourceRepository] == nil && claims[.sourceRepositoryID] == nil
    }

    /// The first claim that the certificate does not make as the entry has it.
    func missing(in claims: FulcioClaims) -> FulcioClaims.Field? {
        FulcioClaims.Field.allCases.first { field in
            self.claims[field].map { $0 != claims.values[field] } ?? false
        }
    }

    private func isNamed(_ name: GeneralName) -> Bool {
        switch (subject, name) {
        case (.exact(let wanted), .uri(let found)): wanted.isURI && wanted == found
        case (.exact(let wanted), .email(let found)): !wanted.isURI && wanted == found
        case (.exact(let wanted), .other(FulcioClaims.otherName, let found)):
            !wanted.isURI && wanted == found
        case (.anyRef(let wanted), .uri(let found)):
            found.starts(with: wanted + [UInt8(ascii: "@")])
                && Self.isRef(found.dropFirst(wanted.count + 1))
        default: false
        }
    }

    /// Whether what follows a workflow's file is a ref or a commit.
    private static func isRef(_ text: ArraySlice<UInt8>) -> Bool {
        let start = Array("refs/".utf8)
        if text.starts(with: start) { return text.count > start.count }
        let digits = Array("0123456789abcdef".utf8)
        return [40, 64].contains(text.count) && text.allSatisfy(digits.contains)
    }
}

extension [UInt8] {
    /// Whether a name is a URI: no mail address has this in it.
    var isURI: Bool {
        let mark = Array("://".utf8)
        return indices.contains { self[$0...].starts(with: mark) }
    }
}

extension KeyFormat {
    /// An identity of Sigstore's signers, under a root that the policy names.
    ///
    /// Takes the entry's `root`, `issuer`, `identity` or `identity_any_ref`, and the claims of
    /// ``FulcioClaims/Field``.
    package static let sigstoreIdentity = KeyFormat(
        name: "sigstore", recognises: { _ in false },
        read: { _, entry throws(JSONShapeError) in
            let root = try entry.string("root")
            let issuer = try entry.bytes("issuer")
            let subject: SigstoreIdentity.Subject
            switch (entry.optional("identity"), entry.optional("identity_any_ref")) {
            case (let item?, nil):
                subject = .exact(try item.nonEmptyText())
            case (nil, let item?):
                let name = try item.nonEmptyText()
                guard name.isURI, !name.contains(UInt8(ascii: "@")) else {
                    throw item.invalid("must be a workflow's URI up to the @, without it")
                }
                subject = .anyRef(name)
            default:
                throw entry.invalid(
                    "identity", "either this or `identity_any_ref` must name the signer")
            }
            var claims: [FulcioClaims.Field: [UInt8]] = [:]
            for field in FulcioClaims.Field.allCases {
                if let item = entry.optional(field.rawValue) {
                    claims[field] = try item.nonEmptyText()
                }
            }
            return .sigstore(
                SigstoreIdentity(root: root, issuer: issuer, subject: subject, claims: claims))
        }, hasKey: false)
}

extension JSONItem {
    fileprivate func nonEmptyText() throws(JSONShapeError) -> [UInt8] {
        let text = try bytes()
        guard !text.isEmpty, text.count <= 2048 else { throw invalid("must have 1 to 2048 bytes") }
        return text
    }
}
