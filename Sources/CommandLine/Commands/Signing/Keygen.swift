import ArgumentParser
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutWorkflows

/// Makes a key pair (docs/command-line.md, "keygen").
struct Keygen: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "keygen",
        abstract: "Make a key pair, or print the public half of a private key.")

    /// The kinds of key that can be made.
    enum Kind: String, CaseIterable, ExpressibleByArgument {
        case ed25519, p256, p384, p521, rsa
        case mldsa44 = "ml-dsa-44"
        case mldsa65 = "ml-dsa-65"
        case mldsa87 = "ml-dsa-87"
    }

    @OptionGroup var common: CommonOptions

    @Option(help: "The kind of key.")
    var type: Kind = .ed25519

    @Flag(help: "Write the private key without encryption.")
    var noPassphrase = false

    @OptionGroup var secrets: PassphraseOptions

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("Write NAME.pem and NAME.pub.pem.", valueName: "name"),
        completion: .file(), transform: pathArgument)
    var output: [UInt8]?

    @Option(
        help: ArgumentHelp(
            "Also add the key to this trust policy; one that is not there is written.",
            valueName: "policy"),
        completion: .file(), transform: pathArgument)
    var trust: [UInt8]?

    @Option(
        help: ArgumentHelp(
            "With --trust: a role of the key. Repeatable; default for a new policy release and log.",
            valueName: "role"))
    var role: [Role] = []

    @Option(
        help: ArgumentHelp(
            "With --trust: the id of a key whose operator and roles the new key gets.",
            valueName: "id"))
    var replaces: String?

    @OptionGroup var samples: SampleKeyOptions

    @Option(
        help: ArgumentHelp(
            "Print the public half of this private key instead.", valueName: "key"))
    var `public`: SecretSource?

    func validate() throws {
        guard (output == nil) != (self.public == nil) else {
            throw ValidationError("give -o NAME to make a key pair, or --public KEY to print one")
        }
        if noPassphrase, secrets.passphrase != nil {
            throw ValidationError("--no-passphrase and --passphrase exclude each other")
        }
        if trust == nil, !role.isEmpty || replaces != nil {
            throw ValidationError("--role and --replaces are about --trust")
        }
        if !role.isEmpty, replaces != nil {
            throw ValidationError("--role and --replaces exclude each other")
        }
    }

    func execute(_ context: Context) async throws {
        if let source = self.public {
            let key = try secrets.loadPublic(source)
            try context.console.result(key.pem)
            context.console.note(fingerprints(of: key))
            return
        }
        guard let output else { return }
        let passphrase = try newPassphrase()
        guard let keyType = KeyType(rawValue: type.rawValue) else {
            throw CommandFailure(.internal, "no key type \(type.rawValue)")
        }
        let key = try PrivateKey.generate(keyType)
        let files = [
            NewKeyFile(
                path: output + Array(".pem".utf8), bytes: try key.pem(passphrase: passphrase),
                permissions: 0o600),
            NewKeyFile(
                path: output + Array(".pub.pem".utf8), bytes: key.publicKey.pem, permissions: 0o644),
        ]
        guard let trust else {
            try NewKeyFile.writeAll(files)
            return try summarise(files, key.publicKey, context)
        }
        let policy = PolicyFile(path: trust, samples: samples)
        if (try? fileStatus(trust)) == nil {
            let all = files + [try policyFile(at: trust, of: key.publicKey, named: output)]
            try NewKeyFile.writeAll(all)
            return try summarise(all, key.publicKey, context)
        }
        guard !role.isEmpty || replaces != nil else {
            throw CommandFailure(
                .usage, "\(printable(trust)) exists, and no role for the key is given",
                hint: "give --role ROLE, or --replaces ID for the operator and roles of another key"
            )
        }
        try NewKeyFile.writeAll(files)
        do {
            try await add(key.publicKey, named: output, to: policy, context)
        } catch {
            NewKeyFile.removeAll(files)
            throw error
        }
        try summarise(files, key.publicKey, context)
    }

    private func summarise(_ files: [NewKeyFile], _ key: PublicKey, _ context: Context) throws {
        for file in files { try context.console.result("\(printable(file.path))\n") }
        context.console.note(fingerprints(of: key))
    }

    /// Adds the key to a policy that is there, in the roles that were named or in those of another key.
    private func add(
        _ key: PublicKey, named output: [UInt8], to file: PolicyFile, _ context: Context
    ) async throws {
        let id = Self.id(of: output)
        try await file.change(context) { policy in
            var (`operator`, roles) = (id, role)
            if let replaces {
                guard let replaced = policy.key(replaces) else {
                    throw TrustError.noSuchKey(id: replaces)
                }
                `operator` = replaced.operator
                roles = Role.allCases.filter { policy.roles[$0]?.keys.contains(replaces) ?? false }
            }
            guard policy.key(id) == nil else {
                throw CommandFailure(
                    .malformed, "\(printable(file.path)) has a key \(printable(id)) already",
                    hint: "give the new one another name with -o")
            }
            let entry = try KeyEntry(id: id, operator: `operator`, inlining: key.pem)
            return try policy.adding(entry, to: roles.map { RoleEntry($0) }, in: file.context)
        }
    }

    private static func id(of output: [UInt8]) -> String {
        Path.split(output).name.map { String(decoding: $0, as: UTF8.self) } ?? "key"
    }

    private func newPassphrase() throws -> [UInt8]? {
        if noPassphrase { return nil }
        if let given = try secrets.given() {
            guard !given.isEmpty else { throw CommandFailure(.usage, "the passphrase is empty") }
            return given
        }
        guard let first = try Terminal.askHidden("passphrase for the new key: ") else {
            throw CommandFailure(
                .usage, "the new key needs a passphrase, and none was given",
                hint: "give --passphrase env:NAME, file:PATH or fd:N, or --no-passphrase")
        }
        guard try Terminal.askHidden("once more: ") == first, !first.isEmpty else {
            throw CommandFailure(.usage, "the passphrases differ or are empty")
        }
        return first
    }

    private func policyFile(
        at path: [UInt8], of key: PublicKey, named output: [UInt8]
    ) throws -> NewKeyFile {
        if let replaces {
            throw CommandFailure(
                .missing,
                "there is no policy \(printable(path)) with a key \(printable(replaces))",
                hint: "leave out --replaces for a new policy")
        }
        let name = Self.id(of: output)
        let entry = try KeyEntry(id: name, operator: name, inlining: key.pem)
        let roles = (role.isEmpty ? [.release, .log] : role).map { RoleEntry($0) }
        let policy = try TrustPolicy.starting(with: [entry], roles: roles)
        return NewKeyFile(path: path, bytes: policy.canonicalBytes, permissions: 0o644)
    }
}

/// A file that `keygen` writes; none of them may exist.
struct NewKeyFile {
    let path: [UInt8]
    let bytes: [UInt8]
    let permissions: UInt16

    /// Writes all files or none.
    static func writeAll(_ files: [NewKeyFile]) throws {
        var written: [NewKeyFile] = []
        do {
            for file in files { try demandOutside(file.path) }
            for file in files {
                let directory = try Directory.openParent(ofNew: file.path)
                guard let name = file.place.name else {
                    throw CommandFailure(
                        .usage, "\(printable(file.path)) has no name of its own")
                }
                try directory.write(new: name, file.bytes, permissions: file.permissions)
                written.append(file)
                try directory.sync()
            }
        } catch {
            removeAll(written)
            throw error
        }
    }

    /// Removes files that were written just now.
    static func removeAll(_ files: [NewKeyFile]) {
        for file in files {
            guard let name = file.place.name else { continue }
            try? Directory.open(file.place.directory).remove(name)
        }
    }

    private var place: (directory: [UInt8], name: [UInt8]?) { Path.split(path) }
}
