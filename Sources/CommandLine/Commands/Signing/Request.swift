import ArgumentParser
import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutSignatures

/// Prepares what an outside signer or time-stamp authority needs (docs/command-line.md, "request").
struct Request: CloseoutCommand {
    /// The names of all that can be asked.
    private static let names = (SigningTool.all.map(\.name) + TimeStampTool.all.map(\.name))
        .joined(separator: ", ")

    static let configuration = CommandConfiguration(
        commandName: "request",
        abstract:
            "Prepare a request to a signer or time-stamp authority and print its "
            + "command.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("The signer or authority: \(Self.names).", valueName: "tool"),
        completion: .signersAndAuthorities)
    var tool: String

    @Option(
        help: ArgumentHelp(
            "The signer's name for its key; for tsa the authority's URL, for "
                + "openssl-ts its configuration.", valueName: "reference"),
        transform: keyReferenceArgument)
    var keyReference: String

    @Option(
        help: ArgumentHelp(
            "The key's algorithm, such as ed25519, ecdsa-p256-sha256 or rsa-pss-sha256.",
            valueName: "name"),
        completion: .algorithms)
    var algorithm: String = SignatureAlgorithm.ecdsaP256SHA256.rawValue

    @Option(
        help: ArgumentHelp(
            "For openssl-cms: the key's certificate chain, in PEM.",
            valueName: "file"),
        completion: .file(), transform: pathArgument)
    var certificate: [UInt8]?

    @Option(
        help: ArgumentHelp(
            "What to time-stamp: checkpoint (default), seal.json, or the path of a "
                + "signature in the bundle.", valueName: "path"),
        completion: .file(), transform: pathArgument)
    var over: [UInt8]?

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("The folder to make; default ./NAME.request.", valueName: "dir"),
        completion: .file(), transform: pathArgument)
    var output: [UInt8]?

    func execute(_ context: Context) async throws {
        let contents = try await BundleReader(opening: bundle, waiting: context.lockWait)
            .contents()
        if let tool = TimeStampTool(named: tool) {
            try askForTimeStamp(by: tool, contents, context)
        } else if let tool = SigningTool(named: tool) {
            try askForSignature(by: tool, contents, context)
        } else {
            throw CommandFailure(
                .usage, "there is no signer \(printable(tool))",
                hint: "use one of \(Self.names)")
        }
    }

    private func askForSignature(
        by tool: SigningTool, _ contents: BundleContents, _ context: Context
    ) throws {
        guard over == nil else {
            throw CommandFailure(.usage, "--over is for time-stamps; a signer signs the seal")
        }
        guard let seal = contents.seal else {
            throw CommandFailure(
                .malformed, "\(printable(bundle)) has no seal that could be signed",
                hint: "run `closeout verify` to see what is wrong")
        }
        let folder = try RequestFolder(output, of: bundle)
        let algorithm = try algorithmArgument(self.algorithm)
        let request: SigningRequest
        do {
            request = try tool.request(
                signing: folder.file(BundleLayout.seal), with: Array(keyReference.utf8),
                algorithm: algorithm, certificate: certificate)
        } catch {
            throw CommandFailure(
                .usage, error.description, hint: "--key-reference takes \(tool.referenceForm)")
        }
        try folder.write(seal: seal)
        try summarise(folder, request.commands, context)
        context.console.note(
            "then: closeout attach \(shellQuoted(bundle)) \(shellQuoted(request.signatureFile)) "
                + "--type \(request.format.name) --key-reference \(shellQuoted(keyReference)) "
                + "--trust POLICY")
    }

    private func askForTimeStamp(
        by tool: TimeStampTool, _ contents: BundleContents, _ context: Context
    ) throws {
        let path = over ?? BundleLayout.checkpoint
        let folder = try RequestFolder(output, of: bundle)
        var (commands, replies): ([String], [[UInt8]]) = ([], [])
        var queries: [(name: [UInt8], bytes: [UInt8])] = []
        for (index, bytes) in try stampable(path, contents).enumerated() {
            let number = index == 0 ? "" : "-\(index + 1)"
            let name = (Path.split(path).name ?? path) + Array(number.utf8)
            let query = name + Array(".tsq".utf8)
            let reply = folder.file(name + Array(".tsr".utf8))
            queries.append((query, try TimeStampRequest.asking(for: bytes, nonce: randomBytes(16))))
            do {
                commands.append(
                    try tool.command(
                        sending: folder.file(query), into: reply, to: Array(keyReference.utf8)))
            } catch {
                throw CommandFailure(
                    .usage, error.description, hint: "--key-reference takes \(tool.referenceForm)")
            }
            replies.append(reply)
        }
        for query in queries { try folder.write(query.bytes, to: query.name) }
        try summarise(folder, commands, context)
        context.console.note(
            "then: closeout attach \(shellQuoted(bundle)) "
                + replies.map { shellQuoted($0) }.joined(separator: " ") + " --trust POLICY")
    }

    /// The bytes that a time-stamp of a file of the bundle covers: for some signatures their
    /// values, each by itself.
    private func stampable(_ path: [UInt8], _ contents: BundleContents) throws -> [[UInt8]] {
        if path == BundleLayout.checkpoint, let bytes = contents.checkpoint.bytes { return [bytes] }
        if path == BundleLayout.seal, let seal = contents.seal { return [seal] }
        for file in contents.files(.signature) where file.entry.path == path {
            guard let bytes = file.trueBytes,
                let format = SignatureFormat(mediaType: file.entry.mediaType)
            else { continue }
            return format.timeStampedBytes(of: bytes)
        }
        throw CommandFailure(
            .missing, "\(printable(bundle)) has no \(printable(path)) that could be stamped",
            hint: path == BundleLayout.checkpoint
                ? "run `closeout checkpoint`" : "`closeout show --signatures` lists them")
    }

    private func summarise(
        _ folder: RequestFolder, _ commands: [String], _ context: Context
    ) throws {
        try context.console.result("\(printable(folder.path))\n")
        try context.console.result(commands.map { "\($0)\n" }.joined())
    }
}
