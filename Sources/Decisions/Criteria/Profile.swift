import CloseoutEncodings
package import CloseoutOpenSSL

/// Criteria that are compiled in (docs/criteria.md, "Profiles").
package enum Profile: String, CaseIterable, Sendable {
    /// The ten criteria of a final closeout, and one that demands VERIFIED artifacts.
    case finalCloseout = "final-closeout"
    /// A release with its tests, its bill of materials, its approval and its retention, signed by two.
    case release
    /// Signed and unchanged artifacts, for projects without retention.
    case artifactsOnly = "artifacts-only"

    /// The exact bytes of the criteria file.
    package var bytes: [UInt8] {
        switch self {
        case .finalCloseout: Array(Self.finalCloseoutText.utf8)
        case .release: Array(Self.releaseText.utf8)
        case .artifactsOnly: Array(Self.artifactsOnlyText.utf8)
        }
    }

    /// What to call criteria of this digest: the option that names the profile, or the digest.
    static func words(for digest: SHA256Digest) -> String {
        let profile = allCases.first { (try? $0.criteria())?.digest == digest }
        return profile.map { "those of --criteria \($0.rawValue)" } ?? "sha256:\(digest.hex)"
    }

    /// The names of all profiles, from the one that demands least on.
    package static var names: [String] { allCases.reversed().map(\.rawValue) }

    /// The criteria.
    ///
    /// - Throws: `CriteriaError` never, as a test shows; the file is read like any other.
    package func criteria() throws(CriteriaError) -> Criteria {
        try Criteria(parsing: bytes)
    }
}

extension Criteria {
    /// The criteria of a digest: a profile, or a file that is at hand; nil where neither is.
    ///
    /// - Throws: `CriteriaError` for a file that cannot be read.
    package static func atHand(
        _ digest: SHA256Digest, among files: [SHA256Digest: [UInt8]] = [:]
    ) throws(CriteriaError) -> Criteria? {
        for profile in Profile.allCases {
            let criteria = try profile.criteria()
            if criteria.digest == digest { return criteria }
        }
        guard let file = files[digest] else { return nil }
        return try Criteria(parsing: file)
    }
}
