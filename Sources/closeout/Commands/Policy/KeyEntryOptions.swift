import ArgumentParser
import Encodings
import Files
import OpenSSL
import Signatures

/// What is said of a key that enters a policy (docs/trust-policy.md, "Keys").
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

    @OptionGroup var details: KeyDetailOptions

    /// The entries of the keys in a file: several where it is an `allowed_signers` of OpenSSH.
    func entries(of path: [UInt8], id: String?) throws -> [KeyEntry] {
        let bytes = try readFile(path, limit: 256 * 1024)
        do {
            if id == nil, let entries = try KeyEntry.entries(allowedSigners: bytes) {
                return entries.map { entry in
                    var entry = entry
                    entry.operator = self.operator
                    entry.add(details.members)
                    return entry
                }
            }
            return [try entry(of: path, bytes, id: id)]
        } catch let error as TrustError {
            throw CommandFailure(.malformed, "\(printable(path)): \(error)")
        }
    }

    /// The entry of the key in a file; it stands in the policy itself.
    private func entry(of path: [UInt8], _ bytes: [UInt8], id: String?) throws -> KeyEntry {
        // Of the two kinds of anchor the role tells which it is.
        let isTimeStamping = role == [.timestamp]
        var entry = try KeyEntry(
            id: id ?? Self.id(of: path), operator: self.operator, inlining: bytes,
            as: isTimeStamping ? .timestamp : nil, algorithm: algorithm.map(algorithmArgument),
            notBefore: notBefore, notAfter: notAfter)
        entry.add(details.members)
        return entry
    }

    var roles: [RoleEntry] {
        role.map {
            RoleEntry($0, threshold: threshold, releases: releases.isEmpty ? nil : releases)
        }
    }

    /// The file's name without the endings that key files have.
    private static func id(of path: [UInt8]) -> String {
        var name = Path.split(path).name ?? path
        for ending in [".pem", ".der", ".crt", ".cer", ".asc", ".gpg", ".pub"]
        where name.count > ending.utf8.count {
            if name.suffix(ending.utf8.count).elementsEqual(ending.utf8) {
                name.removeLast(ending.utf8.count)
            }
        }
        return String(decoding: name, as: UTF8.self)
    }
}

/// What only keys of one format have.
struct KeyDetailOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Of a certificate: the subject, as CN=Release,O=Acme, or alternative name, as "
                + "email:NAME, of whom it certifies and the key stands for. Repeatable.",
            valueName: "name"))
    var subject: [String] = []

    @Option(
        help: ArgumentHelp(
            "Of a certificate, instead of subjects: the SHA-256 of that signer's public key.",
            valueName: "hex"))
    var leafSPKI: String?

    @Option(
        help: ArgumentHelp(
            "Of a certificate: what the signer's may be for, as codeSigning (the default), "
                + "emailProtection, any or an object identifier. Repeatable.", valueName: "name"))
    var purpose: [String] = []

    @Option(
        help: ArgumentHelp(
            "Of a certificate: whether revocation lists must cover it: crl or none.",
            valueName: "rule"))
    var revocation: String?

    @Option(
        name: .customLong("policy-id"),
        help: ArgumentHelp(
            "Of a time-stamp authority: a policy under which it may stamp. Repeatable.",
            valueName: "oid"))
    var policies: [String] = []

    @Option(
        help: ArgumentHelp(
            "Of an SSH key: a namespace that it may sign for. Repeatable.", valueName: "name"))
    var namespace: [String] = []

    @Flag(help: "Of a minisign key: whether its legacy signatures count.")
    var legacy = false

    @Option(
        help: ArgumentHelp(
            "Of an OpenPGP key ring: a primary key that counts. Repeatable.", valueName: "hex"))
    var fingerprint: [String] = []

    /// The members of a policy's entry.
    var members: [JSONMember] {
        let lists = [
            ("subjects", subject), ("purposes", purpose), ("policies", policies),
            ("namespaces", namespace), ("fingerprints", fingerprint),
        ]
        let texts = [("leaf_spki", leafSPKI), ("revocation", revocation)]
        return lists.filter { !$1.isEmpty }
            .map { JSONMember($0, .array($1.map { JSON($0) })) }
            + texts.compactMap { name, text in text.map { JSONMember(name, JSON($0)) } }
            + (legacy ? [JSONMember("legacy", true)] : [])
    }
}
