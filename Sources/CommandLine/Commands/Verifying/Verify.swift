import ArgumentParser
import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutReports
import CloseoutSignatures
import CloseoutVerification
import CloseoutWorkflows

/// Recomputes everything (docs/command-line.md, "verify").
struct Verify: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Verify a bundle, or a file with its proof, offline.")

    @OptionGroup var common: CommonOptions

    @Argument(
        help: ArgumentHelp("A bundle, a packed bundle or a proof.", valueName: "bundle|proof"),
        completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @OptionGroup var trust: TrustOptions
    @OptionGroup var earlier: EarlierTrustOptions
    @OptionGroup var material: UntrustedCertificateOptions

    @OptionGroup var shipped: ArtifactOptions

    @Option(
        help: ArgumentHelp(
            "Check only this file; FILE=PATH if its path in the release differs. "
                + "Repeatable.", valueName: "file[=path]"),
        completion: .file(), transform: chosenFileArgument)
    var file: [VerificationRequest.ChosenFile] = []

    @Option(
        help: ArgumentHelp("The release to expect.", valueName: "name@version"),
        transform: releaseArgument)
    var release: Release?

    @OptionGroup var time: AsOfOptions

    @Option(
        help: ArgumentHelp(
            "An earlier checkpoint that the log must still contain.", valueName: "checkpoint"),
        completion: .file(), transform: pathArgument)
    var previous: [UInt8]?

    /// How modes are compared.
    enum Modes: String, CaseIterable, ExpressibleByArgument {
        case recorded, ignore
    }

    @Option(help: "Compare file modes as recorded, or ignore them.")
    var modes: Modes = .recorded

    @Option(help: ArgumentHelp("Require only this role. Repeatable.", valueName: "role"))
    var require: [Role] = []

    @OptionGroup var criteria: CriteriaOptions

    @Flag(help: "Require a recorded decision that can be recomputed and says ready.")
    var requireDecision = false

    @Flag(help: "Allow files that match an exclude pattern of the manifest.")
    var allowExcluded = false

    @OptionGroup var reports: ReportOptions

    func validate() throws {
        if shipped.artifacts != nil, !file.isEmpty {
            throw ValidationError("--artifacts and --file exclude each other")
        }
    }

    func execute(_ context: Context) async throws {
        for chosen in file { try Self.demand(chosen.file) }
        let places = try reports.files.places(sparing: try inputs())
        var request = VerificationRequest(trust: try trust.load(), asOf: time.instant(context))
        request.lockWait = context.lockWait
        request.isAsOfGiven = time.asOf != nil
        request.release = release
        request.ignoresModes = modes == .ignore
        request.chosenFiles = file
        request.requiredRoles = require.isEmpty ? nil : require
        request.allowsExcluded = allowExcluded
        request.certificates = try material.load()
        request.previous = try previous.map(Self.checkpoint)
        request.artifacts = shipped.request
        let signer = try reports.signer()
        let progress = ProgressLine(console: context.console)
        request.progress = progress?.progress
        let result = try await verify(bundle, request)
        progress?.clear()
        try reports.write(
            result, for: .verifying, signer: signer, to: places, context.console)
        guard result.verdict == .verified else { throw ExitStatus(result.verdict).code }
    }

    /// All that is read, which no report replaces.
    private func inputs() throws -> CommandInputs {
        CommandInputs(
            bundle: bundle, artifacts: shipped.artifacts,
            files: file.map(\.file) + (try material.files())
                + [trust.file, previous, criteria.file] + earlier.files + reports.inputs)
    }

    private func verify(
        _ path: [UInt8], _ request: VerificationRequest
    ) async throws -> Report {
        let place = try BundlePlace(opening: path)
        if case .other(let foreign) = place.kind {
            guard criteria.criteria == nil else {
                throw CommandFailure(
                    .usage, "\(printable(path)) is no bundle, and only a bundle holds decisions",
                    hint: "give no --criteria with a proof")
            }
            guard !requireDecision else {
                throw CommandFailure(
                    .usage, "\(printable(path)) is no bundle, and only a bundle holds decisions",
                    hint: "give no --require-decision with a proof")
            }
            guard earlier.files.isEmpty else {
                throw CommandFailure(
                    .usage, "\(printable(path)) is no bundle, and only a bundle holds decisions",
                    hint: "give no --trust-then with a proof")
            }
            if let foreign {
                throw CommandFailure(
                    .malformed,
                    "\(printable(path)) is neither a bundle, nor a packed one, nor a proof: "
                        + "it is \(foreign)", hint: foreign.remedyForBundle)
            }
            let bytes = try place.read(limit: Proof.byteLimit)
            return try await Verifier(request: request).verify(Self.proof(bytes, at: path))
        }
        var recheck = RecheckRequest()
        recheck.criteria = try criteria.given()
        recheck.trustedThen = try earlier.policies(for: [path], trust.policy)
        recheck.requiresDecision =
            requireDecision || request.trust.policy?.requiresDecision ?? false
        let reader = try await place.reader(waiting: request.lockWait)
        return try await verifyBundle(reader, request, recheck).report
    }

    private static func proof(_ bytes: [UInt8], at path: [UInt8]) throws -> Proof {
        guard !isHeadOfPackedBundle(Array(bytes.prefix(512))) else {
            throw CommandFailure(
                .malformed, "\(printable(path)) is a packed bundle that comes through a pipe",
                hint: "write it to a file, and verify that")
        }
        guard Proof.isLikely(bytes) else {
            throw CommandFailure(
                .malformed,
                "\(printable(path)) is neither a bundle, nor a packed one, nor a proof")
        }
        do {
            return try Proof(parsing: bytes)
        } catch {
            throw CommandFailure(.malformed, "\(printable(path)): \(error)")
        }
    }

    /// A file that was named and is not there is missing input, and nothing wrong with the release.
    private static func demand(_ file: [UInt8]) throws {
        do throws(FileError) {
            _ = try fileStatus(file)
        } catch {
            guard error.isMissing else { return }
            throw CommandFailure(
                .missing, "there is no file \(printable(file))",
                hint: "--file takes a file that you have, and behind = its path in the release")
        }
    }

    private static func checkpoint(at path: [UInt8]) throws -> Checkpoint {
        let bytes = try readFile(path, limit: BundleLimits.checkpoint)
        do {
            return try Checkpoint(parsing: try SignedNote(parsing: bytes).text)
        } catch {
            throw CommandFailure(.malformed, "\(printable(path)) is no checkpoint: \(error)")
        }
    }
}

/// Reads `FILE` or `FILE=PATH` from the command line.
@Sendable func chosenFileArgument(_ text: String) throws -> VerificationRequest.ChosenFile {
    let parts = Array(text.utf8).split(
        separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false
    ).map { Array($0) }
    guard let file = parts.first, !parts.contains(where: \.isEmpty), !file.contains(0) else {
        throw ValidationError("it is not FILE or FILE=PATH")
    }
    return VerificationRequest.ChosenFile(file: file, path: parts.count > 1 ? parts[1] : nil)
}

extension Role: ExpressibleByArgument {}
