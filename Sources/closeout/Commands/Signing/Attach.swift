import ArgumentParser
import Bundles
import Encodings
import Files
import Manifests
import OpenSSL
import Records
import Signatures
import Verification

/// Stores signatures that were made elsewhere (docs/command-line.md, "attach").
struct Attach: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach",
        abstract: "Verify signatures that were made elsewhere and store them.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", transform: pathArgument)
    var bundle: [UInt8]

    @Argument(
        help: ArgumentHelp(
            "Files with signatures over seal.json or over a record.", valueName: "signature"),
        transform: pathArgument)
    var signatures: [[UInt8]]

    @Option(help: ArgumentHelp("The format, where the content does not tell.", valueName: "format"))
    var type: String?

    @OptionGroup var attaching: AttachOptions
    @OptionGroup var trust: TrustOptions
    @OptionGroup var logKey: LogKeyOptions

    func execute(_ context: Context) async throws {
        let policy = try trust.required()
        let candidates = try signatures.map { path in
            let bytes = try readFile(path, limit: SignatureFormat.largestFile)
            return AttachOptions.Candidate(
                path: path, bytes: bytes,
                format: try signatureFormat(named: type, of: bytes, at: path))
        }
        try attaching.attach(candidates, to: bundle, trusting: policy, log: logKey, context)
    }
}

/// The options of attaching, which `sign --with` shares.
struct AttachOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("What the signer calls its key; kept as it is.", valueName: "reference"))
    var keyReference: String?

    @Option(help: ArgumentHelp("Who attaches it; kept as it is.", valueName: "name"))
    var by: String?

    /// A signature that may be attached.
    struct Candidate {
        /// Where it comes from.
        let path: [UInt8]
        let bytes: [UInt8]
        let format: SignatureFormat

        /// What to call it in messages.
        var name: String { printable(path) }
    }

    /// Verifies every signature over the bundle's seal, and stores all of them or none.
    func attach(
        _ candidates: [Candidate], to bundle: [UInt8], trusting policy: TrustPolicy,
        log: LogKeyOptions, _ context: Context
    ) throws {
        let notes = candidates.filter { $0.format == .note }
        if !notes.isEmpty {
            try CosignatureAttaching(bundle: bundle, policy: policy, context: context)
                .attach(notes)
        }
        let candidates = candidates.filter { $0.format != .note }
        if candidates.isEmpty { return }
        var appending = try BundleAppending(opening: bundle)
        let seal = try Seal(parsing: appending.seal)
        let judge = Judge(policy: policy, asOf: context.now, release: seal.release.name)
        var stored: [StoredFile] = []
        for candidate in candidates {
            let signature =
                candidate.format == .dsse ? RecordSignature(envelope: candidate.bytes) : nil
            if let signature { try checkRecord(of: signature, candidate, appending.log) }
            let content = signature.map { SignedContent.record($0.record) }
            try check(candidate, over: content ?? .seal(appending.seal), by: judge, context)
            let file = try appending.add(
                NewFile(
                    kind: .signature, mediaType: .signature(candidate.format),
                    bytes: candidate.bytes),
                at: context.now)
            stored.append(file)
            guard !file.existed, signature == nil else { continue }
            let record = try archiveRecord(
                of: file, candidate.format, seal, appending.sealDigest, context)
            stored.append(
                try appending.add(
                    NewFile(kind: .evidence, mediaType: .record, bytes: record.canonicalBytes),
                    at: context.now))
        }
        try log.commit(appending, bundle: bundle, context)
        for file in stored { try context.console.result("\(printable(file.path))\n") }
        try tellRoles(of: bundle, judge, context)
    }

    /// A signature over a record has a file of its own, and the bundle holds the record.
    private func checkRecord(
        of signature: RecordSignature, _ candidate: Candidate, _ log: BundleLog
    ) throws {
        let digest = try SHA256Digest.of(signature.record)
        guard log.entries.contains(where: { $0.digest == digest && $0.kind == .evidence }) else {
            throw CommandFailure(
                .failed, "\(candidate.name) is over a record that this bundle does not hold",
                hint: "nothing was stored; add the record first")
        }
        guard signature.count == 1 else {
            throw CommandFailure(
                .failed, "\(candidate.name) holds \(signature.count) signatures over one record",
                hint: "nothing was stored; each signature of a record is a file of its own")
        }
    }

    /// A signature that no trusted key verifies is not stored.
    private func check(
        _ candidate: Candidate, over content: SignedContent, by judge: Judge, _ context: Context
    ) throws {
        let format = candidate.format
        let judgements = try judge.judge(candidate.bytes, as: format, over: content)
        for judgement in judgements where judgement.effect == .fails {
            throw CommandFailure(
                .failed,
                "\(candidate.name), a \(format.name) signature: \(judgement.outcome.reason)",
                hint: "nothing was stored; is it over this bundle's seal.json?")
        }
        guard judgements.contains(where: { $0.outcome != .unknownKey }) else {
            throw CommandFailure(
                .failed,
                "\(candidate.name), a \(format.name) signature, verifies under no trusted key",
                hint: "nothing was stored; is it over this bundle's seal.json, and by a key that "
                    + "--trust or --key names?")
        }
        context.console.note("\(candidate.name): recognised as \(format.name)")
        for judgement in judgements where judgement.effect != .counts {
            context.console.warning("\(candidate.name): \(judgement.outcome.reason)")
        }
    }

    private func archiveRecord(
        of file: StoredFile, _ format: SignatureFormat, _ seal: Seal, _ digest: SHA256Digest,
        _ context: Context
    ) throws -> Record {
        Record(
            header: RecordHeader(
                releaseName: seal.release.name, releaseVersion: seal.release.version, seal: digest,
                at: context.now, by: by, visibility: .restricted, salt: try randomBytes(32),
                links: [RecordLink(kind: ArchiveSignature.link, digest: file.digest)]),
            body: .archiveSignature(
                ArchiveSignature(format: format.name, keyReference: keyReference)))
    }

    /// Says for which roles the seal has signatures now, and what is missing.
    private func tellRoles(of bundle: [UInt8], _ judge: Judge, _ context: Context) throws {
        let contents = try BundleFolder(opening: bundle).contents()
        guard let seal = contents.seal else { return }
        let judgements = try judgeSealSignatures(in: contents, seal: seal, by: judge)
            .flatMap(\.judgements)
        for role in [Role.release, .archive] {
            guard let tally = judge.tally(role, judgements) else { continue }
            let count = judgements.filter { $0.effect == .counts && $0.roles.contains(role) }.count
            context.console.note(
                "\(role.rawValue): \(counted(count, "signature")) by "
                    + "\(counted(tally.operators.count, "operator")); "
                    + "needs \(tally.threshold)")
        }
    }
}
