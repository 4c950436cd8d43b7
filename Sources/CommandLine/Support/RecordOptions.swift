import ArgumentParser
import CloseoutBundles
import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutVerification

extension Visibility: ExpressibleByArgument {}

/// The key that signs a record, and the log key.
struct RecordSigningOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The private key that signs the record; it is only asserted without.",
            valueName: "key"))
    var key: SecretSource?

    @Option(help: ArgumentHelp("The algorithm of an RSA --key.", valueName: "name"))
    var algorithm: String?

    @OptionGroup var logKey: LogKeyOptions
    @OptionGroup var trust: PolicyOptions
    @OptionGroup var criteria: CriteriaOptions
}

extension RecordSigningOptions {
    /// The signature over a record as a file for the bundle.
    func signature(over record: [UInt8], with key: LoadedKey) throws -> NewFile {
        let algorithm = try algorithmArgument(algorithm, for: key.key.publicKey)
        return .recordSignature(
            try RecordSignature.signing(record, with: key.key, algorithm: algorithm))
    }

    /// Reads the policy, once, and what the bundle holds under it.
    func evidence(in bundle: [UInt8], _ context: Context) async throws -> BundleEvidence {
        try await BundleEvidence(
            bundle: bundle, policy: try trust.load().policy, at: context.now,
            waiting: context.lockWait)
    }

    /// Signs a record that the bundle holds; once with each key.
    func sign(
        _ record: ResolvedRecord, in bundle: [UInt8], _ evidence: BundleEvidence, _ context: Context
    ) async throws {
        let keys = try logKey.loadKeys(key)
        let key = try keys.signer
        let before = try await accepted(in: bundle, evidence, context)
        let own = key.key.publicKey
        let algorithm = try algorithmArgument(algorithm, for: own)
        if let path = try evidence.signature(over: record.digest, by: own, algorithm) {
            try context.console.result("\(printable(path))\n")
            context.console.warning("it is signed with this key already; nothing was written")
        } else {
            var appending = try await BundleAppending(opening: bundle, waiting: context.lockWait)
            let signature = try signature(
                over: record.signed.record.canonicalBytes, with: key)
            let stored = try appending.add(signature, at: context.now)
            try logKey.commit(
                appending, bundle: bundle, under: evidence.policy, with: keys.log, context)
            try context.console.result("\(printable(stored.path))\n")
        }
        try await tell(record.digest, in: bundle, under: evidence.policy, context)
        try await warnOfLapsed(
            since: before, in: bundle, under: evidence.policy, context)
    }

    /// Says what a record is worth now.
    func tell(
        _ digest: SHA256Digest, in bundle: [UInt8], under policy: TrustPolicy?, _ context: Context
    ) async throws {
        let evidence = try await BundleEvidence(
            bundle: bundle, policy: policy, at: context.now, waiting: context.lockWait)
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
        help: ArgumentHelp("Who makes the record; kept as it is.", valueName: "name"),
        transform: textArgument)
    var by: String?

    @Option(
        help: ArgumentHelp(
            "Who may see it, public or restricted; each kind has a default.",
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
        let keys = try signing.logKey.loadKeys(signing.key)
        let before = try await signing.accepted(in: bundle, evidence, context)
        var appending = try await BundleAppending(opening: bundle, waiting: context.lockWait)
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
        if let key = keys.key {
            let signature = try signing.signature(over: record.canonicalBytes, with: key)
            stored.append(try appending.add(signature, at: context.now))
        }
        let file = try appending.add(record, at: context.now)
        stored.append(file)
        try RecordRefusal(evidence: evidence, grown: try appending.grownLog()).check(record)
        try signing.logKey.commit(
            appending, bundle: bundle, under: evidence.policy, with: keys.log, context)
        for file in stored { try context.console.result("\(printable(file.path))\n") }
        try await signing.tell(file.digest, in: bundle, under: evidence.policy, context)
        try await signing.warnOfLapsed(
            since: before, in: bundle, under: evidence.policy, context)
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
