import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutVerification

/// Verifies what was made elsewhere and adds it to a bundle, which is not committed here
/// (docs/command-line.md, "attach").
struct Attaching {
    let bundle: [UInt8]
    /// The bundle as it was before.
    let contents: BundleContents
    let seal: Seal
    /// The policy, with all certificates at hand.
    let verifier: SignatureVerifier
    let options: AttachOptions
    let context: Context

    /// Where something that was attached is once it has been committed.
    enum Place {
        /// At a path of the bundle.
        case logged([UInt8])
        /// In the checkpoint itself.
        case checkpoint
        /// Beside the checkpoint, or in the log where the checkpoint has a time-stamp or a
        /// successor.
        case checkpointToken(SHA256Digest)

        /// Its path, in the bundle as it is then.
        func path(in contents: BundleContents, at bundle: [UInt8]) -> [UInt8] {
            switch self {
            case .logged(let path): path
            case .checkpoint: Path.join(bundle, BundleLayout.checkpoint)
            case .checkpointToken(let digest):
                contents.files(.timestamp).first { $0.entry.digest == digest }?.entry.path
                    ?? Path.join(bundle, BundleLayout.checkpointToken)
            }
        }
    }

    /// Adds everything.
    ///
    /// Certificates go first, and signatures before the time-stamps that may be over them.
    ///
    /// - Returns: Where it will be.
    /// - Throws: `CommandFailure` where anything does not verify; nothing must be committed then.
    func add(
        _ attachments: [Attachment], to appending: inout BundleAppending
    ) throws -> [Place] {
        let stamping = TimeStampAttaching(
            verifier: verifier, signatures: signatures(with: attachments), contents: contents,
            context: context)
        let noting = CosignatureAttaching(verifier: verifier, context: context)
        var places: [Place] = []
        for attachment in attachments.inOrderOfNeed {
            switch attachment.content {
            case .material(let material):
                context.console.note("\(attachment.name): recognised as \(material.summary)")
                for file in material.files {
                    places.append(.logged(try appending.add(file, at: context.now).path))
                }
            case .signature(let format):
                places += try add(attachment, format, to: &appending).map { .logged($0) }
            case .note:
                try noting.add(attachment, to: &appending)
                places.append(.checkpoint)
            case .timeStamp(let token):
                places.append(try stamping.add(attachment, token, to: &appending))
            }
        }
        return places
    }

    /// The signatures that time-stamps may be over.
    private func signatures(with attachments: [Attachment]) -> [StampableSignature] {
        let stored = contents.files(.signature).compactMap { file -> StampableSignature? in
            guard let format = SignatureFormat(mediaType: file.entry.mediaType),
                let bytes = file.trueBytes
            else { return nil }
            return StampableSignature(name: file.entry.path, file: bytes, format: format)
        }
        return stored
            + attachments.compactMap { attachment in
                guard case .signature(let format) = attachment.content else { return nil }
                return StampableSignature(
                    name: attachment.path, file: attachment.bytes, format: format)
            }
    }
}

// MARK: Signatures

extension Attaching {
    /// Verifies a signature and stores it; with one over the seal goes a record of where it came
    /// from.
    private func add(
        _ attachment: Attachment, _ format: SignatureFormat, to appending: inout BundleAppending
    ) throws -> [[UInt8]] {
        let signature = format == .dsse ? RecordSignature(envelope: attachment.bytes) : nil
        if let signature { try checkRecord(of: signature, attachment, appending.log) }
        let content = signature.map { SignedContent.record($0.record) }
        try check(attachment, format, over: content ?? .seal(appending.seal))
        let file = try appending.add(
            NewFile(kind: .signature, mediaType: .signature(format), bytes: attachment.bytes),
            at: context.now)
        guard !file.existed, signature == nil else { return [file.path] }
        let record = Record(
            header: try RecordHeader.new(
                seal.release, seal: appending.sealDigest, at: context.now, by: options.by,
                .restricted, links: [RecordLink(kind: ArchiveSignature.link, digest: file.digest)]),
            body: .archiveSignature(
                ArchiveSignature(format: format.name, keyReference: options.keyReference)))
        let stored = try appending.add(record, at: context.now)
        return [file.path, stored.path]
    }

    /// A signature over a record has a file of its own, and the bundle holds the record.
    private func checkRecord(
        of signature: RecordSignature, _ attachment: Attachment, _ log: BundleLog
    ) throws {
        let digest = try SHA256Digest.of(signature.record)
        guard log.entries.contains(where: { $0.digest == digest && $0.kind == .evidence }) else {
            throw CommandFailure(
                .failed, "\(attachment.name) is over a record that this bundle does not hold",
                hint: "nothing was stored; add the record first")
        }
        guard signature.signatures.count == 1 else {
            let count = signature.signatures.count
            throw CommandFailure(
                .failed, "\(attachment.name) holds \(count) signatures over one record",
                hint: "nothing was stored; each signature of a record is a file of its own")
        }
    }

    /// A signature that no trusted key verifies is not stored.
    private func check(
        _ attachment: Attachment, _ format: SignatureFormat, over content: SignedContent
    ) throws {
        let name = "\(attachment.name), a \(format.name) signature"
        let results = try verifier.verify(attachment.bytes, as: format, over: content)
        for result in results where result.effect == .fails {
            throw CommandFailure(
                .failed, "\(name): \(result.outcome.reason)",
                hint: "nothing was stored; "
                    + (result.remedy ?? "is it over this bundle's seal.json?"))
        }
        guard results.contains(where: { $0.outcome != .unknownKey }) else {
            throw CommandFailure(
                .failed, "\(name), verifies under no trusted key",
                hint: "nothing was stored; is it over this bundle's seal.json, and by a key that "
                    + "--trust or --key names?")
        }
        guard results.contains(where: \.canStillCount) else {
            let result = results.first { $0.outcome != .unknownKey }
            throw CommandFailure(
                .failed, "\(name): \(result?.outcome.reason ?? "")",
                hint: "nothing was stored; "
                    + (result?.remedy ?? "it can never count under this policy"))
        }
        if let defect = results.lazy.compactMap(\.timeStampDefect).first {
            throw CommandFailure(
                .failed, "\(name): a time-stamp in it is wrong: \(defect)",
                hint: "nothing was stored; have the signature made again")
        }
        context.console.note("\(attachment.name): recognised as \(format.name)")
        for result in results where result.effect != .counts {
            context.console.warning("\(attachment.name): \(result.outcome.reason)")
            if let remedy = result.remedy { context.console.note("hint: \(remedy)") }
        }
    }
}

extension [Attachment] {
    /// Certificates, then signatures, then what is about the checkpoint or about signatures.
    fileprivate var inOrderOfNeed: [Attachment] {
        filter { if case .material = $0.content { true } else { false } }
            + filter { if case .signature = $0.content { true } else { false } }
            + filter {
                switch $0.content {
                case .note, .timeStamp: true
                case .material, .signature: false
                }
            }
    }
}

extension UntrustedCertificates {
    /// Each certificate and list as a file of its own.
    fileprivate var files: [NewFile] {
        certificates.map { NewFile(kind: .certificate, mediaType: .certificate, bytes: $0.der) }
            + revocationLists.map {
                NewFile(kind: .certificate, mediaType: .revocationList, bytes: $0.der)
            }
    }

    /// What it holds, in words.
    fileprivate var summary: String {
        [(certificates.count, "certificate"), (revocationLists.count, "revocation list")]
            .filter { $0.0 > 0 }.map { counted($0.0, $0.1) }.joined(separator: " and ")
    }
}
