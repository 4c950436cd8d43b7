package import CloseoutEncodings
package import CloseoutFiles
package import CloseoutManifests
package import CloseoutOpenSSL
package import CloseoutSignatures

/// What a verification is asked (docs/command-line.md, "verify").
package struct VerificationRequest: Sendable {
    /// Where the shipped files are.
    package enum Artifacts: Equatable, Sendable {
        /// Nobody said; a packed bundle's own are used.
        case notGiven
        /// Only the evidence is wanted.
        case none
        /// A folder.
        case directory([UInt8])
    }

    /// One file that is to be checked, and its path in the manifest where that is not its name.
    package struct ChosenFile: Equatable, Sendable {
        /// The path of the file.
        package let file: [UInt8]
        /// Its path in the release, where it was named.
        package let path: [UInt8]?

        package init(file: [UInt8], path: [UInt8]?) {
            self.file = file
            self.path = path
        }
    }

    /// Whom to trust, and what was demanded of the policy.
    package var trust: Trust
    /// Where the shipped files are.
    package var artifacts: Artifacts = .notGiven
    /// Files that are to be checked one by one.
    package var chosenFiles: [ChosenFile] = []
    /// The release that it must be.
    package var release: Release?
    /// The verification time, and whether it was asked for.
    package var asOf: Instant
    /// Whether the instant was asked for.
    package var isAsOfGiven = false
    /// An earlier checkpoint of the same log.
    package var previous: Checkpoint?
    /// Whether modes are left out, for media that lose them.
    package var ignoresModes = false
    /// The roles that are demanded, where others than the policy's are wanted.
    package var requiredRoles: [Role]?
    /// Whether what an exclude hides may be there.
    package var allowsExcluded = false
    /// Certificates and revocation lists that were brought along; none of them is trusted.
    package var certificates = UntrustedCertificates()
    /// Units of work that there may be in checking all signatures of a bundle.
    package var mostWork = CheckingWork.limit
    /// How long the lock of somebody who writes to the bundle is waited for.
    package var lockWait = LockWait()
    /// Called as files are read.
    package var progress: Progress?

    /// Asks for a whole verification under the defaults.
    package init(trust: Trust, asOf: Instant) {
        self.trust = trust
        self.asOf = asOf
    }
}

/// The trust that an auditor brings along (docs/trust-policy.md).
package struct Trust: Sendable {
    /// Whom to trust; nil where neither a policy nor a key was given.
    package var policy: TrustPolicy?
    /// Whether the policy is one that was given, and not made of `--key`.
    package var isFile = false
    /// The path of the policy's or key's file, to see whether it lies inside the bundle; nil for
    /// text, and for a pipe.
    package var path: [UInt8]?
    /// The digest that the policy must have.
    package var digest: SHA256Digest?
    /// The version that the policy must have at least.
    package var minimumVersion: Int64?

    /// Begins with nobody trusted.
    package init() {}
}
