import ArgumentParser
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutVerification

/// Whom to trust: a policy, or a key (docs/command-line.md, "Trust").
struct TrustOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The trust policy; default CLOSEOUT_TRUST.", valueName: "policy"),
        completion: .file(), transform: pathArgument)
    var trust: [UInt8]?

    @Option(
        help: ArgumentHelp(
            "A public key to trust for release and log: a file, or the key as text.",
            valueName: "key"),
        completion: .file())
    var key: String?

    @Option(
        help: ArgumentHelp("The algorithm of --key, if it is an RSA key.", valueName: "name"),
        completion: .algorithms)
    var algorithm: String?

    @Option(
        help: ArgumentHelp(
            "The SHA-256 digest that the policy must have.", valueName: "sha256:hex"),
        transform: digestArgument)
    var trustDigest: SHA256Digest?

    @Option(help: ArgumentHelp("The lowest accepted version of the policy.", valueName: "n"))
    var trustVersionAtLeast: Int64?

    @OptionGroup var samples: SampleKeyOptions

    func validate() throws {
        if trust != nil, key != nil {
            throw ValidationError("--trust and --key exclude each other")
        }
        if key == nil, algorithm != nil {
            throw ValidationError("--algorithm is about --key")
        }
        if key != nil, trustDigest != nil || trustVersionAtLeast != nil {
            throw ValidationError("--trust-digest and --trust-version-at-least are about --trust")
        }
    }

    /// The trust that was given; without any the policy is nil.
    func load() throws -> Trust {
        var result = Trust()
        result.digest = trustDigest
        result.minimumVersion = trustVersionAtLeast
        if let key {
            result.policy = try samples.policy(ofKey: key, algorithm: algorithm)
            let path = Array(key.utf8)
            result.path = try isKeyText(key) || isPipe(path) ? nil : path
        } else if let path = trust ?? trustFromEnvironment() {
            result.policy = try samples.policy(at: path)
            result.isFile = true
            result.path = try isPipe(path) ? nil : path
        } else if trustDigest != nil || trustVersionAtLeast != nil {
            throw CommandFailure(
                .usage, "a policy was demanded and none given", hint: "give --trust")
        }
        return result
    }

    /// The file of the policy or key, where there is one.
    var file: [UInt8]? {
        if let key { return isKeyText(key) ? nil : Array(key.utf8) }
        return trust ?? trustFromEnvironment()
    }

    /// The same options for another command, after a blank; none where the environment names them.
    var words: String {
        if let trust { return " --trust \(shellQuoted(trust))" }
        guard let key else { return "" }
        let word = isKeyText(key) ? shellQuoted(key) : shellQuoted(Array(key.utf8))
        return " --key \(word)" + (algorithm.map { " --algorithm \($0)" } ?? "")
    }

    /// The policy that a command needs before it stores anything.
    func required() throws -> TrustPolicy {
        try demanded(
            try load().policy, hint: "give --trust POLICY or --key PUB, or set CLOSEOUT_TRUST")
    }
}

/// The path in `CLOSEOUT_TRUST`, where it is set and not empty.
func trustFromEnvironment() -> [UInt8]? {
    Machine.environment("CLOSEOUT_TRUST").flatMap { $0.isEmpty ? nil : $0 }
}

/// The policy, which must be there.
func demanded(_ policy: TrustPolicy?, hint: String) throws -> TrustPolicy {
    guard let policy else {
        throw CommandFailure(
            .usage, "a signature is verified before it is stored, and nobody is trusted", hint: hint
        )
    }
    return policy
}

/// Whether the published sample keys are taken, which only trials and tests ask for.
struct SampleKeyOptions: ParsableArguments, PolicyReading {
    @Flag(help: .hidden)
    var allowSampleKeys = false
}

/// What tells which keys of a policy are taken.
protocol PolicyReading {
    /// Whether the published sample keys are.
    var allowSampleKeys: Bool { get }
}

extension PolicyReading {

    /// Reads the policy in a file, with the key files that it names.
    func policy(at path: [UInt8]) throws -> TrustPolicy {
        let bytes = try readFile(path, limit: TrustPolicy.largestFile)
        do {
            return try TrustPolicy(parsing: bytes, in: context(besides: path))
        } catch {
            guard KeyFormat(recognising: bytes) == nil else {
                throw CommandFailure(
                    .malformed, "\(printable(path)) is a public key, and a policy is needed",
                    hint: "`verify` takes a key as --key; `closeout trust init POLICY KEY "
                        + "--operator NAME` puts it into a policy")
            }
            throw CommandFailure(.malformed, "\(printable(path)): \(error)")
        }
    }

    /// The policy of one key, in a file or as text.
    func policy(ofKey text: String, algorithm: String?) throws -> TrustPolicy {
        let bytes = Array(text.utf8)
        let isText = isKeyText(text)
        let material = isText ? bytes : try readKeyFile(bytes)
        let name = isText ? "--key" : printable(bytes)
        let chosen = try algorithm.map(algorithmArgument)
        do {
            return try TrustPolicy.single(
                material, algorithm: chosen,
                in: PolicyContext(acceptingSampleKeys: allowSampleKeys))
        } catch {
            guard !TrustPolicy.isLikely(material) else {
                throw CommandFailure(
                    .malformed, "\(name) is a trust policy, and a public key is needed",
                    hint: "give it as --trust")
            }
            guard KeyFormat(recognising: material)?.name != KeyFormat.x509.name else {
                throw CommandFailure(
                    .malformed,
                    "\(name) is a certificate, and only a policy says for whom it stands",
                    hint:
                        "`closeout trust init POLICY CERT --operator NAME --leaf-spki CERT` makes "
                        + "one; give it as --trust")
            }
            throw CommandFailure(.malformed, "\(name): \(error)")
        }
    }

    /// The surroundings of a policy in a file: key files are relative to its folder.
    func context(besides path: [UInt8]) -> PolicyContext {
        let folder = Path.split(path).directory
        return PolicyContext(acceptingSampleKeys: allowSampleKeys) {
            (name: [UInt8], _) throws(KeyFileError) -> [UInt8] in
            let file = name.first == UInt8(ascii: "/") ? name : Path.join(folder, name)
            do throws(FileError) {
                return try readFile(file, limit: KeyFormat.largestFile)
            } catch {
                throw KeyFileError("\(printable(error.path)): \(error.problem)")
            }
        }
    }
}

/// Reads a file of public keys.
///
/// - Throws: `FileError`, `CommandFailure` for one that is too large.
func readKeyFile(_ path: [UInt8]) throws -> [UInt8] {
    try readFile(
        path, limit: KeyFormat.largestFile,
        hint: "take the signers' keys out of it: gpg --export --armor FINGERPRINT > KEY")
}

/// Reads a file of signatures.
///
/// - Throws: `FileError`, `CommandFailure` for one that is too large.
func readSignatureFile(_ path: [UInt8]) throws -> [UInt8] {
    try readFile(
        path, limit: SignatureFormat.largestFile,
        hint: "give a file with the signatures alone, which does not carry along what is signed")
}

/// Reads a file, and says what to do about one that is too large.
private func readFile(_ path: [UInt8], limit: Int, hint: String) throws -> [UInt8] {
    do throws(FileError) { return try readFile(path, limit: limit) } catch {
        guard case .tooLarge = error.cause else { throw error }
        throw CommandFailure(.malformed, "\(printable(path)): \(error.problem)", hint: hint)
    }
}

/// The path of a key file as a policy names it: relative to the policy's folder where both lie there.
func keyFilePath(_ path: [UInt8], besides policy: [UInt8]) throws -> [UInt8] {
    let (folder, name) = Path.split(path)
    guard path.first != UInt8(ascii: "/"), let name else { return path }
    // A policy may be about to be written into a folder that is not there, which is told then.
    return try resolvedPath(folder) == (try? resolvedPath(Path.split(policy).directory))
        ? name : Path.join(resolvedPath(folder), name)
}

/// Whether a `--key` is the key as text, and not the path of its file.
func isKeyText(_ key: String) -> Bool {
    key.utf8.contains(UInt8(ascii: "\n")) || key.utf8.starts(with: "-----".utf8)
}

/// Reads `sha256:` and 64 hex digits from the command line.
@Sendable func digestArgument(_ text: String) throws -> SHA256Digest {
    let prefix = "sha256:"
    guard text.utf8.starts(with: prefix.utf8),
        let digest = SHA256Digest(hex: Array(text.utf8.dropFirst(prefix.utf8.count)))
    else {
        throw ValidationError("it is not sha256: and 64 lower-case hex digits")
    }
    return digest
}
