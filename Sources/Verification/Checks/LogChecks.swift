import CloseoutBundles
import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL

/// The family `log`: the lines, and what the checkpoint commits (docs/log.md).
extension Findings {
    mutating func checkLogLines(_ log: BundleLog) {
        for defect in log.defects {
            let id: CheckID
            switch defect.kind {
            case .format: id = .logFormat
            case .sequence: id = .logSequence
            case .head: id = .logHead
            case .duplicate: id = .logDuplicate
            case .limits: id = .bundleLimits
            }
            fail(id, defect.place, defect.reason)
        }
        guard log.size > 0 else {
            if log.defects.isEmpty { fail(.logFormat, "log.jsonl", "holds no line") }
            return
        }
        let subject = "\(log.size) lines"
        conclude(.logFormat, subject, "are canonical entries")
        conclude(.logSequence, subject, "are numbered without a gap")
        conclude(.logDuplicate, subject, "name no path and no content twice")
    }

    /// Compares the instants of the first four lines with the seal's, and ends the check of them.
    mutating func checkLogHead(_ log: BundleLog, _ seal: Seal?) {
        guard log.size > 0 else { return }
        for entry in log.entries where entry.sequence < EntryKind.head.count {
            guard let seal, entry.at != seal.created else { continue }
            fail(
                .logHead, "line \(entry.sequence)",
                "says \(entry.at) and the seal was created at \(seal.created)")
        }
        conclude(.logHead, "\(log.size) lines", "begin with seal, manifest, sums and readme")
    }

    /// Judges the checkpoint's own form and what it commits of the log.
    ///
    /// - Returns: the note and its checkpoint, where they could be read and are about this seal.
    mutating func checkCheckpoint(
        _ contents: BundleContents, seal: SHA256Digest?
    ) throws -> (note: SignedNote, checkpoint: Checkpoint)? {
        let subject = "checkpoint"
        guard let bytes = contents.checkpoint.bytes else {
            let reason = "there is no checkpoint, so nothing commits the log"
            unknown(.logCheckpoint, subject, reason, hint: "run `closeout checkpoint`")
            unknown(.logUncommitted, subject, "no log entry is committed")
            return nil
        }
        let note: SignedNote
        let checkpoint: Checkpoint
        do {
            note = try SignedNote(parsing: bytes)
            checkpoint = try Checkpoint(parsing: note.text)
        } catch {
            fail(.logCheckpoint, subject, "is no signed checkpoint: \(error)")
            return nil
        }
        guard let seal else {
            unknown(.logCheckpoint, subject, "there is no seal to compare its origin with")
            return nil
        }
        guard checkpoint.origin == CheckpointOrigin.of(seal: seal) else {
            fail(.logCheckpoint, subject, "its origin is not this bundle's seal")
            return nil
        }
        conclude(.logCheckpoint, subject, "is a signed note about this bundle")
        try checkCommitment(checkpoint, contents.log)
        return (note, checkpoint)
    }

    private mutating func checkCommitment(_ checkpoint: Checkpoint, _ log: BundleLog) throws {
        guard checkpoint.size <= log.size else {
            fail(
                .logRoot, "checkpoint",
                "commits \(checkpoint.size) entries and the log has \(log.size): entries were removed"
            )
            return
        }
        let size = Int(checkpoint.size)
        guard size > 0, try log.root(ofFirst: size) == checkpoint.root else {
            fail(.logRoot, "checkpoint", "its root is not that of the log's first \(size) lines")
            return
        }
        conclude(.logRoot, "checkpoint", "its root is that of the log's first \(size) lines")
        if size < log.size {
            let left = log.size - size
            unknown(
                .logUncommitted,
                left == 1 ? "line \(size)" : "lines \(size) to \(log.size - 1)",
                counted(left, "log entry is", "log entries are")
                    + " not covered by the signed checkpoint",
                hint: "run `closeout checkpoint`")
        }
        conclude(.logUncommitted, "checkpoint", "commits every entry")
    }

    /// Compares the log with an earlier checkpoint that the auditor kept.
    mutating func checkPrevious(
        _ previous: Checkpoint?, _ log: BundleLog, seal: SHA256Digest?
    ) throws {
        guard let previous else {
            guard !all.contains(where: { $0.id == .logRollback }) else { return }
            notApplicable(.logRollback, "log", "no earlier checkpoint was given to compare with")
            return
        }
        let subject = "--previous"
        guard let seal else {
            unknown(.logRollback, subject, "there is no seal to compare its origin with")
            return
        }
        guard previous.origin == CheckpointOrigin.of(seal: seal) else {
            fail(.logRollback, subject, "is a checkpoint of another bundle")
            return
        }
        guard previous.size <= log.size else {
            fail(
                .logRollback, subject,
                "saw \(previous.size) entries and the log has \(log.size): it was rolled back")
            return
        }
        guard try log.root(ofFirst: Int(previous.size)) == previous.root else {
            fail(.logRollback, subject, "saw another history of this log")
            return
        }
        conclude(.logRollback, subject, "saw the first \(previous.size) entries of this log")
    }
}
