import ArgumentParser
import Decisions
import Encodings
import Files
import Signatures

/// Starts a policy.
struct TrustInit: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Start a policy with keys of one operator.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var file: PolicyFile
    @Argument(
        help: ArgumentHelp(
            "Public keys, of any known format, or folders of them.", valueName: "key|dir"),
        transform: pathArgument)
    var keys: [[UInt8]]
    @OptionGroup var entries: KeyEntryOptions

    @Option(
        help: ArgumentHelp("When the policy ends.", valueName: "instant"),
        transform: instantArgument)
    var expires: Instant?

    func execute(_ context: Context) async throws {
        let keys = try entries.entries(
            of: files(at: keys, called: "key files"), besides: file.path)
        let roles = entries.roles(otherwise: [.release, .log])
        try file.create(context) {
            try TrustPolicy.starting(with: keys, roles: roles, expires: expires, in: file.context)
        }
    }
}

/// Adds a key to a policy.
struct TrustAdd: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a key to a policy and to roles.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var file: PolicyFile
    @Argument(help: "A public key.", transform: pathArgument)
    var key: [UInt8]
    @OptionGroup var entries: KeyEntryOptions

    @Option(help: ArgumentHelp("The key's name; default the file's.", valueName: "id"))
    var id: String?

    func validate() throws {
        guard !entries.role.isEmpty else { throw ValidationError("name a --role for the key") }
    }

    func execute(_ context: Context) async throws {
        let keys = try entries.entries(of: [key], besides: file.path, id: id)
        try file.change(context) { policy in
            try entries.demandRules(of: policy)
            for key in keys where policy.key(key.id) != nil {
                throw CommandFailure(
                    .malformed, "\(printable(file.path)) has a key \(printable(key.id)) already",
                    hint: "give the new one another name with --id")
            }
            return try keys.reduce(policy) {
                try $0.adding($1, to: entries.roles(), in: file.context)
            }
        }
    }
}

/// Which key comes to an end, and when.
struct KeyEnd: ParsableArguments {
    @Argument(help: "The key's id.")
    var id: String

    @Option(
        help: ArgumentHelp("Since when; default now.", valueName: "instant"),
        transform: instantArgument)
    var at: Instant?
}

/// Ends a key's window.
struct TrustRetire: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "retire", abstract: "End a key: what is signed later does not count.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var file: PolicyFile
    @OptionGroup var end: KeyEnd

    func execute(_ context: Context) async throws {
        try file.change(context) {
            try $0.retiring(end.id, at: end.at ?? context.now, in: file.context)
        }
    }
}

/// Revokes a key.
struct TrustRevoke: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Revoke a key: only what is proven to be older counts.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var file: PolicyFile
    @OptionGroup var end: KeyEnd

    @Option(help: "Why.")
    var reason: PolicyKey.Reason

    func execute(_ context: Context) async throws {
        try file.change(context) {
            try $0.revoking(
                end.id, at: end.at ?? context.now, reason: reason, in: file.context)
        }
    }
}

/// Pins the criteria by which releases are decided on.
struct TrustPin: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "pin", abstract: "Pin the criteria by which releases are decided on.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var file: PolicyFile
    @Argument(help: "The criteria file, or a profile.")
    var criteria: String

    func execute(_ context: Context) async throws {
        let criteria = try CriteriaOptions.load(criteria)
        try file.change(context) { try $0.pinning(criteria.digest, in: file.context) }
    }
}

extension PolicyKey.Reason: ExpressibleByArgument {}
