import ArgumentParser
import CloseoutDecisions
import CloseoutEncodings
import CloseoutFiles
import CloseoutInterchange
import CloseoutOpenSSL
import CloseoutVerification
import CloseoutWorkflows

/// Reads what another system says of a release (docs/command-line.md, "import").
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Check what another system reports about a release.",
        subcommands: [ImportCavra.self])
}

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

    @OptionGroup var time: AsOfOptions

    @Option(help: .criteria(), completion: .profiles)
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
    @OptionGroup var trust: PolicyOptions

    @Option(help: "Output format.")
    var format: OutputFormat = .text

    func validate() throws {
        guard bundle != nil || (by == nil && logKey.logKey == nil && trust.trust == nil) else {
            throw ValidationError("--by, --log-key and --trust are about --bundle")
        }
    }

    func execute(_ context: Context) async throws {
        let options = AppendOptions(
            now: context.now, policy: try bundle.flatMap { _ in try trust.load().policy },
            logSigner: try bundle.flatMap { _ in try logKey.loadLogKey() }, by: by)
        let input = try readInput(file, limit: CavraPackage.largestFile)
        let package = try package(of: input.bytes)
        let result = try ImportResult(
            package, beside: input.isPipe ? [:] : try filesBeside(package),
            asOf: time.instant(context), criteria: try CriteriaOptions.load(criteria))
        var receipt: Receipt?
        if let bundle {
            var session = try await BundleSession(opening: bundle, waiting: context.lockWait)
            receipt = try await session.importPackage(
                package, from: input.isPipe ? nil : file, options)
        }
        let stored = receipt?.stored.map { printable($0) }
        switch format {
        case .json:
            receipt?.stored = []
            try receipt.map(context.console.receipt)
            try context.console.result(
                result.json(stored: stored))
        case .text:
            let text = result.text(isAsOfGiven: time.asOf != nil)
            if let receipt {
                try context.console.receipt(receipt)
                context.console.note(String(text.dropLast()))
            } else {
                try context.console.result(text)
            }
        }
        let status = ExitStatus(result.decision.outcome)
        guard status == .success else { throw status.code }
    }

    private func package(of bytes: [UInt8]) throws -> CavraPackage {
        do throws(ImportError) {
            return try CavraPackage(parsing: bytes)
        } catch {
            throw CommandFailure(
                .malformed, "\(printable(file)): \(error)", hint: "docs/import.md has the format")
        }
    }

    /// What lies in the folder of the package under the names that it lists: whatever it is, it stops
    /// no decision.
    private func filesBeside(_ package: CavraPackage) throws -> [[UInt8]: FileBeside] {
        guard !package.fileNames.isEmpty else { return [:] }
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
}
