import CloseoutBundles
import CloseoutEncodings
import CloseoutSignatures

/// Attaches signed notes: what others, such as witnesses, have signed of the present checkpoint
/// (docs/log.md, "Signatures of the checkpoint").
struct CosignatureStep {
    let verifier: SignatureVerifier
    let now: Instant

    /// Adds the lines of a note that the checkpoint does not have yet.
    ///
    /// - Throws: `WorkflowError` where the note is not of the present checkpoint, or a line is by
    ///   nobody whom the policy trusts.
    func add(
        _ attachment: Attachment, to appending: inout BundleAppending, _ receipt: inout Receipt
    ) throws {
        guard let checkpoint = appending.checkpointNote else {
            throw WorkflowError.refused(
                .failed, "\(attachment.name) is a note, and there is no checkpoint to cosign",
                hint: "run `closeout checkpoint`")
        }
        let lines = try lines(of: attachment, over: checkpoint)
        let origin = CheckpointOrigin.of(seal: appending.sealDigest)
        for line in lines {
            receipt.note(try check(line, of: attachment, over: checkpoint.text, origin))
        }
        try appending.cosign(with: lines, at: now)
    }

    /// The lines of a note that are not in the checkpoint.
    private func lines(
        of attachment: Attachment, over checkpoint: SignedNote
    ) throws -> [NoteSignature] {
        let note = try SignedNote(parsing: attachment.bytes)
        guard note.text == checkpoint.text else {
            throw WorkflowError.refused(
                .failed, "\(attachment.name) is a note, and not over this bundle's checkpoint",
                hint: "nothing was stored; have the present checkpoint cosigned")
        }
        return note.signatures.filter { !checkpoint.signatures.contains($0) }
    }

    /// What a line is, which must be by a key of the policy.
    private func check(
        _ line: NoteSignature, of attachment: Attachment, over text: [UInt8], _ origin: [UInt8]
    ) throws -> String {
        let note = try SignedNote(text: text, signatures: [line])
        let result = try verifier.verify(checkpoint: note, origin: origin)
        guard let found = result.signatures.first, found.isMadeByKey
        else {
            throw WorkflowError.refused(
                .failed,
                "\(attachment.name): the line of \(printable(line.name)) verifies under no trusted key",
                hint: "nothing was stored; is the witness in the policy?")
        }
        if let reason = found.timeProof.flatMap(verifier.impossibility) {
            throw WorkflowError.refused(
                .failed, "\(attachment.name): the line of \(printable(line.name)): \(reason)",
                hint: "nothing was stored; have the checkpoint cosigned when the clock is right")
        }
        return "\(attachment.name): \(found.summary)"
    }
}
