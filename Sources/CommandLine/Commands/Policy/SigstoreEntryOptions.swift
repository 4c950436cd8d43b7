import ArgumentParser
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutSignatures

/// An identity of Sigstore's signers, and the trusted root that it belongs to (docs/sigstore.md).
struct SigstoreEntryOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Sigstore, in place of a key: the name in the certificate, a URI or mail address.",
            valueName: "name"))
    var identity: String?

    @Option(
        help: ArgumentHelp(
            "Sigstore, in place of --identity: a workflow's URI up to the @, at any ref.",
            valueName: "uri"))
    var identityAnyRef: String?

    @Option(
        help: ArgumentHelp(
            "Sigstore: the issuer in the certificate, whole; empty for one that names none.",
            valueName: "url"))
    var issuer: String?

    @Option(
        help: ArgumentHelp(
            "Sigstore: a trusted_root.json, or the id of one in the policy.", valueName: "file|id"),
        completion: .file())
    var root: String?

    @Option(
        help: ArgumentHelp(
            "Sigstore: who runs the instance of a new root; default sigstore.", valueName: "name"))
    var rootOperator: String?

    @Option(
        help: ArgumentHelp(
            "Sigstore: what the certificate must say besides, such as "
                + "source_repository=https://github.com/acme/pay. Repeatable.",
            valueName: "name=value"))
    var claim: [String] = []

    @Option(
        help: ArgumentHelp(
            "Sigstore: what a new root demands: log=0|1, sct=0|1, time=set|tsa|either, "
                + "inclusion=proof|promise, line=N. Repeatable.",
            valueName: "name=value"))
    var demand: [String] = []

    /// Whether an identity is to be added, and no key.
    var isUsed: Bool { identity != nil || identityAnyRef != nil }

    /// Confirms that the options belong together.
    func validate() throws {
        guard isUsed else {
            guard issuer == nil, root == nil, rootOperator == nil, claim.isEmpty, demand.isEmpty
            else { throw ValidationError("these options of Sigstore need --identity NAME") }
            return
        }
        guard identity == nil || identityAnyRef == nil else {
            throw ValidationError("give --identity or --identity-any-ref, and not both")
        }
        guard issuer != nil, root != nil else {
            throw ValidationError(
                "an identity needs --issuer URL and --root FILE: a name without its issuer is nobody's"
            )
        }
    }

    /// The entries to add to a policy: the identity, and its root where that is a file.
    ///
    /// - Throws: `CommandFailure` for an option that is not of its form, or a file that cannot be read.
    func entries(
        id: String, operator name: String, besides policy: [UInt8], in present: TrustPolicy,
        from start: Instant?, to end: Instant?
    ) throws -> [KeyInFile] {
        let root = root ?? ""
        var entries: [KeyInFile] = []
        var rootID = root
        let isPresent = present.key(root)?.format == .sigstoreRoot
        guard !isPresent || rootOperator == nil && demand.isEmpty else {
            throw CommandFailure(
                .usage,
                "--root \(root) is in the policy already, and what it demands stays as it is")
        }
        if !isPresent {
            let path = try pathArgument(root)
            let bytes = try readKeyFile(path).bytes
            rootID = try KeyEntryOptions.id(of: path, endings: [".json", ".jsonl"])
            var entry = KeyEntry(
                id: rootID, operator: rootOperator ?? "sigstore", format: .sigstoreRoot,
                source: .file(
                    path: try keyFilePath(path, besides: policy),
                    digest: try SHA256Digest.of(bytes)))
            entry.add(try demand.map { try Self.member($0, "--demand") })
            entries.append(KeyInFile(path: path, entry: entry))
        }
        var members = [
            JSONMember("root", JSON(rootID)), JSONMember("issuer", JSON(issuer ?? "")),
        ]
        if let identity { members.append(JSONMember("identity", JSON(identity))) }
        if let identityAnyRef {
            members.append(JSONMember("identity_any_ref", JSON(identityAnyRef)))
        }
        members += try claim.map { text in
            let member = try Self.member(text, "--claim")
            guard case .integer(let number) = member.value else { return member }
            return JSONMember(key: member.key, value: JSON("\(number)"))
        }
        var entry = KeyEntry(
            id: id, operator: name, format: .sigstoreIdentity, source: .none, notBefore: start,
            notAfter: end)
        entry.add(members)
        return entries + [KeyInFile(path: policy, entry: entry)]
    }

    /// A member of an entry, as `NAME=VALUE` says it.
    private static func member(_ text: String, _ option: String) throws -> JSONMember {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            throw CommandFailure(.usage, "\(option) \(text): expected NAME=VALUE")
        }
        let value = String(parts[1])
        if let number = Int64(value), "\(number)" == value {
            return JSONMember(String(parts[0]), .integer(number))
        }
        return JSONMember(String(parts[0]), JSON(value))
    }
}
