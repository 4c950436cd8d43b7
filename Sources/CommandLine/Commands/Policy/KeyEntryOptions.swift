import ArgumentParser
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutSignatures

/// What is said of a key that enters a policy (docs/trust-policy.md, "Keys").
struct KeyEntryOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The operator: the person or system that holds the key.", valueName: "name"))
    var `operator`: String

    @Option(help: ArgumentHelp("A role of the key. Repeatable.", valueName: "role"))
    var role: [Role] = []

    @Option(help: ArgumentHelp("How many operators must sign, for a new role.", valueName: "n"))
    var threshold: Int?

    @Option(
        help: ArgumentHelp(
            "Limit a new role to releases of this name. Repeatable.", valueName: "name"))
    var releases: [String] = []

    @Option(
        help: ArgumentHelp(
            "The algorithm of its signatures; default for RSA rsa-pss-sha256.",
            valueName: "name"),
        completion: .algorithms)
    var algorithm: String?

    @Option(
        help: ArgumentHelp("Valid from.", valueName: "instant"),
        transform: instantArgument)
    var notBefore: Instant?

    @Option(
        help: ArgumentHelp("Valid until.", valueName: "instant"),
        transform: instantArgument)
    var notAfter: Instant?

    @OptionGroup var details: KeyDetailOptions

    /// The entries of the keys in files, with what was said of keys of their formats.
    func entries(
        of paths: [[UInt8]], besides policy: [UInt8], id: String? = nil
    ) throws -> [KeyInFile] {
        let keys = try paths.flatMap { path in
            try entries(of: path, besides: policy, id: id).map { KeyInFile(path: path, entry: $0) }
        }
        let members = try details.members()
        let formats = Set(keys.map(\.entry.format))
        for member in members where formats.isDisjoint(with: member.formats) {
            let kinds = member.formats.map(\.name).joined(separator: " or ")
            throw CommandFailure(
                .usage, "--\(member.option) is for keys of the format \(kinds)",
                hint: "given are keys of the format "
                    + Set(formats.map(\.name)).sorted().joined(separator: " and "))
        }
        let algorithm = try algorithm.map(algorithmArgument)
        let needsAlgorithm = keys.contains { $0.entry.algorithm != nil }
        return keys.map { key in
            var key = key
            key.entry.add(members.filter { $0.formats.contains(key.entry.format) }.map(\.json))
            if key.entry.algorithm != nil || !needsAlgorithm {
                key.entry.algorithm = algorithm ?? key.entry.algorithm
            }
            return key
        }
    }

    /// The entries of the keys in a file: several where it is an `allowed_signers` of OpenSSH.
    private func entries(
        of path: [UInt8], besides policy: [UInt8], id: String?
    ) throws -> [KeyEntry] {
        let bytes = try readKeyFile(path).bytes
        let kept = try keyFilePath(path, besides: policy)
        do {
            if id == nil, let entries = try KeyEntry.entries(allowedSigners: bytes) {
                return entries.map { entry in
                    var entry = entry
                    entry.operator = self.operator
                    entry.narrow(from: notBefore, to: notAfter)
                    return entry
                }
            }
            // Which of the two kinds of anchor it is, the role shows.
            return [
                try KeyEntry(
                    id: try id ?? Self.id(of: path), operator: self.operator, inlining: bytes,
                    from: kept, as: role == [.timestamp] ? .timestamp : nil,
                    notBefore: notBefore, notAfter: notAfter)
            ]
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure(.malformed, "\(printable(path)): \(error)")
        }
    }

    /// The roles that were named, else those that go without saying.
    func roles(otherwise usual: [Role] = []) -> [RoleEntry] {
        (role.isEmpty ? usual : role).map {
            RoleEntry($0, threshold: threshold ?? 1, releases: releases.isEmpty ? nil : releases)
        }
    }

    /// Refuses a rule for a role that the policy has already with another: a key that is added
    /// changes none.
    func demandRules(of policy: TrustPolicy) throws {
        for role in role {
            guard let rule = policy.roles[role] else { continue }
            let present: String
            if let threshold, threshold != rule.threshold {
                present = "threshold \(rule.threshold)"
            } else if !releases.isEmpty, Set(releases) != Set(rule.releases ?? []) {
                present =
                    rule.releases.map { "releases \($0.joined(separator: ", "))" }
                    ?? "no limit to releases"
            } else {
                continue
            }
            throw CommandFailure(
                .usage, "role \(role.rawValue) has \(present) already, and a new key changes none",
                hint: "add the key without the option, and change the rule in the policy's file")
        }
    }

    /// The file's name without the endings that key files have.
    static func id(
        of path: [UInt8],
        endings: [String] = [".pem", ".der", ".crt", ".cer", ".asc", ".gpg", ".pub"]
    ) throws -> String {
        var name = Path.split(path).name ?? path
        for ending in endings
        where name.count > ending.utf8.count {
            if name.suffix(ending.utf8.count).elementsEqual(ending.utf8) {
                name.removeLast(ending.utf8.count)
            }
        }
        guard firstInvalidUTF8(in: name) == nil else {
            throw CommandFailure(
                .usage, "the name of \(printable(path)) is not UTF-8, and so is no id for the key",
                hint: "give --id NAME, or the file by another name")
        }
        return String(decoding: name, as: UTF8.self)
    }
}

/// What only keys of one format have.
struct KeyDetailOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "For certificates: subject (CN=Release,O=Acme) or SAN (email:NAME) that "
                + "the signer must have. Repeatable.",
            valueName: "name"))
    var subject: [String] = []

    @Option(
        help: ArgumentHelp(
            "For certificates, instead of subjects: the signer's certificate or public "
                + "key, or the SHA-256 of the key.", valueName: "file|hex"),
        completion: .file())
    var leafSPKI: String?

    @Option(
        help: ArgumentHelp(
            "For certificates: extended key usage that the signer must have: "
                + "codeSigning (default), emailProtection, any or an object identifier. "
                + "Repeatable.", valueName: "name"))
    var purpose: [String] = []

    @Option(
        help: ArgumentHelp(
            "For certificates: crl if revocation lists are required, else none.",
            valueName: "rule"),
        completion: .list(["crl", "none"]))
    var revocation: String?

    @Option(
        name: .customLong("policy-id"),
        help: ArgumentHelp(
            "For time-stamp authorities: an accepted time-stamp policy. Repeatable.",
            valueName: "oid"))
    var policies: [String] = []

    @Option(
        help: ArgumentHelp(
            "For SSH keys: an accepted namespace. Repeatable.", valueName: "name"))
    var namespace: [String] = []

    @Flag(help: "For minisign keys: accept legacy signatures.")
    var legacy = false

    @Option(
        help: ArgumentHelp(
            "For OpenPGP key rings: fingerprint of an accepted primary key. Repeatable.",
            valueName: "hex"))
    var fingerprint: [String] = []

    @Option(
        help: ArgumentHelp(
            "For OpenPGP keys: apply (default) or ignore the key's own expiry.", valueName: "rule"),
        completion: .list(["apply", "ignore"]))
    var keyExpiry: String?

    @Flag(
        name: .customLong("sha1-binding"),
        help: "For OpenPGP keys: accept binding signatures made with SHA-1.")
    var sha1Binding = false

    /// A member of a policy's entry, the option that says it, and the formats that have it.
    struct Member {
        let json: JSONMember
        let option: String
        let formats: [KeyFormat]
    }

    /// The members that were asked for.
    ///
    /// - Throws: `CommandFailure` where a file holds no key.
    func members() throws -> [Member] {
        func list(_ texts: [String]) -> JSON? {
            texts.isEmpty ? nil : .array(texts.map { JSON($0) })
        }
        let all: [(option: String, name: String, value: JSON?, formats: [KeyFormat])] = [
            ("subject", "subjects", list(subject), [.x509]),
            ("purpose", "purposes", list(purpose), [.x509]),
            ("policy-id", "policies", list(policies), [.timestamp]),
            ("namespace", "namespaces", list(namespace), [.ssh]),
            ("fingerprint", "fingerprints", list(fingerprint), [.openPGP]),
            ("key-expiry", "key_expiry", keyExpiry.map { JSON($0) }, [.openPGP]),
            ("sha1-binding", "sha1_binding", sha1Binding ? true : nil, [.openPGP]),
            ("leaf-spki", "leaf_spki", try leafSPKI.map(Self.keyDigest).map { JSON($0) }, [.x509]),
            ("revocation", "revocation", revocation.map { JSON($0) }, [.x509, .timestamp]),
            ("legacy", "legacy", legacy ? true : nil, [.minisign]),
        ]
        return all.compactMap { option, name, value, formats in
            value.map { Member(json: JSONMember(name, $0), option: option, formats: formats) }
        }
    }

    /// A digest as it was given, or that of the key in a file.
    private static func keyDigest(_ text: String) throws -> String {
        guard !text.allSatisfy(\.isHexDigit) else { return text }
        let path = try pathArgument(text)
        let bytes = try readKeyFile(path).bytes
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
