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

    /// Puts the policy in place, whole or not at all.
    func store(_ policy: TrustPolicy, replacing: Bool, _ context: Context) throws {
        let (directory, name) = Path.split(path)
        guard let name else {
            throw CommandFailure(.cannotCreate, "\(printable(path)) has no name of its own")
        }
        let folder = try Directory.open(directory)
        if replacing {
            try folder.replace(name, with: policy.canonicalBytes)
        } else {
            guard try folder.writeIfFree(name, policy.canonicalBytes) else {
                throw CommandFailure(
                    .cannotCreate, "\(printable(path)) exists", hint: "`trust add` adds keys to it")
            }
            try folder.sync()
        }
        try context.console.result("\(printable(path))\n")
        context.console.note("version \(policy.version), sha256:\(policy.digest.hex)")
        for warning in policy.lint(at: context.now) {
            context.console.warning("\(printable(path)): \(warning)")
        }
    }
}
