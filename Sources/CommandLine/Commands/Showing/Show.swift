import ArgumentParser
import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutVerification

/// Prints what a bundle says, without judging it (docs/command-line.md, "show").
struct Show: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print what a bundle contains; nothing is verified.")

    /// What is printed besides the summary.
    enum Part: String, EnumerableFlag {
        case files, log, signatures, evidence

        static func help(for value: Part) -> ArgumentHelp? {
            switch value {
            case .files: "Print the shipped files."
            case .log: "Print the log."
            case .signatures: "Print the signatures and what they claim."
            case .evidence: "Print the evidence by name: attachments, and records."
            }
        }
    }

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @Flag(exclusivity: .exclusive) var part: Part?

    @Flag(name: .customLong("public"), help: "Print only what is public.")
    var isPublic = false

    @Option(
        help: ArgumentHelp(
            "Take out a piece of evidence, by its file name, path or digest; needs -o.",
            valueName: "name"),
        transform: pathArgument)
    var get: [UInt8]?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The file to write with --get, or - for standard output.", valueName: "file"),
        completion: .file(), transform: pathArgument)
    var output: [UInt8]?

    @Option(help: "Output format; json prints one object a line.")
    var format: OutputFormat = .text

    func validate() throws {
        guard (get == nil) == (output == nil) else {
            throw ValidationError("--get NAME and -o FILE go together")
        }
        guard get == nil || part == nil && !isPublic else {
            throw ValidationError("--get takes one file, and goes with no other choice")
        }
    }

    func execute(_ context: Context) async throws {
        let folder = try await BundleReader(opening: bundle, waiting: context.lockWait)
        let contents = try folder.contents()
        if let get, let output {
            let taking = EvidenceTaking(
                reader: folder, contents: contents,
                evidence: ShownNames(contents.files(.evidence)))
            return try taking.take(get, to: output, bundle: bundle, context)
        }
        let isJSON = format == .json
        let view = isPublic ? try PublicView(contents) : nil
        switch part {
        case nil:
            let summary = try BundleSummary(contents)
            try context.console.result(
                isJSON ? Self.lines([summary.json]) : Array(summary.text.utf8))
        case .files:
            try printFiles(folder.readManifest(contents.log.first(.manifest)), context)
        case .log:
            let entries = contents.log.entries
            try context.console.result(
                isJSON
                    ? entries.flatMap { JSON.printed($0.line) + [UInt8(ascii: "\n")] }
                    : Self.lines(entries.map(Self.text)))
        case .signatures:
            let files = contents.files(.signature).filter { view?.shows($0) ?? true }
                .map(ShownSignature.init)
            try context.console.result(
                isJSON ? Self.lines(files.map(\.json)) : Self.lines(files.map(\.text)))
        case .evidence:
            let names = ShownNames(contents.files(.evidence).filter { view?.shows($0) ?? true })
            let files = (contents.files(.attachment) + contents.files(.evidence))
                .compactMap { file in
                    guard let view, !view.shows(file) else { return ShownEvidence(file, names) }
                    return ShownEvidence(public: file, names)
                }
                .filter { isJSON || !$0.isNaming }
            try context.console.result(
                isJSON ? Self.lines(files.map(\.json)) : Self.lines(files.map(\.text)))
        }
        if let view, !view.withheld.isEmpty {
            context.console.note("\(counted(view.withheld.count, "file")) withheld")
        }
        context.console.note("this is what the bundle says; `closeout verify` recomputes it")
    }

    private static func lines(_ texts: [String]) -> [UInt8] {
        texts.flatMap { Array("\($0)\n".utf8) }
    }

    private static func lines(_ objects: [JSON]) -> [UInt8] {
        objects.flatMap { $0.printedBytes + [UInt8(ascii: "\n")] }
    }

    private static func text(_ entry: LogEntry) -> String {
        "\(entry.sequence)  \(entry.at)  \(entry.kind.rawValue)  \(entry.size)  "
            + printable(entry.path)
    }

    private func printFiles(_ manifest: FileReading, _ context: Context) throws {
        guard let bytes = manifest.bytes else {
            throw CommandFailure(.missing, "the bundle has no manifest that can be read")
        }
        var block: [UInt8] = []
        for line in bytes.split(separator: UInt8(ascii: "\n")).dropFirst() {
            guard let entry = ManifestEntry(line: Array(line)) else {
                throw CommandFailure(
                    .malformed, "the manifest has a line that is no entry",
                    hint: "run `closeout verify` to see what is wrong")
            }
            block += format == .json ? JSON.printed(Array(line)) : Array(Self.text(entry).utf8)
            block.append(UInt8(ascii: "\n"))
            guard block.count > 1 << 16 else { continue }
            try context.console.result(block)
            block.removeAll(keepingCapacity: true)
        }
        try context.console.result(block)
    }

    private static func text(_ entry: ManifestEntry) -> String {
        switch entry.kind {
        case .file(let mode, let size, let digest):
            let bits = mode.map { String($0, radix: 8) } ?? "-"
            return "\(digest.hex)  \(bits)  \(size)  \(printable(entry.path))"
        case .directory: return "folder  \(printable(entry.path))"
        case .symlink(let target):
            return "link  \(printable(entry.path)) -> \(printable(target))"
        }
    }
}
