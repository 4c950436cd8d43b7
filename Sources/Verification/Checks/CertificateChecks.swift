import Bundles
import Encodings
import OpenSSL
import Signatures

/// The family `certificate`: material for chains, and what they come to (docs/trust-policy.md,
/// "Certificates").
extension Findings {
    /// Reads the files of certificates and revocation lists.
    ///
    /// - Parameters:
    ///   - files: Those of the bundle, or of a proof.
    ///   - given: What the auditor brought along.
    /// - Returns: Everything at hand.
    mutating func checkCertificates(
        _ files: [Proof.Material], adding given: CertificateMaterial
    ) -> CertificateMaterial {
        var material = given
        for file in files {
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

extension CertificateDefect {
    /// The check that finds it.
    var check: CheckID {
        switch self {
        case .chain: .certificateChain
        case .purpose: .certificatePurpose
        case .revoked, .revocationUnknown: .certificateRevocation
        }
    }

    /// What the check comes to.
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
