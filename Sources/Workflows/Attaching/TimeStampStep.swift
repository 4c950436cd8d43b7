import CloseoutBundles
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutVerification

/// A signature over the seal that a time-stamp may date.
struct StampableSignature {
    /// What its file is called.
    let name: [UInt8]
    let file: [UInt8]
    let format: SignatureFormat
}

/// Attaches time-stamps of RFC 3161 (docs/signatures.md, "Time-stamps").
struct TimeStampStep {
    let verifier: SignatureVerifier
    /// The signatures over the seal, also those that are attached along with it.
    let signatures: [StampableSignature]
    /// The bundle as it was before.
    let contents: BundleContents
    let now: Instant

    /// What a time-stamp can be over.
    private enum Subject {
        case signature(StampableSignature)
        case checkpoint
        case earlierCheckpoint(path: [UInt8])
        case seal

        /// What a time-stamp over it is good for.
        var meaning: String {
            switch self {
            case .signature(let signature): "over \(printable(signature.name))"
            case .checkpoint: "over the checkpoint, and dates all that it commits"
            case .earlierCheckpoint(let path):
                "over \(printable(path)), and dates all that it commits"
            case .seal: "over the seal, and dates no signature"
            }
        }
    }

    /// Verifies a time-stamp and stores it.
    ///
    /// - Returns: Where it will be.
    /// - Throws: `WorkflowError` where it covers nothing here, or proves nothing under the policy.
    func add(
        _ attachment: Attachment, _ token: TimeStampToken, to appending: inout BundleAppending,
        _ receipt: inout Receipt
    ) throws -> StoredPlace {
        let checkpoint = appending.checkpointNote?.encoded
        guard let subject = try subject(of: token, seal: appending.seal, checkpoint) else {
            throw WorkflowError.refused(
                .failed, "\(attachment.name), a time-stamp, covers nothing in this bundle",
                hint: "nothing was stored; a renewed checkpoint needs a time-stamp of its own: "
                    + "`closeout request --for tsa` asks for one")
        }
        let proof = try proof(of: token, in: attachment)
        receipt.note(
            "\(attachment.name): recognised as a time-stamp \(subject.meaning): \(proof)")
        switch subject {
        case .checkpoint:
            try appending.stamp(checkpointWith: attachment.bytes, at: now)
            return .checkpointToken(try SHA256Digest.of(attachment.bytes))
        case .signature(let signature):
            let stamp = TimeStamp(imprint: token.imprint, proof: proof)
            try warn(of: stamp, over: signature, seal: appending.seal, attachment, &receipt)
        case .earlierCheckpoint, .seal: break
        }
        let file = NewFile(
            kind: .timestamp, mediaType: .timestampToken, bytes: attachment.bytes)
        return .logged(try appending.add(file, at: now).path)
    }

    /// Says so where a time-stamp does not date the signature that it covers.
    private func warn(
        of stamp: TimeStamp, over signature: StampableSignature, seal: [UInt8],
        _ attachment: Attachment, _ receipt: inout Receipt
    ) throws {
        let results = try verifier.verify(
            signature.file, as: signature.format, over: .seal(seal), stamps: [stamp])
        let isOwn = results.contains { $0.key?.operator == stamp.proof.operator }
        guard isOwn, results.allSatisfy({ $0.timeProof == nil }) else { return }
        receipt.warn(
            "\(attachment.name): it dates no signature: its operator, "
                + "\(stamp.proof.operator), signed \(printable(signature.name)) too")
    }

    private func subject(
        of token: TimeStampToken, seal: [UInt8], _ checkpoint: [UInt8]?
    ) throws -> Subject? {
        for signature in signatures {
            for bytes in signature.format.timeStampedBytes(of: signature.file)
            where try token.imprint.isOf(bytes) { return .signature(signature) }
        }
        if let checkpoint, try token.imprint.isOf(checkpoint) { return .checkpoint }
        for file in contents.files(.timestamp) where file.entry.mediaType == MediaType.note.name {
            guard let bytes = file.trueBytes, try token.imprint.isOf(bytes) else { continue }
            return .earlierCheckpoint(path: file.entry.path)
        }
        return try token.imprint.isOf(seal) ? .seal : nil
    }

    /// What the policy takes the token for.
    private func proof(of token: TimeStampToken, in attachment: Attachment) throws -> TimeProof {
        let reason: String
        switch try verifier.verify(token) {
        case .valid(let proof): return proof
        case .unknownAnchor: reason = "was issued by nobody whom the policy knows"
        case .uncounted(let text), .invalid(let text), .malformed(let text):
            reason = "does not count: \(text)"
        }
        throw WorkflowError.refused(
            .failed, "\(attachment.name), a time-stamp, \(reason)",
            hint: "nothing was stored; `closeout trust add POLICY ANCHOR --operator NAME --role "
                + "timestamp` adds an authority's anchor to a policy")
    }
}
