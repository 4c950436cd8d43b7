import CloseoutEncodings
import CloseoutOpenSSL

/// What an authority of Sigstore's kind says of a signer, beside the name, in extensions of its own.
///
/// Implements "Identities" of docs/sigstore.md.
package struct FulcioClaims: Equatable, Sendable {
    /// Who vouched for the signer; empty where the certificate does not say.
    let issuer: [UInt8]
    /// What else it says.
    let values: [Field: [UInt8]]

    /// The claims that a policy can demand, by their members in an entry.
    package enum Field: String, CaseIterable, Sendable {
        /// The repository that was built.
        case sourceRepository = "source_repository"
        /// The ref of it.
        case sourceRef = "source_ref"
        /// The number of that repository.
        case sourceRepositoryID = "source_repository_id"
        /// The number of its owner.
        case sourceOwnerID = "source_owner_id"
        /// The workflow that was started, with its ref.
        case workflow
        /// What started it.
        case trigger
        /// Who may see the repository.
        case visibility

        /// The last arc of its object identifier.
        var arc: String {
            switch self {
            case .sourceRepository: "12"
            case .sourceRef: "14"
            case .sourceRepositoryID: "15"
            case .sourceOwnerID: "17"
            case .workflow: "18"
            case .trigger: "20"
            case .visibility: "22"
            }
        }
    }

    /// Where the extensions are, without the last arc.
    private static let prefix = "1.3.6.1.4.1.57264.1."
    /// The type of names that are neither mail addresses nor URIs.
    static let otherName = "1.3.6.1.4.1.57264.1.7"

    /// Why a certificate's claims cannot be read.
    struct Malformed: Error, Equatable, CustomStringConvertible {
        let reason: String

        var description: String { reason }
    }

    /// Reads the claims of a certificate.
    ///
    /// - Throws: ``Malformed`` for one that appears twice, is not one UTF8String, or contradicts another.
    init(_ extensions: [CertificateExtension]) throws(Malformed) {
        let own = extensions.filter { $0.identifier.hasPrefix(Self.prefix) }
        var texts: [String: [UInt8]] = [:]
        for one in own {
            let arc = String(one.identifier.dropFirst(Self.prefix.count))
            guard texts[arc] == nil else {
                throw Malformed(reason: "the extension \(one.identifier) appears twice")
            }
            // The first ones have the bare text.
            let isBare = ["1", "2", "3", "4", "5", "6"].contains(arc)
            guard let text = isBare ? one.value : one.utf8String else {
                throw Malformed(reason: "the extension \(one.identifier) is not one UTF8String")
            }
            texts[arc] = text
        }
        if let old = texts["1"], let new = texts["8"], old != new {
            throw Malformed(reason: "the certificate names two issuers")
        }
        issuer = texts["8"] ?? texts["1"] ?? []
        values = Dictionary(
            uniqueKeysWithValues: Field.allCases.compactMap { field in
                texts[field.arc].map { (field, $0) }
            })
    }
}
