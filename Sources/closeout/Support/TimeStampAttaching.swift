import Bundles
import Encodings
import OpenSSL
import Signatures
import Verification

/// Attaches time-stamps of RFC 3161 (docs/signatures.md, "Time-stamps").
struct TimeStampAttaching {
    let judge: Judge
    /// What dates a signature: its file or value, by the file's name.
    let signatures: [(name: [UInt8], bytes: [UInt8])]
    /// The bundle as it was before.
    let contents: BundleContents
    let context: Context

    /// What a time-stamp can be over.
    private enum Subject {
        case signature(name: [UInt8])
        case checkpoint
        case earlierCheckpoint(path: [UInt8])
        case seal

        /// What a time-stamp over it is good for.
        var meaning: String {
            switch self {
            case .signature(let name): "over \(printable(name)), which it dates"
            case .checkpoint: "over the checkpoint, and dates all that it commits"
            case .earlierCheckpoint(let path):
                "over \(printable(path)), and dates all that it commits"
            case .seal: "over the seal, and dates no signature"
            }
        }
    }

    /// Verifies a time-stamp and stores it.
    ///
    /// - Returns: The path at which it is, or will be.
    /// - Throws: `CommandFailure` where it is over nothing here, or proves nothing under the policy.
    func add(
        _ attachment: Attachment, _ token: TimeStampToken, to appending: inout BundleAppending
    ) throws -> [UInt8] {
        let checkpoint = appending.checkpointNote?.encoded
        guard let subject = try subject(of: token, seal: appending.seal, checkpoint) else {
            throw CommandFailure(
                .failed, "\(attachment.name), a time-stamp, is over nothing in this bundle",
                hint: "nothing was stored; a renewed checkpoint needs a time-stamp of its own: "
                    + "`closeout request --for tsa` asks for one")
        }
        let proof = try proof(of: token, in: attachment)
        context.console.note(
            "\(attachment.name): recognised as a time-stamp \(subject.meaning): \(proof)")
        if case .checkpoint = subject {
            return try appending.stamp(checkpointWith: attachment.bytes, at: context.now)
        }
        return try appending.add(
            NewFile(kind: .timestamp, mediaType: .timestampToken, bytes: attachment.bytes),
            at: context.now
        ).path
    }

    private func subject(
        of token: TimeStampToken, seal: [UInt8], _ checkpoint: [UInt8]?
    ) throws -> Subject? {
        for signature in signatures where try token.imprint.isOf(signature.bytes) {
            return .signature(name: signature.name)
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
        switch try judge.judge(token) {
        case .valid(let proof): return proof
        case .unknownAnchor: reason = "was issued by nobody whom the policy knows"
        case .uncounted(let text), .invalid(let text), .malformed(let text):
            reason = "does not count: \(text)"
        }
        throw CommandFailure(
            .failed, "\(attachment.name), a time-stamp, \(reason)",
            hint: "nothing was stored; `closeout trust add POLICY ANCHOR --operator NAME --role "
                + "timestamp` adds an authority's anchor to a policy")
    }
}
