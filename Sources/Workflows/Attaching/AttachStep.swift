import CloseoutBundles
import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutVerification

/// Verifies what was made elsewhere and adds it to a bundle, which is not committed here.
struct AttachStep {
    /// The bundle as it was before.
    let contents: BundleContents
    let release: Release
    /// The policy, with all certificates at hand.
    let verifier: SignatureVerifier
    let keyReference: String?
    let options: AppendOptions

    /// Adds everything.
    ///
    /// Certificates go first, and signatures before the time-stamps that may be over them.
    ///
    /// - Returns: Where it will be.
    /// - Throws: `WorkflowError` where anything does not verify; nothing must be committed then.
    func add(
        _ attachments: [Attachment], to appending: inout BundleAppending,
        _ receipt: inout Receipt
    ) throws -> [StoredPlace] {
        let stamping = TimeStampStep(
            verifier: verifier, signatures: signatures(with: attachments), contents: contents,
            now: options.now)
        let noting = CosignatureStep(verifier: verifier, now: options.now)
        var places: [StoredPlace] = []
        for attachment in attachments.inOrderOfNeed {
            switch attachment.content {
            case .certificates(let certificates):
                receipt.note("\(attachment.name): recognised as \(certificates.summary)")
                for file in certificates.files {
                    places.append(.logged(try appending.add(file, at: options.now).path))
                }
            case .signature(let format):
                places += try add(attachment, format, to: &appending, &receipt)
                    .map { .logged($0) }
            case .note:
                try noting.add(attachment, to: &appending, &receipt)
                places.append(.checkpoint)
            case .timeStamp(let token):
                places.append(try stamping.add(attachment, token, to: &appending, &receipt))
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

extension AttachStep {
    /// Verifies a signature and stores it; with one over the seal goes a record of where it came
    /// from.
    private func add(
        _ attachment: Attachment, _ format: SignatureFormat, to appending: inout BundleAppending,
        _ receipt: inout Receipt
    ) throws -> [[UInt8]] {
        let signature = format == .dsse ? RecordSignature(envelope: attachment.bytes) : nil
        if let signature { try checkRecord(of: signature, attachment, appending.log) }
        let content = signature.map { SignedContent.record($0.record) }
        try check(attachment, format, over: content ?? .seal(appending.seal), &receipt)
        let file = try appending.add(
            NewFile(kind: .signature, mediaType: .signature(format), bytes: attachment.bytes),
            at: options.now)
        guard !file.existed, signature == nil else { return [file.path] }
        let record = Record(
            header: try RecordHeader.new(
                release, seal: appending.sealDigest, at: options.now, by: options.by,
                .restricted, links: [RecordLink(kind: ArchiveSignature.link, digest: file.digest)]),
            body: .archiveSignature(
                ArchiveSignature(format: format.name, keyReference: keyReference)))
        let stored = try appending.add(record, at: options.now)
        return [file.path, stored.path]
    }

    /// A signature over a record has a file of its own, and the bundle holds the record.
    private func checkRecord(
        of signature: RecordSignature, _ attachment: Attachment, _ log: BundleLog
    ) throws {
        let digest = try SHA256Digest.of(signature.record)
        guard log.entries.contains(where: { $0.digest == digest && $0.kind == .evidence }) else {
            throw WorkflowError.refused(
                .failed, "\(attachment.name) covers a record that this bundle does not hold",
                hint: "nothing was stored; add the record first")
        }
        guard signature.signatures.count == 1 else {
            let count = signature.signatures.count
            throw WorkflowError.refused(
                .failed, "\(attachment.name) holds \(count) signatures over one record",
                hint: "nothing was stored; each signature of a record is a file of its own")
        }
    }

    /// A signature that no trusted key verifies is not stored.
    private func check(
        _ attachment: Attachment, _ format: SignatureFormat, over content: SignedContent,
        _ receipt: inout Receipt
    ) throws {
        let name = "\(attachment.name), a signature of the format \(format.name)"
        let results = try verifier.verify(attachment.bytes, as: format, over: content)
        for result in results where result.effect == .fails {
            throw WorkflowError.refused(
                .failed, "\(name): \(result.outcome.reason)",
                hint: "nothing was stored; "
                    + (result.remedy ?? "is it over this bundle's seal.json?"))
        }
        guard results.contains(where: { $0.outcome != .unknownKey }) else {
            throw WorkflowError.refused(
                .failed, "\(name), verifies under no trusted key",
                hint: "nothing was stored; is it over this bundle's seal.json, and by a key that "
                    + "--trust or --key names?")
        }
        guard results.contains(where: \.canStillCount) else {
            let result = results.first { $0.outcome != .unknownKey }
            throw WorkflowError.refused(
                .failed, "\(name): \(result?.outcome.reason ?? "")",
                hint: "nothing was stored; "
                    + (result?.remedy ?? "it can never count under this policy"))
        }
        if let defect = results.lazy.compactMap(\.timeStampDefect).first {
            throw WorkflowError.refused(
                .failed, "\(name): a time-stamp in it is wrong: \(defect)",
                hint: "nothing was stored; have the signature made again")
        }
        receipt.note("\(attachment.name): recognised as \(format.name)")
        for result in results where result.effect != .counts {
            receipt.warn("\(attachment.name): \(result.outcome.reason)", hint: result.remedy)
        }
    }
}

extension [Attachment] {
    /// Certificates, then signatures, then what is about the checkpoint or about signatures.
    fileprivate var inOrderOfNeed: [Attachment] {
        filter { if case .certificates = $0.content { true } else { false } }
            + filter { if case .signature = $0.content { true } else { false } }
            + filter {
                switch $0.content {
                case .note, .timeStamp: true
                case .certificates, .signature: false
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
