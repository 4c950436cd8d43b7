import ArgumentParser
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutSignatures
package import CloseoutVerification

/// The trust policy of a command (docs/command-line.md, "Trust").
///
/// A command calls `load` once and passes the value on: a policy from a pipe can be read once only.
package struct PolicyOptions: ParsableArguments, PolicyReading {
    @Option(
        help: ArgumentHelp(
            "The trust policy; default CLOSEOUT_TRUST.",
            valueName: "policy"),
        completion: .file(), transform: pathArgument)
    var trust: [UInt8]?

    @Flag(help: .hidden)
    var allowSampleKeys = false

    /// None yet: the parser sets them.
    package init() {}

    /// The policy's file, where one was given.
    package var file: [UInt8]? { trust ?? trustFromEnvironment() }

    /// Reads the policy once, with the key files that it names; without any the policy is nil.
    ///
    /// - Throws: `CommandFailure`, `FileError`.
    package func load() throws -> Trust {
        try file.map(trust(at:)) ?? Trust()
    }
}

/// The path in `CLOSEOUT_TRUST`, where it is set and not empty.
func trustFromEnvironment() -> [UInt8]? {
    Machine.environment("CLOSEOUT_TRUST").flatMap { $0.isEmpty ? nil : $0 }
}

/// Whether the published sample keys are taken, which only trials and tests ask for.
struct SampleKeyOptions: ParsableArguments, PolicyReading {
    @Flag(help: .hidden)
    var allowSampleKeys = false
}

/// Which keys of a policy are taken.
protocol PolicyReading {
    /// Whether the published sample keys are.
    var allowSampleKeys: Bool { get }
}

extension PolicyReading {

    /// Reads the policy in a file or pipe once, with the key files that it names.
    ///
    /// - Returns: The policy, and its path where it can be opened again.
    /// - Throws: `CommandFailure`, `FileError`.
    func trust(at path: [UInt8]) throws -> Trust {
        let input = try readInput(path, limit: TrustPolicy.largestFile)
        var trust = Trust()
        trust.isFile = true
        trust.path = input.isPipe ? nil : path
        do {
            trust.policy = try TrustPolicy(parsing: input.bytes, in: context(besides: path))
            return trust
        } catch {
            guard KeyFormat(recognising: input.bytes) == nil else {
                throw CommandFailure(
                    .malformed, "\(printable(path)) is a public key, and a policy is needed",
                    hint: "`verify` takes a key as --key; `closeout trust init POLICY KEY "
                        + "--operator NAME` puts it into a policy")
            }
            throw CommandFailure(.malformed, "\(printable(path)): \(error)")
        }
    }

    /// Reads one key, in a file or pipe or as text, as all that is trusted.
    ///
    /// - Returns: A policy of the key, and the path of its file where it can be opened again.
    /// - Throws: `CommandFailure`, `FileError`.
    func trust(inKey text: String, algorithm: String?) throws -> Trust {
        let path = Array(text.utf8)
        let input = isKeyText(text) ? nil : try readKeyFile(path)
        let material = input?.bytes ?? path
        let name = input == nil ? "--key" : printable(path)
        let chosen = try algorithm.map(algorithmArgument)
        var trust = Trust()
        trust.path = input.flatMap { $0.isPipe ? nil : path }
        do {
            trust.policy = try TrustPolicy.single(
                material, algorithm: chosen,
                in: PolicyContext(acceptingSampleKeys: allowSampleKeys))
            return trust
        } catch {
            guard !TrustPolicy.isLikely(material) else {
                throw CommandFailure(
                    .malformed, "\(name) is a trust policy, and a public key is needed",
                    hint: "give it as --trust")
            }
            guard KeyFormat(recognising: material)?.name != KeyFormat.x509.name else {
                throw CommandFailure(
                    .malformed,
                    "\(name) is a certificate, and only a policy says whose it is",
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
