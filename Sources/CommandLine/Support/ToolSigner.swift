import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutWorkflows
import Subprocess
import SystemPackage

/// A signer elsewhere whose commands are run here, on a copy of the seal in a folder of its own
/// (docs/signatures.md, "Asking an outside signer").
struct ToolSigner: Signer {
    private let tool: SigningTool
    private let keyReference: [UInt8]
    private let algorithm: SignatureAlgorithm
    private let certificate: [UInt8]?

    /// Finds the signer.
    ///
    /// - Throws: `CommandFailure` where there is no such signer, or no key is named.
    init(
        _ name: String, keyReference: String?, algorithm: String?, certificate: [UInt8]?
    ) throws {
        guard let tool = SigningTool(named: name) else {
            throw CommandFailure(
                .usage, "there is no signer \(printable(name))",
                hint: "use exec:COMMAND or one of "
                    + SigningTool.all.map(\.name).joined(separator: ", "))
        }
        guard let keyReference else {
            throw CommandFailure(
                .usage, "\(tool.name) needs to know which key to use",
                hint: "give --key-reference: \(tool.referenceForm)")
        }
        self.tool = tool
        self.keyReference = Array(keyReference.utf8)
        self.certificate = certificate
        self.algorithm = try algorithm.map(algorithmArgument) ?? .ecdsaP256SHA256
    }

    /// Runs the signer's commands and takes what they leave.
    ///
    /// - Throws: `CommandFailure` where they cannot be run or fail.
    func sign(_ content: SignedContent) async throws -> Attachment {
        let place = Machine.environment("TMPDIR") ?? Array("/tmp".utf8)
        let parent = try Directory.open(place)
        let name = TemporaryName.make()
        try parent.makeDirectory(name)
        do {
            let attachment = try await sign(content.bytes, in: Path.join(place, name))
            try parent.removeTree(name)
            return attachment
        } catch {
            try? parent.removeTree(name)
            throw error
        }
    }

    private func sign(_ seal: [UInt8], in folder: [UInt8]) async throws -> Attachment {
        try Directory.open(folder).write(new: BundleLayout.seal, seal)
        let request: SigningRequest
        do {
            request = try tool.request(
                signing: Path.join(folder, BundleLayout.seal), with: keyReference,
                algorithm: algorithm, certificate: certificate)
        } catch {
            throw CommandFailure(
                .usage, error.description, hint: "--key-reference takes \(tool.referenceForm)")
        }
        try await run(request.commands)
        let bytes = try readFile(request.signatureFile, limit: SignatureFormat.largestFile)
        return Attachment(
            path: Array("the signature of \(tool.name)".utf8), bytes: bytes,
            format: request.format)
    }

    /// Runs the commands in a shell that stops at the first that fails, with the user's terminal.
    private func run(_ commands: [String]) async throws {
        try ProgramNeeds.confirm()
        let result = try await Subprocess.run(
            .path(FilePath("/bin/sh")),
            arguments: ["-ec", commands.joined(separator: "\n")],
            input: .fileDescriptor(.standardInput, closeAfterSpawningProcess: false),
            output: .fileDescriptor(.standardError, closeAfterSpawningProcess: false),
            error: .fileDescriptor(.standardError, closeAfterSpawningProcess: false))
        guard case .exited(0) = result.terminationStatus else {
            throw CommandFailure(
                .failed, "\(tool.name) failed: it \(result.terminationStatus.words)",
                hint: "its own words are above; `closeout request` prints the commands")
        }
    }
}
