internal import CloseoutFiles

/// How a tree is frozen.
package struct ManifestOptions: Sendable {
    /// What of a file's mode is recorded.
    package var modes: ModeRule
    /// Patterns of what is left out.
    package var excludes: [Glob]
    /// Whether links may lead out of the root.
    package var allowOutsideLinks: Bool
    /// Whether names that some file systems take for one are refused.
    package var strictNames: Bool
    /// How many workers hash at once.
    package var workers: Int

    /// Sets the options; those not given are the defaults of the command line.
    package init(
        modes: ModeRule = .executable, excludes: [Glob] = [], allowOutsideLinks: Bool = false,
        strictNames: Bool = false, workers: Int = Machine.processorCount
    ) {
        self.modes = modes
        self.excludes = excludes
        self.allowOutsideLinks = allowOutsideLinks
        self.strictNames = strictNames
        self.workers = max(1, workers)
    }

    /// The header of a manifest that is made so.
    var header: ManifestHeader {
        ManifestHeader(modes: modes, excludes: excludes, outsideLinks: allowOutsideLinks)
    }
}
