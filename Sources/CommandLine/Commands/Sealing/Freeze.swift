import ArgumentParser
import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests

/// Hashes what is shipped and writes manifest and seal (docs/command-line.md, "freeze").
struct Freeze: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "freeze",
        abstract: "Make an unsigned bundle: hash the files, write manifest and seal.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var freezing: FreezeOptions

    func execute(_ context: Context) async throws {
        let target = try freezing.target
        let draft = try await freezing.draft(at: target, context)
        if try await freezing.isThere(draft, at: target, context) {
            context.console.note("\(printable(target.path)) holds this release already")
        } else {
            try draft.publish(at: target)
        }
        try context.console.result("\(printable(target.path))\n")
        context.console.note(
            "frozen, not signed; next: closeout sign \(shellQuoted(target.path)) --key KEY, or "
                + "closeout request \(shellQuoted(target.path)) --for TOOL --key-reference KEY")
    }
}

extension FreezeOptions {
    /// Freezes into a temporary folder beside the target and tells what was noticed.
    func draft(at target: BundleTarget, _ context: Context) async throws -> BundleDraft {
        let progress = ProgressLine(console: context.console)
        let draft = try await draft(at: target, progress?.progress, context)
        progress?.clear()
        for collision in draft.frozen.collisions {
            context.console.warning(
                "\(collision.paths.map { printable($0) }.joined(separator: " and ")) are one name "
                    + "where case or Unicode form does not count",
                hint: "rename one, or refuse such names with --strict-names")
        }
        return draft
    }

    private func draft(
        at target: BundleTarget, _ progress: Progress?, _ context: Context
    ) async throws -> BundleDraft {
        do {
            return try await BundleDraft(
                freezing: try source(), as: release,
                created: try creationInstant(created, now: context.now), options: try options(),
                beside: target, progress: progress)
        } catch {
            guard error as? ManifestError == .noFiles, let path = paths.first else { throw error }
            throw CommandFailure(
                .malformed, "\(printable(path)) holds no file to freeze",
                hint: "a release has at least one regular file")
        }
    }

    /// Whether the target is a bundle of the same release and manifest already, with all files of
    /// its head as they would be written.
    ///
    /// - Throws: `CommandFailure` or `BundleError` where something else is there.
    func isThere(
        _ draft: borrowing BundleDraft, at target: BundleTarget, _ context: Context
    ) async throws -> Bool {
        guard let seal = try sealOfBundle(at: target) else { return false }
        let isSame =
            seal.manifestDigest == draft.seal.manifestDigest && seal.release == draft.seal.release
            && (created == nil || seal.created == draft.seal.created)
        guard isSame else {
            throw CommandFailure(
                .cannotCreate, "\(printable(target.path)) exists and seals something else",
                hint: "choose another bundle with -o; nothing is overwritten")
        }
        var present = try await BundleAppending(opening: target.path, waiting: context.lockWait)
        try draft.confirmHead(of: present, at: target)
        try present.confirmFiles()
        return true
    }
}
