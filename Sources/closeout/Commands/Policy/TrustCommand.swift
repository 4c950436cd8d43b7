import ArgumentParser
import Bundles
import Encodings
import Files
import OpenSSL
import Signatures

/// Writes and checks trust policies (docs/command-line.md, "trust").
struct TrustCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust", abstract: "Write and check trust policies.",
        subcommands: [
            TrustInit.self, TrustAdd.self, TrustRetire.self, TrustRevoke.self, TrustLint.self,
            TrustShow.self,
        ])
}

/// A policy in a file that a command changes.
struct PolicyFile {
    let path: [UInt8]
    let samples: SampleKeyOptions

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

/// What is said of a key that enters a policy.
struct KeyEntryOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Who answers for the key.", valueName: "name"))
    var `operator`: String

    @Option(help: ArgumentHelp("A role that it serves. Repeatable.", valueName: "role"))
    var role: [Role] = []

    @Option(help: ArgumentHelp("How many operators a new role needs.", valueName: "n"))
    var threshold: Int = 1

    @Option(
        help: ArgumentHelp("Releases that a new role is for. Repeatable.", valueName: "name"))
    var releases: [String] = []

    @Option(help: ArgumentHelp("The algorithm of an RSA key.", valueName: "name"))
    var algorithm: String?

    @Option(
        help: ArgumentHelp("When the key begins to count.", valueName: "instant"),
        transform: instantArgument)
    var notBefore: Instant?

    @Option(
        help: ArgumentHelp("When the key ends to count.", valueName: "instant"),
        transform: instantArgument)
    var notAfter: Instant?

    /// The entries of the keys in a file: several where it is an `allowed_signers` of OpenSSH.
    func entries(of path: [UInt8], id: String?) throws -> [KeyEntry] {
        let bytes = try readFile(path, limit: 256 * 1024)
        do {
            if id == nil, let entries = try KeyEntry.entries(allowedSigners: bytes) {
                return entries.map { entry in
                    var entry = entry
                    entry.operator = self.operator
                    return entry
                }
            }
        } catch {
            throw CommandFailure(.malformed, "\(printable(path)): \(error)")
        }
        return [try entry(of: path, id: id)]
    }

    /// The entry of the key in a file; it stands in the policy itself.
    func entry(of path: [UInt8], id: String?) throws -> KeyEntry {
        let bytes = try readFile(path, limit: 256 * 1024)
        let algorithm = try algorithm.map { name in
            guard let algorithm = SignatureAlgorithm(rawValue: name) else {
                throw CommandFailure(
                    .usage, "there is no algorithm \(printable(Array(name.utf8)))",
                    hint: "use one of "
                        + SignatureAlgorithm.allCases.map(\.rawValue).joined(separator: ", "))
            }
            return algorithm
        }
        do {
            return try KeyEntry(
                id: id ?? Self.id(of: path), operator: self.operator, inlining: bytes,
                algorithm: algorithm, notBefore: notBefore, notAfter: notAfter)
        } catch {
            throw CommandFailure(.malformed, "\(printable(path)): \(error)")
        }
    }

    var roles: [RoleEntry] {
        role.map {
            RoleEntry($0, threshold: threshold, releases: releases.isEmpty ? nil : releases)
        }
    }

    /// The file's name without the endings that key files have.
    private static func id(of path: [UInt8]) -> String {
        var name = Path.split(path).name ?? path
        for ending in [".pem", ".der", ".asc", ".gpg", ".pub"] where name.count > ending.utf8.count
        {
            if name.suffix(ending.utf8.count).elementsEqual(ending.utf8) {
                name.removeLast(ending.utf8.count)
            }
        }
        return String(decoding: name, as: UTF8.self)
    }
}
