import ArgumentParser
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutSignatures

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
            "Also write a trust policy that trusts the key for release and log.",
            valueName: "policy"),
        completion: .file(), transform: pathArgument)
    var trust: [UInt8]?

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
    }

    func execute(_ context: Context) async throws {
        if let source = self.public {
            let key = try secrets.loadPublic(source)
            try context.console.result(key.pem)
            context.console.note(Self.fingerprints(of: key))
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
        var all = files
        if let trust {
            all.append(try policyFile(at: trust, of: key.publicKey, named: output))
        }
        try NewKeyFile.writeAll(all)
        for file in all { try context.console.result("\(printable(file.path))\n") }
        context.console.note(Self.fingerprints(of: key.publicKey))
    }

    /// The key's fingerprint in its two usual forms.
    static func fingerprints(of key: PublicKey) -> String {
        let base64 = String(decoding: Base64.encode(key.fingerprint.bytes), as: UTF8.self)
        return "fingerprint \(key.fingerprint.hex)\n            SHA256:\(base64)"
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
        let name = Path.split(output).name.map { String(decoding: $0, as: UTF8.self) } ?? "key"
        let entry = try KeyEntry(id: name, operator: name, inlining: key.pem)
        let roles = [Role.release, .log].map { RoleEntry($0) }
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
            for file in written {
                guard let name = file.place.name else { continue }
                try? Directory.open(file.place.directory).remove(name)
            }
            throw error
        }
    }

    private var place: (directory: [UInt8], name: [UInt8]?) { Path.split(path) }
}
