import ArgumentParser
import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutWorkflows

/// What `freeze` and `seal` share: what to freeze, as which release, by which rules, to where.
struct FreezeOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp("One folder, or one or more files.", valueName: "dir|file"),
        completion: .file(), transform: pathArgument)
    var paths: [[UInt8]]

    @Option(
        help: ArgumentHelp("The release, as NAME@VERSION.", valueName: "name@version"),
        transform: releaseArgument)
    var release: Release

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp(
            "The bundle to make; default ./NAME-VERSION.closeout.", valueName: "bundle"),
        completion: .file(), transform: pathArgument)
    var output: [UInt8]?

    @Option(
        help: ArgumentHelp(
            "Creation time to record; default SOURCE_DATE_EPOCH, else the clock.",
            valueName: "instant"),
        transform: instantArgument)
    var created: Instant?

    @Option(
        help: ArgumentHelp(
            "Leave out paths that match this glob; the manifest says so. Repeatable.",
            valueName: "glob"))
    var exclude: [String] = []

    @Option(help: "How modes are recorded: executable, exact or ignore.")
    var modes: ModeRule = .executable

    @Flag(help: "Allow symbolic links to targets outside the folder.")
    var allowOutsideLinks = false

    @Flag(help: "Refuse names that collide by case or Unicode normalisation.")
    var strictNames = false

    var target: BundleTarget {
        get throws {
            try demandOutside(output ?? BundleTarget(for: release).path)
            guard let output else { return BundleTarget(for: release) }
            do {
                return try BundleTarget(output)
            } catch {
                throw CommandFailure(
                    .usage, "-o '\(printable(output))' has no name of its own",
                    hint: "name the bundle's folder, such as -o NAME-VERSION.closeout")
            }
        }
    }

    /// What to freeze: one folder, or files only.
    func source() throws -> ManifestSource {
        guard let first = paths.first else {
            throw CommandFailure(.usage, "name a folder or files to freeze")
        }
        var folders: [[UInt8]] = []
        for path in paths where try isDirectory(path) { folders.append(path) }
        guard let folder = folders.first else { return .files(paths) }
        guard paths.count == 1 else {
            throw CommandFailure(
                .usage, "\(printable(folder)) is a folder beside other arguments",
                hint: "freeze one folder, or files only")
        }
        return .directory(first)
    }

    func options() throws -> ManifestOptions {
        var globs: [Glob] = []
        for text in exclude {
            do {
                globs.append(try Glob(Array(text.utf8)))
            } catch {
                throw CommandFailure(.usage, "--exclude \(printable(text)): \(error.rawValue)")
            }
        }
        return ManifestOptions(
            modes: modes, excludes: globs, allowOutsideLinks: allowOutsideLinks,
            strictNames: strictNames)
    }

    /// Lets a workflow freeze what is asked for, and draws how far it is.
    func run(
        at target: BundleTarget, _ context: Context,
        _ workflow: (SealRequest) async throws(WorkflowError) -> SealedRelease
    ) async throws -> SealedRelease {
        let progress = ProgressLine(console: context.console)
        defer { progress?.clear() }
        var request = SealRequest(
            of: try source(), as: release, created: try creationInstant(created, now: context.now),
            at: target)
        request.demandsCreated = created != nil
        request.options = try options()
        request.progress = progress?.progress
        request.lockWait = context.lockWait
        do throws(WorkflowError) {
            return try await workflow(request)
        } catch {
            guard case .manifest(.noFiles) = error, let path = paths.first else { throw error }
            throw CommandFailure(
                .malformed, "\(printable(path)) holds no file to freeze",
                hint: "a release has at least one regular file")
        }
    }

    private func isDirectory(_ path: [UInt8]) throws -> Bool {
        do {
            _ = try Directory.open(path)
            return true
        } catch {
            if error.isMissing, (try? fileStatus(path)) != nil { return false }
            throw error
        }
    }
}

extension ModeRule: ExpressibleByArgument {}
