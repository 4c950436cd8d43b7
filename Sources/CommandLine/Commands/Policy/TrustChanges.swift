import ArgumentParser
import CloseoutDecisions
import CloseoutEncodings
import CloseoutFiles
import CloseoutSignatures

/// Starts a policy.
struct TrustInit: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Write a new policy with the keys of one operator.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var file: PolicyFile
    @Argument(
        help: ArgumentHelp(
            "Public keys of any known format, or folders of them.", valueName: "key|dir"),
        completion: .file(), transform: pathArgument)
    var keys: [[UInt8]]
    @OptionGroup var entries: KeyEntryOptions

    @Option(
        help: ArgumentHelp("When the policy expires.", valueName: "instant"),
        transform: instantArgument)
    var expires: Instant?

    func execute(_ context: Context) async throws {
        let keys = try entries.entries(
            of: files(at: keys, called: "key files"), besides: file.path)
        try demandDistinctNames(of: keys)
        let roles = entries.roles(otherwise: [.release, .log])
        try file.create(context, of: keys) {
            try TrustPolicy.starting(
                with: keys.map(\.entry), roles: roles, expires: expires, in: file.context)
        }
    }
}

/// Refuses two files that would give their keys one name.
private func demandDistinctNames(of keys: [KeyInFile]) throws {
    var paths: [[UInt8]: [UInt8]] = [:]
    for key in keys {
        guard let other = paths.updateValue(key.path, forKey: Array(key.entry.id.utf8)) else {
            continue
        }
        throw CommandFailure(
            .malformed,
            "\(printable(other)) and \(printable(key.path)) would both be the key "
                + printable(key.entry.id),
            hint: "rename one of them, or add it by itself: `trust add --id ID`")
    }
}

/// Adds a key to a policy.
struct TrustAdd: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a key or an identity to a policy and to roles.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var file: PolicyFile
    @Argument(
        help: "A public key; none for an identity.", completion: .file(), transform: pathArgument)
    var key: [UInt8]?
    @OptionGroup var entries: KeyEntryOptions
    @OptionGroup var sigstore: SigstoreEntryOptions

    @Option(
        help: ArgumentHelp("The key's id in the policy; default the file's name.", valueName: "id"))
    var id: String?

    func validate() throws {
        guard !entries.role.isEmpty else { throw ValidationError("name a --role for the key") }
        guard (key == nil) == sigstore.isUsed else {
            throw ValidationError(
                sigstore.isUsed
                    ? "an identity has no key of its own: give no KEY" : "name the file of a KEY")
        }
        guard !sigstore.isUsed || id != nil else {
            throw ValidationError("name the identity: --id NAME")
        }
    }

    func execute(_ context: Context) async throws {
        let keys: [KeyInFile]
        if let key {
            keys = try entries.entries(of: [key], besides: file.path, id: id)
        } else {
            keys = try sigstore.entries(
                id: id ?? "", operator: entries.operator, besides: file.path, in: file.load(),
                from: entries.notBefore, to: entries.notAfter)
        }
        try await file.change(context, adding: keys) { policy in
            try entries.demandRules(of: policy)
            for key in keys where policy.key(key.entry.id) != nil {
                throw CommandFailure(
                    .malformed,
                    "\(printable(file.path)) has a key \(printable(key.entry.id)) already",
                    hint: "give the new one another name with --id")
            }
            return try keys.reduce(policy) {
                // A trusted root serves no role: the identities under it do.
                let roles = $1.entry.format == .sigstoreRoot ? [] : entries.roles()
                return try $0.adding($1.entry, to: roles, in: file.context)
            }
        }
    }
}

/// Changes who serves a role.
struct TrustRole: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "role",
        abstract: "Add keys to a role, remove them, or change the threshold.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var file: PolicyFile
    @Argument(help: "The role; --add creates it if the policy lacks it.")
    var role: Role

    @Option(
        name: .customLong("add"),
        help: ArgumentHelp("The id of a key to add. Repeatable.", valueName: "id"))
    var added: [String] = []

    @Option(
        name: .customLong("remove"),
        help: ArgumentHelp(
            "The id of a key to remove. Repeatable.", valueName: "id"))
    var removed: [String] = []

    @Option(help: ArgumentHelp("How many operators must sign.", valueName: "n"))
    var threshold: Int?

    func validate() throws {
        guard !added.isEmpty || !removed.isEmpty || threshold != nil else {
            throw ValidationError("say what changes: --add ID, --remove ID or --threshold N")
        }
    }

    func execute(_ context: Context) async throws {
        try await file.change(context) {
            try $0.changing(
                role, adding: added, removing: removed, threshold: threshold, in: file.context)
        }
    }
}

/// Which key comes to an end, and when.
struct KeyEnd: ParsableArguments {
    @Argument(help: "The key's id.")
    var id: String

    @Option(
        help: ArgumentHelp("From this time on; default now.", valueName: "instant"),
        transform: instantArgument)
    var at: Instant?
}

/// Ends a key's window.
struct TrustRetire: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "retire", abstract: "End a key: later signatures do not count.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var file: PolicyFile
    @OptionGroup var end: KeyEnd

    func execute(_ context: Context) async throws {
        let change = try await file.change(context) {
            try $0.retiring(end.id, at: end.at ?? context.now, in: file.context)
        }
        guard let warning = change.retirement(of: end.id) else { return }
        let isAhead = (end.at ?? context.now) > context.now
        context.console.warning(
            warning,
            hint: isAhead
                ? "until then, time-stamp what has to last (`closeout request BUNDLE --for tsa`), or "
                    + "have a witness cosign it"
                : "what nothing dates before then needs the signature of another key")
    }
}

/// Revokes a key.
struct TrustRevoke: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Revoke a key: only signatures proven to be older count.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var file: PolicyFile
    @OptionGroup var end: KeyEnd

    @Option(help: "The reason.")
    var reason: PolicyKey.Reason

    func execute(_ context: Context) async throws {
        let change = try await file.change(context) {
            try $0.revoking(
                end.id, at: end.at ?? context.now, reason: reason, in: file.context)
        }
        if let warning = change.revocation(of: end.id) { context.console.warning(warning) }
    }
}

/// Pins the criteria by which releases are decided on.
struct TrustPin: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "pin", abstract: "Pin the criteria by which releases are decided on.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var file: PolicyFile
    @Argument(help: .criteria(), completion: .profiles)
    var criteria: String

    func execute(_ context: Context) async throws {
        let criteria = try CriteriaOptions.load(criteria)
        try await file.change(context) { try $0.pinning(criteria.digest, in: file.context) }
        context.console.note(
            "bundles whose last decision was made under other criteria are INCOMPLETE until `close` "
                + "decides on them again")
    }
}

extension PolicyKey.Reason: ExpressibleByArgument {
    /// A reason by its name in RFC 5280, or by the word that the policy's file has for it.
    init?(argument: String) {
        guard
            let reason = Self.allCases.first(where: { [$0.name, $0.rawValue].contains(argument) })
        else { return nil }
        self = reason
    }

    static var allValueStrings: [String] { allCases.map(\.name) }
}
