import ArgumentParser
import CloseoutBundles
import CloseoutDecisions
import CloseoutEncodings
import CloseoutFiles
import CloseoutInterchange
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutVerification
import CloseoutWorkflows

/// Verifies a package of CAVRA (docs/command-line.md, "import").
struct ImportCavra: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "cavra",
        abstract: "Compare what a CAVRA package claims with what can be recomputed from it.")

    @OptionGroup var common: CommonOptions

    @Argument(
        help: "The package, or an array of CAVRA's objects.", completion: .file(),
        transform: pathArgument)
    var file: [UInt8]

    @Option(
        help: ArgumentHelp("Verify as of this time; default now.", valueName: "instant"),
        transform: instantArgument)
    var asOf: Instant?

    @Option(
        help: ArgumentHelp(
            "The criteria: a file, or a profile (final-closeout, artifacts-only).",
            valueName: "file|profile"),
        completion: .profiles)
    var criteria: String = Profile.finalCloseout.rawValue

    @Option(
        help: ArgumentHelp(
            "Also append its records to this bundle, as asserted.", valueName: "bundle"),
        completion: .file(), transform: pathArgument)
    var bundle: [UInt8]?

    @Option(
        help: ArgumentHelp("Who imports it; stored as given, not checked.", valueName: "name"),
        transform: textArgument)
    var by: String?

    @OptionGroup var logKey: LogKeyOptions
    @OptionGroup var trust: RecordTrustOptions

    @Option(help: "Output format.")
    var format: OutputFormat = .text

    func validate() throws {
        guard bundle != nil || (by == nil && logKey.logKey == nil && trust.trust == nil) else {
            throw ValidationError("--by, --log-key and --trust are about --bundle")
        }
    }

    func execute(_ context: Context) async throws {
        let package = try read()
        let result = try ImportResult(
            package, beside: try filesBeside(package), asOf: asOf ?? context.now,
            criteria: try CriteriaOptions.load(criteria))
        let stored = try bundle.map { try append(package, to: $0, context).map { printable($0) } }
        switch format {
        case .json:
            try context.console.result(
                result.json(stored: stored))
        case .text:
            let text = result.text(isAsOfGiven: asOf != nil)
            if let stored {
                for path in stored { try context.console.result("\(path)\n") }
                context.console.note(String(text.dropLast()))
            } else {
                try context.console.result(text)
            }
        }
        let status = ExitStatus(result.decision.outcome)
        guard status == .success else { throw status.code }
    }

    private func read() throws -> CavraPackage {
        let bytes = try readFile(file, limit: CavraPackage.largestFile)
        do throws(ImportError) {
            return try CavraPackage(parsing: bytes)
        } catch {
            throw CommandFailure(
                .malformed, "\(printable(file)): \(error)", hint: "docs/import.md has the format")
        }
    }

    /// What lies in the folder of the package under the names that it lists: whatever it is, it stops
    /// no judgement.
    private func filesBeside(_ package: CavraPackage) throws -> [[UInt8]: FileBeside] {
        guard try !isPipe(file), !package.fileNames.isEmpty else { return [:] }
        var found: [[UInt8]: FileBeside] = [:]
        let folder: Directory
        do throws(FileError) {
            folder = try Directory.open(Path.split(file).directory)
        } catch {
            let reason = FileBeside.unreadable("its folder: \(try Self.problem(error))")
            for name in package.fileNames { found[name] = reason }
            return found
        }
        for name in package.fileNames where found[name] == nil {
            do throws(FileError) {
                found[name] = .contents(try folder.read(name, limit: Self.largestListed))
            } catch {
                guard !error.isMissing else { continue }
                found[name] = .unreadable(try Self.problem(error))
            }
        }
        return found
    }

    /// What is wrong with a file; what is wrong with the machine stops everything.
    private static func problem(_ error: FileError) throws -> String {
        guard !error.isShortage, error.cause != .interrupted else { throw error }
        return error.problem
    }

    /// The most bytes of a file that a package lists.
    private static let largestListed = 16 * 1024 * 1024

    /// Stores the package and its records in one step; a package that is there already is not stored
    /// again.
    ///
    /// - Returns: The paths of what was stored, or of the package that was there.
    private func append(
        _ package: CavraPackage, to bundle: [UInt8], _ context: Context
    ) throws -> [[UInt8]] {
        let policy = try trust.policy()
        let evidence = try BundleEvidence(bundle: bundle, policy: policy, at: context.now)
        var appending = try BundleAppending(opening: bundle)
        if let path = appending.path(of: package.digest) {
            context.console.note("\(printable(path)) is this package; nothing was stored")
            return [path]
        }
        let before = appending.log.size
        _ = try appending.add(
            NewFile(
                kind: .attachment, mediaType: .attachment(named: Array("x.json".utf8)),
                content: .bytes(package.bytes)), at: context.now)
        let records = try package.records(at: context.now) { body, links in
            try header(body, links, evidence, context)
        }
        var added: [SHA256Digest] = []
        for record in records {
            added.append(try appending.add(record, at: context.now).digest)
        }
        let stored = try appending.grownLog().entries.dropFirst(before).map(\.path)
        try logKey.commit(appending, bundle: bundle, under: policy, context)
        let grown = try BundleEvidence(bundle: bundle, policy: policy, at: context.now)
        let telling = RecordReporting(grown, of: bundle, context.console)
        for record in added.compactMap(grown.state.record) {
            telling.warnOfObjection(record, as: grown.path(of: record.digest))
        }
        return stored
    }

    private func header(
        _ body: Record.Body, _ links: [RecordLink], _ evidence: BundleEvidence, _ context: Context
    ) throws -> RecordHeader {
        try RecordHeader.new(
            evidence.seal.release, seal: evidence.sealDigest, at: context.now, by: by,
            Record.visibility(of: body, by: by), links: links)
    }
}
