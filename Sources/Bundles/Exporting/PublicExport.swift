package import CloseoutFiles

/// A copy of a bundle for everyone: what only some may see is kept back, and its log lines stay
/// (docs/records.md, "Withheld files").
package struct PublicExport {
    private let whole: WholeBundle
    private let withheld: Set<[UInt8]>

    /// Reads a bundle, and compares it with its log.
    ///
    /// - Throws: `BundleError.untrue` where a file is not what the log says.
    package init(
        bundle path: [UInt8], waiting wait: LockWait = LockWait()
    ) async throws(BundleError) {
        let whole = try WholeBundle(await BundleReader(opening: path, waiting: wait))
        self.whole = whole
        withheld = try reportingBundleErrors { Set(try PublicView(whole.contents).withheld) }
    }

    /// How many files are kept back.
    package var withheldCount: Int { withheld.count }

    /// How many files of the bundle are written.
    package var count: Int { files.count }

    private var files: [WholeBundle.File] {
        whole.files.filter { !withheld.contains($0.path) && $0.path != BundleLayout.withheld }
    }

    /// Writes the copy, which appears at its target when it is whole.
    ///
    /// - Throws: `BundleError.exists` if something is there; nothing is left then, nor when
    ///   anything else fails.
    package func write(to target: BundleTarget) throws {
        let folder = try NewFolder(for: target)
        try whole.write(files, to: folder)
        if !withheld.isEmpty {
            try folder.folder(of: BundleLayout.withheld).write(
                new: BundleLayout.withheld, WithheldList(paths: Array(withheld)).canonicalBytes)
        }
        try folder.publish()
    }
}
