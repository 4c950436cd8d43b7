import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL

/// What `BundleAppending` reads of a bundle before it adds to it, under the bundle's lock.
struct OpenedBundle {
    let seal: [UInt8]
    let sealDigest: SHA256Digest
    let log: BundleLog
    let note: SignedNote?
    let builder: LogBuilder

    /// Reads log, seal and checkpoint, and holds them against each other.
    ///
    /// - Throws: `BundleError.logInDoubt`, or what a lower stage throws.
    init(_ root: borrowing Directory) throws {
        let bytes = try root.read(BundleLayout.log, limit: BundleLimits.log)
        let log = try BundleLog(parsing: bytes)
        if let defect = log.defects.first {
            throw BundleError.logInDoubt(reason: "\(defect.place) \(defect.reason)")
        }
        let seal = try root.read(BundleLayout.seal, limit: BundleLimits.seal)
        let sealDigest = try SHA256Digest.of(seal)
        guard log.first(.seal)?.digest == sealDigest else {
            throw BundleError.logInDoubt(reason: "seal.json is not the one that the log names")
        }
        note = try Self.checkpoint(in: root, of: log, seal: sealDigest)
        builder = LogBuilder(continuing: log, bytes: bytes)
        self.seal = seal
        self.sealDigest = sealDigest
        self.log = log
    }

    /// The checkpoint, which must be about a prefix of this log.
    private static func checkpoint(
        in root: borrowing Directory, of log: BundleLog, seal: SHA256Digest
    ) throws -> SignedNote? {
        guard
            let bytes = try root.readIfThere(
                BundleLayout.checkpoint, limit: BundleLimits.checkpoint)
        else { return nil }
        let note: SignedNote
        let checkpoint: Checkpoint
        do {
            note = try SignedNote(parsing: bytes)
            checkpoint = try Checkpoint(parsing: note.text)
        } catch {
            throw BundleError.logInDoubt(reason: "the checkpoint is malformed: \(error)")
        }
        guard checkpoint.origin == CheckpointOrigin.of(seal: seal) else {
            throw BundleError.logInDoubt(reason: "the checkpoint is of another bundle")
        }
        guard checkpoint.size > 0, checkpoint.size <= log.size,
            try log.root(ofFirst: Int(checkpoint.size)) == checkpoint.root
        else {
            throw BundleError.logInDoubt(
                reason: "the log is not the one that its checkpoint committed")
        }
        return note
    }
}
