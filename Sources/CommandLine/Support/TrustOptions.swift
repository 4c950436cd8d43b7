import ArgumentParser
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
package import CloseoutSignatures
package import CloseoutVerification

/// Whom to trust: a policy, or a key (docs/command-line.md, "Trust").
package struct TrustOptions: ParsableArguments {
    @OptionGroup var policy: PolicyOptions

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

    /// None yet: the parser sets them.
    package init() {}

    /// Refuses options that exclude each other.
    package func validate() throws {
        if policy.trust != nil, key != nil {
            throw ValidationError("--trust and --key exclude each other")
        }
        if key == nil, algorithm != nil {
            throw ValidationError("--algorithm is about --key")
        }
        if key != nil, trustDigest != nil || trustVersionAtLeast != nil {
            throw ValidationError("--trust-digest and --trust-version-at-least are about --trust")
        }
    }

    /// Reads the policy or the key that was given, once; without any the policy is nil.
    ///
    /// - Throws: `CommandFailure` where it cannot be taken, or is demanded and not there.
    package func load() throws -> Trust {
        var result =
            try key.map { try policy.trust(inKey: $0, algorithm: algorithm) } ?? policy.load()
        result.digest = trustDigest
        result.minimumVersion = trustVersionAtLeast
        guard result.policy != nil || (trustDigest == nil && trustVersionAtLeast == nil) else {
            throw CommandFailure(
                .usage, "a policy was demanded and none given", hint: "give --trust")
        }
        return result
    }

    /// The file of the policy or key, where there is one.
    package var file: [UInt8]? {
        if let key { return isKeyText(key) ? nil : Array(key.utf8) }
        return policy.file
    }

    /// The same options for another command, after a blank; none where the environment names them.
    package var words: String {
        if let trust = policy.trust { return " --trust \(shellQuoted(trust))" }
        guard let key else { return "" }
        let word = isKeyText(key) ? shellQuoted(key) : shellQuoted(Array(key.utf8))
        return " --key \(word)" + (algorithm.map { " --algorithm \($0)" } ?? "")
    }

    /// The policy that a command needs before it stores anything.
    package func required() throws -> TrustPolicy {
        try demanded(
            try load().policy, hint: "give --trust POLICY or --key PUB, or set CLOSEOUT_TRUST")
    }
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

/// Reads a file of public keys.
///
/// - Throws: `FileError`, `CommandFailure` for one that is too large.
func readKeyFile(_ path: [UInt8]) throws -> NamedInput {
    try readInput(
        path, limit: KeyFormat.largestFile,
        hint: "take the signers' keys out of it: gpg --export --armor FINGERPRINT > KEY")
}

/// Reads a file of signatures.
///
/// - Throws: `FileError`, `CommandFailure` for one that is too large.
func readSignatureFile(_ path: [UInt8]) throws -> [UInt8] {
    try readInput(
        path, limit: SignatureFormat.largestFile,
        hint: "give a file with the signatures alone, which does not carry along what is signed"
    ).bytes
}

/// Reads a file, and says what to do about one that is too large.
private func readInput(_ path: [UInt8], limit: Int, hint: String) throws -> NamedInput {
    do throws(FileError) { return try readInput(path, limit: limit) } catch {
        guard case .tooLarge = error.cause else { throw error }
        throw CommandFailure(.malformed, "\(printable(path)): \(error.problem)", hint: hint)
    }
}

/// The path of a key file as a policy names it: relative to the policy's folder where both lie there.
func keyFilePath(_ path: [UInt8], besides policy: [UInt8]) throws -> [UInt8] {
    let (folder, name) = Path.split(path)
    guard path.first != UInt8(ascii: "/"), let name else { return path }
    // A policy may be about to be written into a folder that is not there, which is reported then.
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
