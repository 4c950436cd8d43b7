import ArgumentParser
import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutSignatures
import CloseoutVerification

/// Writes and checks trust policies (docs/command-line.md, "trust").
struct TrustCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust", abstract: "Write and check trust policies.",
        subcommands: [
            TrustInit.self, TrustAdd.self, TrustRole.self, TrustRetire.self, TrustRevoke.self,
            TrustPin.self, TrustLint.self, TrustShow.self,
        ])
}

/// The file of a policy that a command reads or changes.
struct PolicyFile: ParsableArguments {
    @Argument(
        help: ArgumentHelp("The policy.", valueName: "policy"), completion: .file(),
        transform: pathArgument)
    var path: [UInt8]
    @OptionGroup var samples: SampleKeyOptions

    init() {}

    /// The policy that an option of another command names.
    init(path: [UInt8], samples: SampleKeyOptions) {
        self.path = path
        self.samples = samples
    }

    func load() throws -> TrustPolicy {
        guard let policy = try samples.trust(at: path).policy else {
            throw CommandFailure(.internal, "a policy was read and is not there")
        }
        return policy
    }

    var context: PolicyContext { samples.context(besides: path) }

    /// Writes a policy that was not there.
    func create(
        _ context: Context, of keys: [KeyInFile], _ body: () throws -> TrustPolicy
    ) throws {
        let policy = try naming(keys, from: 0, body)
        guard let name = Path.split(path).name else {
            throw CommandFailure(.cannotCreate, "\(printable(path)) has no name of its own")
        }
        try demandOutside(path)
        let folder = try Directory.openParent(ofNew: path)
        guard try folder.writeIfFree(name, policy.canonicalBytes) else {
            throw exists
        }
        try folder.sync()
        try summarise(policy, context)
    }

    private var exists: CommandFailure {
        (try? fileStatus(path).kind) == .directory
            ? CommandFailure(
                .cannotCreate, "\(printable(path)) is a folder, and the policy is to be a file",
                hint: "the policy comes first: `closeout trust init POLICY KEY|DIR…`")
            : CommandFailure(
                .cannotCreate, "\(printable(path)) exists", hint: "`trust add` adds keys to it")
    }

    /// Puts a changed policy in the place of the present one, which nobody else changes meanwhile
    /// (docs/trust-policy.md, "Changing").
    ///
    /// - Parameters:
    ///   - context: The clock, and where to print.
    ///   - keys: The keys that are added.
    ///   - body: Makes the change.
    /// - Returns: The policy before and after it.
    /// - Throws: `CommandFailure` where it cannot be made, and the file is then as it was.
    @discardableResult
    func change(
        _ context: Context, adding keys: [KeyInFile] = [],
        _ body: (TrustPolicy) throws -> TrustPolicy
    ) async throws -> PolicyChange {
        _ = try fileStatus(path)
        let file = try ReplacedFile(path)
        let folder = try Directory.open(file.folder)
        try await folder.lockWherePossible(.exclusive, waiting: context.lockWait)
        let present = try load()
        let policy = try naming(keys, from: present.keys.count) {
            let changed = try body(present)
            guard changed.canonicalBytes != present.canonicalBytes else {
                throw CommandFailure(
                    .usage, "\(printable(path)): nothing would change: the policy says so already",
                    hint: "`closeout trust show` prints what it says")
            }
            return try changed.succeeding(present, at: context.now, in: self.context)
        }
        try folder.replaceContents(of: file.name, with: policy.canonicalBytes)
        let change = PolicyChange(before: present, after: policy)
        try summarise(policy, context, change.keptDigest)
        for warning in change.warnings { context.console.warning(warning) }
        return change
    }

    /// Says of which policy it is that something cannot be, or of which file of a key.
    private func naming(
        _ keys: [KeyInFile], from first: Int, _ body: () throws -> TrustPolicy
    ) throws -> TrustPolicy {
        do {
            return try body()
        } catch let error as TrustError {
            let place = error.keyIndex.map { $0 - first }.flatMap {
                keys.indices.contains($0) ? keys[$0].path : nil
            }
            throw CommandFailure(
                error.isWrongUsage ? .usage : .malformed,
                "\(printable(place ?? path)): \(error)", hint: error.hint)
        }
    }

    private func summarise(
        _ policy: TrustPolicy, _ context: Context, _ kept: String? = nil
    ) throws {
        try context.console.result("\(printable(path))\n")
        context.console.note("version \(policy.version), sha256:\(policy.digest.hex)")
        if let kept { context.console.note(kept) }
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

/// A key that is to enter a policy, and the file that it was read from.
struct KeyInFile {
    let path: [UInt8]
    var entry: KeyEntry
}

extension TrustError {
    /// Whether the command asks for what the policy cannot be.
    fileprivate var isWrongUsage: Bool {
        if case .rule = self { true } else { false }
    }

    /// The place of the key that the error is about, among those of the policy.
    fileprivate var keyIndex: Int? {
        guard case .content(let error) = self, error.place.hasPrefix("keys[") else { return nil }
        return Int(error.place.dropFirst("keys[".count).prefix { $0 != "]" })
    }

    /// What to do about it.
    fileprivate var hint: String? {
        switch self {
        case .noSuchKey, .rule(_, .notServed), .rule(_, .servedAlready):
            "`closeout trust show POLICY` lists keys and roles"
        case .rule(_, .absent): "begin it with --add ID"
        case .rule(_, .empty): "a role has at least one key: add another with --add ID"
        case .rule(_, .outOfReach):
            "add keys of other operators with --add ID, or give a lower --threshold"
        case .revokedAlready: "a revocation can only become earlier or graver"
        default: nil
        }
    }
}
