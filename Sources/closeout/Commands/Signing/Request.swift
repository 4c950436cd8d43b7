import ArgumentParser
import Bundles
import Encodings
import Files
import OpenSSL
import Signatures

/// Prepares what an outside signer needs (docs/command-line.md, "request").
struct Request: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "request",
        abstract: "Copy the seal out for a signer elsewhere and print that signer's command.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", transform: pathArgument)
    var bundle: [UInt8]

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp(
            "The signer: \(SigningTool.all.map(\.name).joined(separator: ", ")).",
            valueName: "tool"))
    var tool: String

    @Option(
        help: ArgumentHelp("What the signer calls its key.", valueName: "reference"))
    var keyReference: String

    @Option(
        help: ArgumentHelp(
            "The key's algorithm, such as ed25519, ecdsa-p256-sha256 or rsa-pss-sha256.",
            valueName: "name"))
    var algorithm: String = SignatureAlgorithm.ecdsaP256SHA256.rawValue

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("The folder to make; default ./NAME.request.", valueName: "dir"),
        transform: pathArgument)
    var output: [UInt8]?

    func execute(_ context: Context) async throws {
        guard let tool = SigningTool(named: self.tool) else {
            throw CommandFailure(
                .usage, "there is no signer \(printable(Array(self.tool.utf8)))",
                hint: "use one of \(SigningTool.all.map(\.name).joined(separator: ", "))")
        }
        guard let algorithm = SignatureAlgorithm(rawValue: self.algorithm) else {
            throw CommandFailure(
                .usage, "there is no algorithm \(printable(Array(self.algorithm.utf8)))",
                hint: "use one of "
                    + SignatureAlgorithm.allCases.map(\.rawValue).joined(separator: ", "))
        }
        let contents = try BundleFolder(opening: bundle).contents()
        guard let seal = contents.seal else {
            throw CommandFailure(
                .malformed, "\(printable(bundle)) has no seal that could be signed",
                hint: "run `closeout verify` to see what is wrong")
        }
        let folder = try self.folder()
        let file = Path.join(folder, BundleLayout.seal)
        let request = try requestLines(tool, algorithm, file)
        try write(seal, to: folder)
        try context.console.result("\(printable(folder))\n")
        let attach =
            "closeout attach \(shellQuoted(bundle)) \(shellQuoted(request.signatureFile)) "
            + "--type \(request.format.name) --key-reference \(shellQuoted(keyReference)) --trust POLICY"
        try context.console.result(request.commands.map { "\($0)\n" }.joined())
        context.console.note("then: \(attach)")
    }

    private func requestLines(
        _ tool: SigningTool, _ algorithm: SignatureAlgorithm, _ file: [UInt8]
    ) throws -> SigningRequest {
        do {
            return try tool.request(
                signing: file, with: Array(keyReference.utf8), algorithm: algorithm)
        } catch {
            throw CommandFailure(
                .usage, error.description, hint: "--key-reference takes \(tool.referenceForm)")
        }
    }

    private func folder() throws -> [UInt8] {
        if let output { return output }
        guard let name = Path.split(bundle).name else {
            throw CommandFailure(.usage, "\(printable(bundle)) has no name of its own")
        }
        let suffix = Array(".closeout".utf8)
        let stem =
            name.count > suffix.count && name.suffix(suffix.count).elementsEqual(suffix)
            ? Array(name.dropLast(suffix.count)) : name
        return Path.join(Array(".".utf8), stem + Array(".request".utf8))
    }

    /// Makes the folder with the seal in it; one that holds the same seal is fine.
    private func write(_ seal: [UInt8], to path: [UInt8]) throws {
        let target = try BundleTarget(path)
        let parent = try Directory.open(target.parent)
        // Asked again, or for another signer: the bytes to be signed are compared below.
        try parent.makeDirectoryIfFree(target.name)
        let folder = try parent.open(target.name)
        if try folder.writeIfFree(BundleLayout.seal, seal) { return try folder.sync() }
        guard try folder.read(BundleLayout.seal, limit: BundleLimits.seal) == seal else {
            throw CommandFailure(
                .cannotCreate, "\(printable(path)) holds another seal",
                hint: "choose another folder with -o")
        }
    }
}
