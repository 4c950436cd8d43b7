import CloseoutCOpenSSL

/// What revocation lists say of one chain (RFC 5280, 6.3.3).
///
/// A list speaks for a certificate if it has the name of that certificate's issuer and is signed by a
/// key that is certified under that name by a path to the same anchor, whichever of the issuer's keys
/// it is. All entries of every list that speaks are read; only lists that speak can cover. So whatever
/// covers has been read, and more lists never take back what one of them says. What may speak and
/// cannot be checked makes what it says unknown.
package struct RevocationReader {
    private let chain: [Certificate]
    private let builder: ChainBuilder
    private let lists: [RevocationList]
    private let material: UntrustedCertificates
    private var paths: [SHA256Digest: [Certificate]] = [:]
    private var heard: [SHA256Digest: Heard] = [:]

    /// A list that speaks for a certificate, and the path of who signed it, from the signer on.
    private struct Voice {
        let list: RevocationList
        let path: [Certificate]
    }

    /// What speaks for a certificate, and what may do so.
    private struct Heard {
        var voices: [Voice] = []
        var doubts: [RevocationDoubt] = []
    }

    /// Sets up for a chain.
    ///
    /// - Parameters:
    ///   - chain: What `builder` built, leaf first.
    ///   - builder: The anchor, and what came along with the leaf.
    ///   - lists: The lists that were made by then.
    ///   - material: Other, untrusted certificates of the issuers.
    package init(
        chain: [Certificate], builder: ChainBuilder, lists: [RevocationList],
        material: UntrustedCertificates = UntrustedCertificates()
    ) {
        self.chain = chain
        self.builder = builder
        self.lists = lists
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

    /// What lists say of the same certificates of which nobody knows whether they speak for them.
    ///
    /// - Throws: Only when it could not be computed.
    package mutating func doubts() throws(OpenSSLError) -> [RevocationDoubt] {
        var doubts: [RevocationDoubt] = []
        for certificate in chain.dropLast() { doubts += try heard(of: certificate).doubts }
        return doubts
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
        for voice in try heard(of: certificate).voices
        where seen.insert(voice.list).inserted {
            entries += try voice.list.entries(of: certificate)
        }
        return entries
    }
}

// MARK: Who speaks

extension RevocationReader {
    private mutating func heard(of certificate: Certificate) throws(OpenSSLError) -> Heard {
        if let known = heard[certificate.fingerprint] { return known }
        let heard = try hear(of: certificate)
        self.heard[certificate.fingerprint] = heard
        return heard
    }

    private mutating func hear(of certificate: Certificate) throws(OpenSSLError) -> Heard {
        let named = lists.filter { $0.isNamed(asIssuerOf: certificate) }
        guard !named.isEmpty else { return Heard() }
        let (signers, isWhole) = candidates(named: certificate)
        var (found, doubts): ([(signer: Int, list: Int, Voice)], [RevocationDoubt]) = ([], [])
        var budget = SignatureBudget()
        for (index, entries) in Self.ordered(named, certificate) {
            let list = named[index]
            let count = found.count
            var doubt = isWhole ? nil : RevocationDoubt.tooMuch
            for (place, signer) in signers.enumerated() {
                guard budget.take(list.der.count) else {
                    doubt = RevocationDoubt.tooMuch
                    break
                }
                guard list.isSigned(by: signer) else { continue }
                guard let path = try path(of: signer) else {
                    doubt = doubt ?? RevocationDoubt.noPath
                    continue
                }
                found.append((place, index, Voice(list: list, path: path)))
            }
            guard found.count == count else { continue }
            if !list.algorithm.canBeChecked {
                doubt = RevocationDoubt.unchecked(list.algorithm.name)
            }
            guard let doubt else { continue }
            doubts += entries.map { RevocationDoubt(entry: $0, reason: doubt) }
        }
        found.sort { ($0.signer, $0.list) < ($1.signer, $1.list) }
        return Heard(voices: found.map(\.2), doubts: doubts)
    }

    /// Places of lists and what they say: those that say something first, before the work is too much.
    private static func ordered(
        _ lists: [RevocationList], _ certificate: Certificate
    ) -> [(Int, [Revocation])] {
        var (loud, silent): ([(Int, [Revocation])], [(Int, [Revocation])]) = ([], [])
        for (index, list) in lists.enumerated() {
            // Nobody has signed it yet: an entry that cannot be read only leaves a doubt.
            let entries =
                (try? list.entries(of: certificate)) ?? [.unreadable(certificate.subject)]
            OpenSSLError.clearQueue()
            if entries.isEmpty { silent.append((index, [])) } else { loud.append((index, entries)) }
        }
        return loud + silent
    }

    /// The certified ones with the name of a certificate's issuer, the first ones of many: those of the
    /// chain, then what the auditor has, then what came along with the leaf; and whether that is all.
    private func candidates(named certificate: Certificate) -> ([Certificate], isWhole: Bool) {
        let hash = certificate.issuerHash
        let most = UntrustedCertificates.mostIssuers
        let others = material.certificates(withSubjectHash: hash)
        let known = chain + [builder.anchor] + others + builder.untrusted
        let named = known.filter { $0.subjectHash == hash && $0.isNamed(asIssuerOf: certificate) }
        let above = material.issuers(of: named)
        let pool = CertifiedPool(anchor: builder.anchor, among: known + above, isStrict: true)
        var isWhole = pool.isWhole && others.count < most && above.count < most
        var seen: Set<SHA256Digest> = []
        var found: [Certificate] = []
        for candidate in named
        where chain.contains(candidate) || candidate == builder.anchor || pool.contains(candidate) {
            guard seen.insert(candidate.fingerprint).inserted else { continue }
            guard found.count < UntrustedCertificates.mostAtOnce else {
                isWhole = false
                break
            }
            found.append(candidate)
        }
        return (found, isWhole)
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
        for voice in try heard(of: certificate).voices {
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
            guard try entries(of: authority).isEmpty, try heard(of: authority).doubts.isEmpty,
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
