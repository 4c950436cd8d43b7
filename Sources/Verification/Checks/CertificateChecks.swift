import CloseoutBundles
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures

/// The family `certificate`: certificates for chains, and the status of chains (docs/trust-policy.md,
/// "Certificates").
extension Findings {
    /// Reads the files of certificates and revocation lists.
    ///
    /// - Parameters:
    ///   - files: Those of the bundle, or of a proof.
    ///   - given: What the auditor brought along.
    /// - Returns: Everything at hand.
    mutating func checkCertificates(
        _ files: [Proof.Material], adding given: UntrustedCertificates
    ) -> UntrustedCertificates {
        var material = given
        var (size, count) = (0, 0)
        for (index, file) in files.enumerated() {
            size += file.bytes.count
            count += file.certificateCount
            guard size <= BundleLimits.certificates, count <= BundleLimits.certificateCount else {
                fail(
                    .bundleLimits, "certificates",
                    "hold more than \(grouped(BundleLimits.certificateCount)) certificates and "
                        + "revocation lists, or more than \(grouped(BundleLimits.certificates)) "
                        + "bytes of them: \(grouped(files.count - index)) files are not read")
                break
            }
            do throws(CertificateError) {
                try material.add(file.bytes)
            } catch {
                fail(.certificateFormat, printable(file.path), "\(error)")
            }
        }
        if files.isEmpty {
            notApplicable(.certificateFormat, "certificates", "there are none")
        } else {
            conclude(
                .certificateFormat, "\(files.count) files",
                "hold certificates and revocation lists")
        }
        return material
    }
}

extension Proof.Material {
    /// How many certificates or lists the file says to hold, without reading any.
    fileprivate var certificateCount: Int {
        let begin = Array("-----BEGIN ".utf8)
        guard bytes.first == begin.first || !bytes.starts(with: [0x30]) else { return 1 }
        var (count, matched) = (0, 0)
        for byte in bytes {
            if byte == begin[matched] {
                matched += 1
            } else {
                // Within a run of dashes the last five may begin the word.
                matched = byte == begin[0] ? (matched == 5 ? 5 : 1) : 0
            }
            guard matched == begin.count else { continue }
            (count, matched) = (count + 1, 0)
        }
        return count
    }
}

extension CertificateDefect {
    /// The check that finds it.
    var check: CheckID {
        switch self {
        case .chain: .certificateChain
        case .purpose: .certificatePurpose
        case .revoked, .revocationUnknown: .certificateRevocation
        }
    }

    /// The status of the check.
    var status: CheckStatus {
        if case .revocationUnknown = self { .unknown } else { .fail }
    }
}

extension BundleContents {
    /// The files of one kind and, if it matters, one media type, that are as the log names them.
    func material(_ kind: EntryKind, _ type: MediaType? = nil) -> [Proof.Material] {
        files(kind).compactMap { file in
            guard type == nil || file.entry.mediaType == type?.name else { return nil }
            return file.trueBytes.map { Proof.Material(path: file.entry.path, bytes: $0) }
        }
    }

    /// How many bytes of certificates and revocation lists there are.
    var materialSize: Int {
        files(.certificate).reduce(0) { $0 + ($1.trueBytes?.count ?? 0) }
    }
}
