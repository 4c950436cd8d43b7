import ArgumentParser
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutReports
import CloseoutSignatures
import CloseoutVerification

/// A file that a report is to be written to (docs/reports.md, "Formats").
struct ReportTarget: Sendable {
    let format: ReportFormat
    let path: [UInt8]
}

/// The option that says to which files reports are written.
struct ReportFileOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Also write the report to a file in the given format. Repeatable.",
            valueName: "format=file"),
        transform: reportArgument)
    var report: [ReportTarget] = []

    /// Finds the files before anything is hashed.
    ///
    /// - Throws: `CommandFailure` where one may not be replaced, or is named twice.
    func places(sparing inputs: CommandInputs) throws -> ReportPlaces {
        let files = try report.map { try ReplacedFile($0.path, sparing: inputs) }
        var paths: Set<[UInt8]> = []
        for file in files where !paths.insert(file.path).inserted {
            throw CommandFailure(
                .usage, "two reports would be written to \(printable(file.path))")
        }
        return ReportPlaces(formats: report.map(\.format), files: files)
    }
}

/// The files that reports are written to, and that may be replaced.
struct ReportPlaces {
    fileprivate let formats: [ReportFormat]
    fileprivate let files: [ReplacedFile]

    /// Makes all reports; each is written by what comes back.
    func make(
        _ report: Report, for purpose: ReportPurpose, signer: ReportSigner? = nil
    ) throws -> [(file: ReplacedFile, content: [UInt8])] {
        try zip(formats, files).map {
            ($1, try $0.content(of: report, for: purpose, signer: signer))
        }
    }
}

extension ReportFormat {
    /// A report in this format, as it is printed and written.
    fileprivate func content(
        of report: Report, for purpose: ReportPurpose, signer: ReportSigner?
    ) throws -> [UInt8] {
        let version = Closeout.version
        guard let signer, isStatement else {
            return try render(report, version: version, for: purpose)
        }
        let statement = statement(of: report, version: version)
        return try signer.envelope(of: statement) + [UInt8(ascii: "\n")]
    }
}

/// The options that say which reports are written, and who signs them.
struct ReportOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How the report is printed; line is its first line alone, none is nothing.",
            valueName: "format"))
    var format: PrintedFormat = .report(.text)

    @Flag(help: "Print every check, signature, record and criterion.")
    var details = false

    @OptionGroup var files: ReportFileOptions

    @Option(
        help: ArgumentHelp(
            "Sign the reports vsa and svr with this private key.",
            valueName: "key"))
    var reportKey: SecretSource?

    @OptionGroup var secrets: PassphraseOptions

    func validate() throws {
        let formats = [format.report].compactMap(\.self) + files.report.map(\.format)
        if details, format != .report(.text) {
            throw ValidationError("--details is for the report as text")
        }
        if reportKey != nil, !formats.contains(where: \.isStatement) {
            throw ValidationError("--report-key signs vsa and svr, and neither is asked for")
        }
    }

    /// Who signs the statements; nil where nobody is to.
    func signer() throws -> ReportSigner? {
        try reportKey.map { try ReportSigner(key: secrets.load($0)) }
    }

    /// What is read to sign the reports.
    var inputs: [[UInt8]?] { [reportKey?.file, secrets.passphrase?.file] }

    /// Makes all reports, and only then writes their files and prints what is printed: where text
    /// is asked for without details, `text`, or else the report at a glance.
    func write(
        _ report: Report, for purpose: ReportPurpose, signer: ReportSigner?, text: String? = nil,
        to places: ReportPlaces, _ console: Console
    ) throws {
        let contents = try places.make(report, for: purpose, signer: signer)
        let printed: [UInt8] =
            switch format {
            case .report(.text) where !details: Array((text ?? TextReport.brief(report)).utf8)
            case .report(let format):
                try format.content(of: report, for: purpose, signer: signer)
            case .line: Array((report.headline + "\n").utf8)
            case .none: []
            }
        try Shortage.check()
        for (file, content) in contents { try file.write(content) }
        if !printed.isEmpty { try console.result(printed) }
    }
}

/// How a report is printed: in a format in which it is written to files too, or in one line, or not at
/// all.
enum PrintedFormat: Equatable {
    /// As it is written to a file; text at a glance, where no details are asked for.
    case report(ReportFormat)
    /// The first line alone.
    case line
    /// Not at all: the exit code says it.
    case none

    /// The format of reports; nil where there is none.
    var report: ReportFormat? { if case .report(let format) = self { format } else { nil } }
}

extension PrintedFormat: ExpressibleByArgument {
    init?(argument: String) {
        switch argument {
        case "line": self = .line
        case "none": self = .none
        default:
            guard let format = ReportFormat(rawValue: argument) else { return nil }
            self = .report(format)
        }
    }

    var defaultValueDescription: String {
        switch self {
        case .report(let format): format.rawValue
        case .line: "line"
        case .none: "none"
        }
    }

    static var allValueStrings: [String] {
        ReportFormat.allCases.map(\.rawValue) + ["line", "none"]
    }

    static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }
}

/// Signs the statements that reports are written as.
final class ReportSigner {
    private let key: PrivateKey
    private let algorithm: SignatureAlgorithm

    init(key: consuming PrivateKey) throws {
        algorithm = try algorithmArgument(nil, for: key.publicKey)
        self.key = key
    }

    /// The statement with its signature, as a DSSE envelope.
    func envelope(of statement: [UInt8]) throws -> [UInt8] {
        try DSSEEnvelope.signing(.statement(statement), with: key, algorithm: algorithm).encoded
    }
}

/// Reads `FORMAT=FILE` from the command line.
@Sendable func reportArgument(_ text: String) throws -> ReportTarget {
    let parts = Array(text.utf8).split(separator: UInt8(ascii: "="), maxSplits: 1)
    guard parts.count == 2 else { throw ValidationError("it is not FORMAT=FILE") }
    guard let format = ReportFormat(rawValue: String(decoding: parts[0], as: UTF8.self)) else {
        let names = ReportFormat.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("there is no such format; use one of \(names)")
    }
    return ReportTarget(format: format, path: Array(parts[1]))
}

extension ReportFormat: ExpressibleByArgument {}
