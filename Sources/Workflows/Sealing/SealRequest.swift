package import CloseoutBundles
package import CloseoutEncodings
package import CloseoutFiles
package import CloseoutManifests
package import CloseoutOpenSSL

/// What is sealed: which files, as which release, by which rules, to where (docs/bundle.md, "Create").
package struct SealRequest: Sendable {
    /// The folder or the files that are shipped.
    package let source: ManifestSource
    /// The release that they are.
    package let release: Release
    /// The instant that the bundle states.
    package let created: Instant
    /// Where the bundle is made; nothing there is overwritten.
    package let target: BundleTarget
    /// Whether a bundle that is there must be of the same instant.
    package var demandsCreated = false
    /// The rules by which files are recorded.
    package var options = ManifestOptions()
    /// Called as files are read.
    package var progress: Progress?
    /// How long a lock on a bundle that is there already is waited for.
    package var lockWait = LockWait()

    /// Asks for a bundle under the default rules.
    ///
    /// - Parameters:
    ///   - source: The folder or the files that are shipped.
    ///   - release: The release that they are.
    ///   - created: The instant that the bundle states.
    ///   - target: Where it is made.
    package init(
        of source: ManifestSource, as release: Release, created: Instant, at target: BundleTarget
    ) {
        self.source = source
        self.release = release
        self.created = created
        self.target = target
    }
}

/// What was frozen or sealed, from memory: the finished bundle is not read for it.
package struct SealedRelease: Sendable {
    /// The seal of the bundle.
    package let seal: Seal
    /// The digest of its bytes: the bundle's id.
    package let id: SHA256Digest
    /// How many files the log names now.
    package let logSize: Int
    /// Whether the bundle was there already.
    package let wasThere: Bool
    /// The bundle's path, and what a person should know.
    package let receipt: Receipt
}
