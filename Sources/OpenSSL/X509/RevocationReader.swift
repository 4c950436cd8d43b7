import COpenSSL

/// What revocation lists say of one chain (RFC 5280, 6.3.3).
///
/// A list speaks for a certificate if it has the name of that certificate's issuer and is signed by a
/// key that is certified under that name by a path to the same anchor, whichever of the issuer's keys
/// it is. All entries of every list that speaks are read; only lists that speak can cover. So whatever
/// covers has been read, and more lists never take back what one of them says.
package struct RevocationReader {
    private let chain: [Certificate]
    private let builder: ChainBuilder
    private let lists: [RevocationList]
    private let material: CertificateMaterial
    private var paths: [SHA256Digest: [Certificate]] = [:]
    private var voices: [SHA256Digest: [Voice]] = [:]

    /// A list that speaks for a certificate, and the path of who signed it, from the signer on.
    private struct Voice {
        let list: RevocationList
        let path: [Certificate]
    }

    /// Sets up for a chain.
    ///
    /// - Parameters:
    ///   - chain: What `builder` built, leaf first.
    ///   - builder: The anchor, and what came along with the leaf.
    ///   - lists: The lists that were made by then.
    ///   - material: Where other certificates of the issuers may be.
    package init(
        chain: [Certificate], builder: ChainBuilder, lists: [RevocationList],
        material: CertificateMaterial = CertificateMaterial()
    ) {
        self.chain = chain
        self.builder = builder
        self.lists = lists.filter { $0.defect == nil }
        self.material = material
    }

    /// What the lists say of the certificates below the anchor, in the chain's order.
    ///
    /// The anchor is not looked up: its policy can revoke it.
    ///
    /// - Throws: Only when it could not be computed.
    package mutating func entries() throws(OpenSSLError) -> [Revocation] {
        var entries: [Revocation] = []
        for certificate in chain.dropLast() { entries += try self.entries(of: certificate) }
        return entries
    }

    /// Why the lists do not cover the chain below its anchor.
    ///
    /// - Parameter fits: Whether a list is of the right time.
    /// - Returns: The first certificate that is not covered; nil if all are.
    /// - Throws: Only when it could not be computed.
    package mutating func gap(
        where fits: (RevocationList) -> Bool
    ) throws(OpenSSLError) -> RevocationGap? {
        for certificate in chain.dropLast() {
            if let reason = try gap(of: certificate, where: fits) {
                return RevocationGap(subject: certificate.subject, reason: reason)
            }
        }
        return nil
    }

    private mutating func entries(of certificate: Certificate) throws(OpenSSLError) -> [Revocation]
    {
        var entries: [Revocation] = []
        var seen: Set<RevocationList> = []
        for voice in try voices(for: certificate)
        where seen.insert(voice.list).inserted {
            entries += try voice.list.entries(of: certificate)
        }
        return entries
    }
}

// MARK: Who speaks

extension RevocationReader {
    private mutating func voices(for certificate: Certificate) throws(OpenSSLError) -> [Voice] {
        if let known = voices[certificate.fingerprint] { return known }
        var found: [Voice] = []
        let named = lists.filter { $0.isNamed(asIssuerOf: certificate) }
        for signer in named.isEmpty ? [] : candidates(named: certificate) {
            for list in named where list.isSigned(by: signer) {
                guard let path = try path(of: signer) else { break }
                found.append(Voice(list: list, path: path))
            }
        }
        voices[certificate.fingerprint] = found
        return found
    }

    /// The certificates with the name of a certificate's issuer, the first ones of many: those of the
    /// chain, then what the auditor has, then what came along with the leaf.
    private func candidates(named certificate: Certificate) -> [Certificate] {
        let hash = certificate.issuerHash
        var seen: Set<SHA256Digest> = []
        var found: [Certificate] = []
        for candidates in [
            chain[...], [builder.anchor], material.certificates(withSubjectHash: hash),
            builder.untrusted[...],
        ] {
            for candidate in candidates
            where candidate.subjectHash == hash && candidate.isNamed(asIssuerOf: certificate) {
                guard found.count < CertificateMaterial.mostAtOnce else { return found }
                if seen.insert(candidate.fingerprint).inserted { found.append(candidate) }
            }
        }
        return found
    }

    /// A path from a signer of lists to the anchor, whose times are not looked at.
    private mutating func path(of signer: Certificate) throws(OpenSSLError) -> [Certificate]? {
        if let index = chain.firstIndex(of: signer) { return Array(chain[index...]) }
        if signer == builder.anchor { return [signer] }
        if let known = paths[signer.fingerprint] { return known.isEmpty ? nil : known }
        let known = chain.dropFirst() + material.issuers(of: [signer]) + builder.untrusted
        let outcome = try ChainBuilder(anchor: builder.anchor, untrusted: Array(known))
            .chain(from: signer, for: .signing, at: nil)
        guard case .chain(let path) = outcome else {
            paths[signer.fingerprint] = []
            return nil
        }
        paths[signer.fingerprint] = path
        return path
    }
}

// MARK: Who covers

extension RevocationReader {
    /// Why no list covers a certificate; nil if one does, or several of some reasons do together.
    ///
    /// `known` are the only signers that may; without them all may whose own path is covered.
    private mutating func gap(
        of certificate: Certificate, where fits: (RevocationList) -> Bool,
        by known: [Certificate]? = nil
    ) throws(OpenSSLError) -> String? {
        var (reasons, flaw): (CInt, String?) = (0, nil)
        for voice in try voices(for: certificate) {
            if let known, !known.contains(where: { $0 == voice.path.first }) { continue }
            guard fits(voice.list) else {
                flaw = flaw ?? "none of those of its issuer is of the right time"
                continue
            }
            switch voice.list.scope(over: certificate) {
            case .nothing(let reason): flaw = "the one of its issuer \(reason)"
            case .reasons(let covered):
                if let other = try self.flaw(of: voice, over: certificate, where: fits, known) {
                    flaw = "the one of its issuer \(other)"
                    continue
                }
                reasons |= covered
                if reasons == CInt(COpenSSL_ALL_REASONS) { return nil }
            }
        }
        if reasons != 0 {
            return "those of its issuer are of some reasons only, which never cover alone"
        }
        return flaw ?? "there is none that its issuer signed"
    }

    /// What keeps a signer's lists from covering a certificate.
    private mutating func flaw(
        of voice: Voice, over certificate: Certificate, where fits: (RevocationList) -> Bool,
        _ known: [Certificate]?
    ) throws(OpenSSLError) -> String? {
        guard let signer = voice.path.first else { return "is signed by nobody" }
        let isForgiven = signer == builder.anchor && signer.leavesOutKeyUsage
        guard signer.statesListSigning || isForgiven else {
            return "is signed by a key that is not for lists (cRLSign)"
        }
        // No key vouches for itself.
        guard !voice.path.contains(where: { $0.spki == certificate.spki }) else {
            return "is signed by the very key that it would have to vouch for"
        }
        guard known == nil else { return nil }
        // Above a signer beside the chain all has to be covered as well, from the top down.
        var covered = chain + [builder.anchor]
        for authority in voice.path.reversed() where !covered.contains(authority) {
            guard try entries(of: authority).isEmpty,
                try gap(of: authority, where: fits, by: covered) == nil
            else { return "is signed by a key that may have been revoked itself" }
            covered.append(authority)
        }
        return nil
    }
}

extension Certificate {
    /// Whether its subject is the name of another's issuer.
    fileprivate func isNamed(asIssuerOf other: Certificate) -> Bool {
        unsafe X509_NAME_cmp(
            X509_get_subject_name(certificate.pointer),
            X509_get_issuer_name(other.certificate.pointer)) == 0
    }
}
