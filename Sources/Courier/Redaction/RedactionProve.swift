import ArgumentParser
import CloseoutCommandLine
import CloseoutDelivery
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutRecords

/// Proves that nothing leaks (docs/command-line.md, "redaction").
struct RedactionProve: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: "Plant secrets, run all that speaks of deliveries, and search what it says.")

    @OptionGroup var common: CommonOptions

    @Option(help: "Output format; json prints one object a line.")
    var format: OutputFormat = .text

    func execute(_ context: Context) async throws {
        var proof = try RedactionProof()
        guard proof.findsItsOwn() else {
            throw CommandFailure(.internal, "the search does not find what was put there for it")
        }
        _ = try proof.run(at: context.now)
        let parent = try Directory.open(Machine.environment("TMPDIR") ?? Array("/tmp".utf8))
        let name = TemporaryName.make()
        try parent.makeDirectory(name)
        do {
            try await proof.runOutbox(in: parent.path + Array("/".utf8) + name, at: context.now)
        } catch {
            try? parent.removeTree(name)
            if let error = error as? OutboxError { throw CommandFailure(outbox: error) }
            throw error
        }
        try parent.removeTree(name)
        for exhibit in proof.exhibits {
            let hits = exhibit.hits.sorted {
                ($0.name, $0.encoding.rawValue) < ($1.name, $1.encoding.rawValue)
            }
            switch format {
            case .text:
                let words = hits.map { "\($0.name) as \($0.encoding.rawValue)" }
                try context.console.result(
                    "\(exhibit.name): \(exhibit.bytes) bytes, "
                        + (words.isEmpty ? "nothing found" : words.joined(separator: ", "))
                        + "\n")
            case .json:
                try context.console.result([
                    "searched": JSON(exhibit.name), "bytes": .integer(Int64(exhibit.bytes)),
                    "found": .array(
                        hits.map {
                            ["secret": JSON($0.name), "encoding": JSON($0.encoding.rawValue)]
                        }),
                ])
            }
        }
        context.console.note(
            "\(proof.planted) secrets planted; searched as "
                + SecretSearch.Encoding.allCases.map(\.rawValue).joined(separator: ", "))
        guard proof.isClean else {
            throw CommandFailure(.failed, "a secret was found where none may be")
        }
    }
}

/// Makes a route key (docs/command-line.md, "redaction").
struct RedactionKeygen: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "keygen", abstract: "Make a route key: of tags and commitments.")

    @OptionGroup var common: CommonOptions

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("Where the key is written, for its owner only.", valueName: "file"),
        completion: .file(), transform: pathArgument)
    var output: [UInt8]

    func execute(_ context: Context) async throws {
        let bytes = try RouteKey.newFile()
        guard let name = Path.split(output).name, let key = try RouteKey(parsing: bytes) else {
            throw CommandFailure(.usage, "\(printable(output)) has no name of its own")
        }
        let folder = try Directory.open(Path.split(output).directory)
        guard try folder.statusIfThere(of: name) == nil else {
            throw CommandFailure(
                .cannotCreate, "\(printable(output)) exists already",
                hint: "a key that is replaced can open nothing that it committed to")
        }
        try folder.write(new: name, bytes, permissions: 0o600)
        try context.console.result("\(printable(output))\n")
        context.console.note("the id of the key is \(Hex.string(key.id))")
    }
}
