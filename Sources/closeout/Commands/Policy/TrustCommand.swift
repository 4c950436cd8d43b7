import ArgumentParser
import Bundles
import Encodings
import Files
import Signatures

/// Writes and checks trust policies (docs/command-line.md, "trust").
struct TrustCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust", abstract: "Write and check trust policies.",
        subcommands: [
            TrustInit.self, TrustAdd.self, TrustRetire.self, TrustRevoke.self, TrustPin.self,
            TrustLint.self, TrustShow.self,
        ])
}

/// The file of a policy that a command reads or changes.
struct PolicyFile: ParsableArguments {
    @Argument(
        help: ArgumentHelp("The policy.", valueName: "policy"), transform: pathArgument)
    var path: [UInt8]
    @OptionGroup var samples: SampleKeyOptions

    func load() throws -> TrustPolicy {
        try samples.policy(at: path)
    }

    var context: PolicyContext { samples.context(besides: path) }

    /// Writes a policy that was not there.
    func create(_ context: Context, _ body: () throws -> TrustPolicy) throws {
        let policy = try naming(body)
        guard let name = Path.split(path).name else {
            throw CommandFailure(.cannotCreate, "\(printable(path)) has no name of its own")
        }
        try demandOutside(path)
        let folder = try Directory.openParent(ofNew: path)
        guard try folder.writeIfFree(name, policy.canonicalBytes) else {
            throw CommandFailure(
                .cannotCreate, "\(printable(path)) exists", hint: "`trust add` adds keys to it")
        }
        try folder.sync()
        try tell(policy, context)
    }

    /// Puts a changed policy in the place of the present one, which nobody else changes meanwhile
    /// (docs/trust-policy.md, "Changing").
    func change(
        _ context: Context, _ body: (TrustPolicy) throws -> TrustPolicy
    ) throws {
        _ = try fileStatus(path)
        let file = try ReplacedFile(path)
        let folder = try Directory.open(file.folder)
        try folder.lockWherePossible(.exclusive)
        let present = try load()
        let policy = try naming { try body(present) }
        try folder.replaceContents(of: file.name, with: policy.canonicalBytes)
        try tell(policy, context)
    }

    /// Says of which policy it is that something cannot be.
    private func naming(_ body: () throws -> TrustPolicy) throws -> TrustPolicy {
        do {
            return try body()
        } catch let error as TrustError {
            throw CommandFailure(.malformed, "\(printable(path)): \(error)")
        }
    }

    private func tell(_ policy: TrustPolicy, _ context: Context) throws {
        try context.console.result("\(printable(path))\n")
        context.console.note("version \(policy.version), sha256:\(policy.digest.hex)")
        for key in policy.keys {
            guard case .openPGP = key.material, let end = key.material.end, end > context.now
            else { continue }
            context.console.note("\(key.id) ends at \(end), as its owner says")
        }
        for warning in policy.lint(at: context.now) {
            context.console.warning("\(printable(path)): \(warning)")
        }
    }
}
