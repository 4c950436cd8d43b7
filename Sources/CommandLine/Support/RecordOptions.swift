import ArgumentParser
import CloseoutBundles
import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutVerification
import CloseoutWorkflows

extension Visibility: ExpressibleByArgument {}

/// The policy by which a command that writes records says what they are worth.
struct RecordTrustOptions: ParsableArguments, PolicyReading {
    @Option(
        help: ArgumentHelp(
            "The trust policy; default CLOSEOUT_TRUST.",
            valueName: "policy"),
        completion: .file(), transform: pathArgument)
    var trust: [UInt8]?

    @Flag(help: .hidden)
    var allowSampleKeys = false

    /// The policy, where one was given.
    func policy() throws -> TrustPolicy? {
        try (trust ?? trustFromEnvironment()).map(policy(at:))
    }
}

/// The key that signs a record, and the log key.
struct RecordSigningOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The private key that signs the record; without it the record is only "
                + "asserted.",
            valueName: "key"))
    var key: SecretSource?

    @Option(
        help: ArgumentHelp("The algorithm of --key, if it is an RSA key.", valueName: "name"),
        completion: .algorithms)
    var algorithm: String?

    @OptionGroup var logKey: LogKeyOptions
    @OptionGroup var trust: RecordTrustOptions
    @OptionGroup var criteria: CriteriaOptions
}

extension RecordSigningOptions {
    /// The signature over a record as a file for the bundle, where a key was given.
    func signature(over record: [UInt8]) throws -> NewFile? {
        guard let key else { return nil }
        let loaded = try logKey.load(key)
        let algorithm = try algorithmArgument(algorithm, for: loaded.publicKey)
        return .recordSignature(
            try RecordSignature.signing(record, with: loaded, algorithm: algorithm))
    }

    /// Reads what the bundle holds.
    func evidence(in bundle: [UInt8], _ context: Context) throws -> BundleEvidence {
        try BundleEvidence(bundle: bundle, policy: try trust.policy(), at: context.now)
    }

    /// Signs a record that the bundle holds; once with each key.
    func sign(
        _ record: ResolvedRecord, in bundle: [UInt8], _ evidence: BundleEvidence, _ context: Context
    ) async throws {
        guard let key else {
            throw CommandFailure(.usage, "no key was given to sign with", hint: "give --key KEY")
        }
        let before = try await accepted(in: bundle, evidence, context)
        let loaded = try logKey.load(key)
        let algorithm = try algorithmArgument(algorithm, for: loaded.publicKey)
        if let path = try evidence.signature(over: record.digest, by: loaded.publicKey, algorithm) {
            try context.console.result("\(printable(path))\n")
            context.console.warning("it is signed with this key already; nothing was written")
        } else {
            var appending = try BundleAppending(opening: bundle)
            let signature = try RecordSignature.signing(
                record.signed.record.canonicalBytes, with: loaded, algorithm: algorithm)
            let stored = try appending.add(.recordSignature(signature), at: context.now)
            try logKey.commit(appending, bundle: bundle, under: try trust.policy(), context)
            try context.console.result("\(printable(stored.path))\n")
        }
        try tell(record.digest, in: bundle, context)
        try await warnOfLapsed(since: before, in: bundle, context)
    }

    /// Says what a record is worth now.
    func tell(_ digest: SHA256Digest, in bundle: [UInt8], _ context: Context) throws {
        let evidence = try evidence(in: bundle, context)
        guard let record = evidence.state.record(digest),
            let line = evidence.state.lines.first(where: { $0.digest == digest })
        else { return }
        let path = evidence.path(of: digest)
        let telling = RecordReporting(evidence, of: bundle, context.console)
        let isUnreported = telling.isUnreported(record)
        let names = line.operators.isEmpty ? "" : " by \(line.operators.joined(separator: ", "))"
        context.console.note(
            "\(path): "
                + (isUnreported
                    ? "signed; what that counts for, --trust POLICY tells"
                    : "\(line.state)\(names)"))
        guard !telling.warnOfObjection(record), !isUnreported else { return }
        telling.warnOfShortfall(record)
    }
}

extension NewFile {
    /// A signature over a record as a file for the bundle.
    fileprivate static func recordSignature(_ bytes: [UInt8]) -> NewFile {
        NewFile(kind: .signature, mediaType: .signature(.dsse), bytes: bytes)
    }
}

/// The options of every command that writes a record.
struct RecordOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Who makes the record; stored as given, not checked.", valueName: "name"),
        transform: textArgument)
    var by: String?

    @Option(
        help: ArgumentHelp(
            "public or restricted; each kind has a default.",
            valueName: "visibility"))
    var visibility: Visibility?

    @OptionGroup var signing: RecordSigningOptions

    /// A record that is to be written.
    struct Draft {
        let body: Record.Body
        var links: [RecordLink] = []
        /// Files that are stored with it, and what each is to it.
        var files: [(kind: String, path: [UInt8])] = []
    }

    /// Stores a record with its files and its signature in one step, and prints their paths.
    func write(
        _ draft: Draft, to bundle: [UInt8], _ evidence: BundleEvidence, _ context: Context
    ) async throws {
        let before = try await signing.accepted(in: bundle, evidence, context)
        let policy = try signing.trust.policy()
        var appending = try BundleAppending(opening: bundle)
        var stored: [StoredFile] = []
        var links = draft.links
        for file in draft.files {
            let new = try appending.add(.attachment(at: file.path), at: context.now)
            stored.append(new)
            guard !links.contains(where: { $0.digest == new.digest }) else {
                throw CommandFailure(
                    .usage, "\(printable(file.path)) is named twice",
                    hint: "a file shows one thing in a record; what else it shows another record "
                        + "tells, with --shared-because TEXT")
            }
            links.append(RecordLink(kind: file.kind, digest: new.digest))
        }
        let record = try record(draft, links, evidence, context)
        if let signature = try signing.signature(over: record.canonicalBytes) {
            stored.append(try appending.add(signature, at: context.now))
        }
        let file = try appending.add(record, at: context.now)
        stored.append(file)
        try RecordRefusal(evidence: evidence, grown: try appending.grownLog()).check(record)
        try signing.logKey.commit(appending, bundle: bundle, under: policy, context)
        for file in stored { try context.console.result("\(printable(file.path))\n") }
        try signing.tell(file.digest, in: bundle, context)
        try await signing.warnOfLapsed(since: before, in: bundle, context)
    }

    /// The record with its header, as it will be read back.
    private func record(
        _ draft: Draft, _ links: [RecordLink], _ evidence: BundleEvidence, _ context: Context
    ) throws -> Record {
        let visibility = visibility ?? Record.visibility(of: draft.body, by: by)
        let header = try RecordHeader.new(
            evidence.seal.release, seal: evidence.sealDigest, at: context.now, by: by, visibility,
            links: links)
        return try Record(header: header, body: draft.body).readBack()
    }
}
