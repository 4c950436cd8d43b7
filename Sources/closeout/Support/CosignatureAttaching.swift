import Bundles
import Encodings
import Files
import Manifests
import Signatures
import Verification

/// Attaches signed notes: what others, such as witnesses, have signed of the present checkpoint
/// (docs/log.md, "Signatures of the checkpoint").
struct CosignatureAttaching {
    let bundle: [UInt8]
    let policy: TrustPolicy
    let context: Context

    /// Adds the lines of the notes that the checkpoint does not have yet, all or none.
    ///
    /// - Throws: `CommandFailure` where a note is not of the present checkpoint, or a line is by
    ///   nobody whom the policy trusts.
    func attach(_ candidates: [AttachOptions.Candidate]) throws {
        let appending = try BundleAppending(opening: bundle)
        guard var checkpoint = appending.checkpointNote else {
            throw CommandFailure(
                .failed, "\(printable(bundle)) has no checkpoint that could be cosigned",
                hint: "run `closeout checkpoint`")
        }
        let release = try Seal(parsing: appending.seal).release.name
        let judge = Judge(policy: policy, asOf: context.now, release: release)
        let origin = CheckpointOrigin.of(seal: appending.sealDigest)
        for candidate in candidates {
            for line in try lines(of: candidate, over: checkpoint) {
                try check(line, of: candidate, over: checkpoint.text, origin, by: judge)
                try checkpoint.append(line)
            }
        }
        if checkpoint != appending.checkpointNote {
            try appending.commit(checkpoint: checkpoint.encoded)
        }
        let path = Path.join(bundle, BundleLayout.checkpoint)
        try context.console.result("\(printable(path))\n")
    }

    /// The lines of a note that are not in the checkpoint.
    private func lines(
        of candidate: AttachOptions.Candidate, over checkpoint: SignedNote
    ) throws -> [NoteSignature] {
        let note = try SignedNote(parsing: candidate.bytes)
        guard note.text == checkpoint.text else {
            throw CommandFailure(
                .failed, "\(candidate.name) is a note, and not over this bundle's checkpoint",
                hint: "nothing was stored; have the present checkpoint cosigned")
        }
        return note.signatures.filter { !checkpoint.signatures.contains($0) }
    }

    private func check(
        _ line: NoteSignature, of candidate: AttachOptions.Candidate, over text: [UInt8],
        _ origin: [UInt8], by judge: Judge
    ) throws {
        let note = try SignedNote(text: text, signatures: [line])
        let judgement = try judge.judge(checkpoint: note, origin: origin)
        guard let found = judgement.signatures.first, found.effect != .fails,
            found.outcome != .unknownKey
        else {
            throw CommandFailure(
                .failed,
                "\(candidate.name): the line of \(printable(line.name)) verifies under no trusted key",
                hint: "nothing was stored; is the witness in the policy?")
        }
        context.console.note("\(candidate.name): \(found.summary)")
    }
}
