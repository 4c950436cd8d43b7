import CloseoutCOpenSSL
import Synchronization

/// The certificates to which an anchor's key leads by signatures that verify, from the anchor down.
///
/// libcrypto takes the first certificate of the right name for an issuer and does not come back from
/// it. So whatever nobody certified is taken out before. Only keys that are certified themselves are
/// tried: certificates that anybody can make cost one check for each such key, and lead nowhere.
struct CertifiedPool {
    /// Whether all certificates were looked at.
    private(set) var isWhole = true
    /// The certificates whose keys made the signature of one, by its fingerprint.
    private var issuers: [SHA256Digest: [Certificate]] = [:]

    /// Looks at certificates.
    ///
    /// - Parameters:
    ///   - anchor: Whose key is where it starts.
    ///   - certificates: What may be certified, in any order.
    ///   - isStrict: Whether only authorities certify.
    init(anchor: Certificate, among certificates: [Certificate], isStrict: Bool) {
        var byIssuer: [UInt: [Certificate]] = [:]
        var seen: Set<SHA256Digest> = [anchor.fingerprint]
        for certificate in certificates where seen.insert(certificate.fingerprint).inserted {
            byIssuer[certificate.issuerHash, default: []].append(certificate)
        }
        var budget = SignatureBudget()
        var (queue, next) = ([anchor], 0)
        while next < queue.count {
            let issuer = queue[next]
            next += 1
            guard next == 1 || !isStrict || issuer.isAuthority else { continue }
            for certificate in byIssuer[issuer.subjectHash] ?? [] where certificate != issuer {
                guard budget.take(certificate.der.count) else {
                    isWhole = false
                    return
                }
                guard certificate.isSigned(by: issuer) else { continue }
                if issuers[certificate.fingerprint] == nil { queue.append(certificate) }
                issuers[certificate.fingerprint, default: []].append(issuer)
            }
        }
    }

    /// Whether a certificate is among them.
    func contains(_ certificate: Certificate) -> Bool { issuers[certificate.fingerprint] != nil }

    /// All that certified a certificate, and those that did so to them, nearest first.
    func all(above certificate: Certificate) -> [Certificate] {
        var (queue, next) = ([certificate], 0)
        var seen: Set<SHA256Digest> = [certificate.fingerprint]
        while next < queue.count {
            for issuer in issuers[queue[next].fingerprint] ?? []
            where seen.insert(issuer.fingerprint).inserted {
                queue.append(issuer)
            }
            next += 1
        }
        return Array(queue.dropFirst())
    }
}

/// How many signatures are still checked; one over much counts as several.
struct SignatureBudget {
    private var left = Self.most

    /// How many there are at first.
    static let most = 4096

    /// Takes one check over a number of bytes; false if there is none left.
    mutating func take(_ size: Int) -> Bool {
        left -= 1 + size / 65_536
        return left >= 0
    }
}

extension Certificate {
    /// Whether another's key made its signature; that is computed once for a key.
    func isSigned(by issuer: Certificate) -> Bool {
        if let known = issuers.withLock({ $0[issuer.spki] }) { return known }
        let key = unsafe X509_get0_pubkey(issuer.certificate.pointer)
        let isRight = unsafe key != nil && X509_verify(certificate.pointer, key) == 1
        OpenSSLError.clearQueue()
        issuers.withLock { $0[issuer.spki] = isRight }
        return isRight
    }

    /// Whether it may certify others at all.
    package var isAuthority: Bool { unsafe X509_check_ca(certificate.pointer) > 0 }
}
