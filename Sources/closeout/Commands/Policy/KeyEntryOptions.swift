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

    /// The entries of the keys in files, with what was said of keys of their formats.
    func entries(of paths: [[UInt8]], id: String? = nil) throws -> [KeyEntry] {
        let entries = try paths.flatMap { try self.entries(of: $0, id: id) }
        let members = try details.members()
        let formats = Set(entries.map(\.format))
        let algorithm = try algorithm.map(algorithmArgument)
        let needsAlgorithm = entries.contains { $0.algorithm != nil }
        return entries.map { entry in
            var entry = entry
            // What none of the keys can have goes to all, and the policy refuses it by name.
            entry.add(
                members.filter { member in
                    member.formats.contains(entry.format)
                        || formats.isDisjoint(with: member.formats)
                }.map(\.json))
            if entry.algorithm != nil || !needsAlgorithm {
                entry.algorithm = algorithm ?? entry.algorithm
            }
            return entry
        }
    }

    /// The entries of the keys in a file: several where it is an `allowed_signers` of OpenSSH.
    private func entries(of path: [UInt8], id: String?) throws -> [KeyEntry] {
        let bytes = try readFile(path, limit: 256 * 1024)
        do {
            if id == nil, let entries = try KeyEntry.entries(allowedSigners: bytes) {
                return entries.map { entry in
                    var entry = entry
                    entry.operator = self.operator
                    return entry
                }
            }
            // Of the two kinds of anchor the role tells which it is.
            return [
                try KeyEntry(
                    id: id ?? Self.id(of: path), operator: self.operator, inlining: bytes,
                    as: role == [.timestamp] ? .timestamp : nil, notBefore: notBefore,
                    notAfter: notAfter)
            ]
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
            "Of a certificate, instead of subjects: that signer's certificate or public key, or the "
                + "SHA-256 of the key.", valueName: "file|hex"))
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

    /// A member of a policy's entry, and the formats that have it.
    struct Member {
        let json: JSONMember
        let formats: [KeyFormat]
    }

    /// The members that were asked for.
    ///
    /// - Throws: `CommandFailure` where a file holds no key.
    func members() throws -> [Member] {
        let lists: [(String, [String], [KeyFormat])] = [
            ("subjects", subject, [.x509]), ("purposes", purpose, [.x509]),
            ("policies", policies, [.timestamp]), ("namespaces", namespace, [.ssh]),
            ("fingerprints", fingerprint, [.openPGP]),
        ]
        let texts: [(String, String?, [KeyFormat])] = [
            ("leaf_spki", try leafSPKI.map(Self.keyDigest), [.x509]),
            ("revocation", revocation, [.x509, .timestamp]),
        ]
        return lists.filter { !$0.1.isEmpty }.map { name, list, formats in
            Member(json: JSONMember(name, .array(list.map { JSON($0) })), formats: formats)
        }
            + texts.compactMap { name, text, formats in
                text.map { Member(json: JSONMember(name, JSON($0)), formats: formats) }
            } + (legacy ? [Member(json: JSONMember("legacy", true), formats: [.minisign])] : [])
    }

    /// A digest as it was given, or that of the key in a file.
    private static func keyDigest(_ text: String) throws -> String {
        guard !text.allSatisfy(\.isHexDigit) else { return text }
        let path = try pathArgument(text)
        let bytes = try readFile(path, limit: 256 * 1024)
        if let certificate = try? Certificate(parsing: bytes) {
            return try SHA256Digest.of(certificate.spki).hex
        }
        guard let key = try? KeyFormat.publicKey(bytes) else {
            throw CommandFailure(
                .malformed, "\(printable(path)) holds neither a certificate nor a public key")
        }
        return key.fingerprint.hex
    }
}
