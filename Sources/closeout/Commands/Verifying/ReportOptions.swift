import ArgumentParser
import Encodings
import Files
import OpenSSL
import Reports
import Signatures
import Verification

/// A file that a report is to be written to (docs/reports.md, "Formats").
struct ReportTarget: Sendable {
    let format: ReportFormat
    let path: [UInt8]

    /// Writes the report, whole or not at all.
    func write(_ content: [UInt8]) throws {
        let (directory, name) = Path.split(path)
        guard let name else {
            throw CommandFailure(.cannotCreate, "\(printable(path)) has no name of its own")
        }
        try Directory.open(directory).replace(name, with: content)
    }
}

/// The option that says to which files reports are written.
struct ReportFileOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Also write the report to a file, in any of these formats. Repeatable.",
            valueName: "format=file"),
        transform: reportArgument)
    var report: [ReportTarget] = []

    /// Makes all reports; each is written by what comes back.
    func make(_ report: Report, signer: ReportSigner? = nil) throws -> [(ReportTarget, [UInt8])] {
        try self.report.map { ($0, try $0.format.content(of: report, signer: signer)) }
    }
}

extension ReportFormat {
    /// A report in this format, as it is printed and written.
    fileprivate func content(of report: Report, signer: ReportSigner?) throws -> [UInt8] {
        let plain = try render(report, version: Closeout.configuration.version)
        guard let signer, isStatement else { return plain }
        return try signer.envelope(of: plain) + [UInt8(ascii: "\n")]
    }
}

/// The options that say which reports are written, and who signs them.
struct ReportOptions: ParsableArguments {
    @Option(help: "How the report is printed.")
    var format: ReportFormat = .text

    @OptionGroup var files: ReportFileOptions

    @Option(
        help: ArgumentHelp(
            "Sign the reports that are statements, vsa and svr, with this private key.",
            valueName: "key"))
    var reportKey: SecretSource?

    @OptionGroup var secrets: PassphraseOptions

    func validate() throws {
        let formats = [format] + files.report.map(\.format)
        if reportKey != nil, !formats.contains(where: \.isStatement) {
            throw ValidationError("--report-key signs vsa and svr, and neither is asked for")
        }
    }

    /// Who signs the statements; nil where nobody is to.
    func signer() throws -> ReportSigner? {
        try reportKey.map { try ReportSigner(key: secrets.load($0)) }
    }

    /// Makes all reports, and only then writes their files and prints what is printed: where text
    /// is asked for, `text`, or else the report as text.
    func write(
        _ report: Report, signer: ReportSigner?, text: String? = nil, to console: Console
    ) throws {
        let contents = try files.make(report, signer: signer)
        let printed =
            try text.flatMap { format == .text ? Array($0.utf8) : nil }
            ?? format.content(of: report, signer: signer)
        for (target, content) in contents { try target.write(content) }
        try console.result(printed)
    }
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
