package import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL

/// What an append does to the checkpoint and to what others said of it (docs/bundle.md, "Append").
extension BundleAppending {
    /// Whether a checkpoint commits the whole log as it is now.
    package var isCommitted: Bool {
        get throws(BundleError) {
            guard let note = checkpointNote else { return false }
            return try reportingBundleErrors { () throws -> Bool in
                try Checkpoint(parsing: note.text) == checkpoint()
            }
        }
    }

    /// Whether a time-stamp covers the present checkpoint, which must then stay as it is.
    package var isCheckpointStamped: Bool {
        get throws(BundleError) { try token() != nil }
    }

    /// The checkpoint that a log key is to sign.
    package func checkpoint() throws(BundleError) -> Checkpoint {
        try reportingBundleErrors {
            try builder.checkpoint(origin: CheckpointOrigin.of(seal: sealDigest))
        }
    }

    /// Stores the present checkpoint beside its successor where others have vouched for it: witness
    /// cosignatures and time-stamps keep counting.
    ///
    /// - Throws: `BundleError`.
    package mutating func keepCheckpoint(at instant: Instant) throws(BundleError) {
        guard let note = checkpointNote else { return }
        let token = try token()
        let checkpoint: Checkpoint
        do {
            checkpoint = try Checkpoint(parsing: note.text)
        } catch {
            throw .logInDoubt(reason: "\(error)")
        }
        guard token != nil || note.signatures.contains(where: { $0.name != checkpoint.origin })
        else { return }
        let stem = "checkpoint-\(checkpoint.size)"
        _ = try add(
            NewFile(
                kind: .timestamp, mediaType: .note, content: .bytes(note.encoded),
                name: Array("\(stem).note".utf8)),
            at: instant)
        guard let token else { return }
        _ = try add(
            NewFile(
                kind: .timestamp, mediaType: .timestampToken, content: .bytes(token),
                name: Array("\(stem).tsr".utf8)),
            at: instant)
    }

    /// Adds lines to the checkpoint; where a time-stamp covers it, it is kept as it was.
    ///
    /// - Throws: `BundleError`.
    package mutating func cosign(
        with lines: [NoteSignature], at instant: Instant
    ) throws(BundleError) {
        guard var note = checkpointNote, !lines.isEmpty else { return }
        if try isCheckpointStamped { try keepCheckpoint(at: instant) }
        do {
            for line in lines { try note.append(line) }
        } catch {
            throw .failed("\(error)")
        }
        newToken = nil
        checkpointNote = note
    }

    /// Puts a time-stamp over the present checkpoint beside it, or, where one lies there, into the
    /// log.
    ///
    /// - Parameters:
    ///   - token: The token as it came, over all bytes of the checkpoint.
    ///   - instant: When it is added.
    /// - Throws: `BundleError`.
    package mutating func stamp(
        checkpointWith token: [UInt8], at instant: Instant
    ) throws(BundleError) {
        if let present = try self.token(), present != token {
            _ = try add(
                NewFile(kind: .timestamp, mediaType: .timestampToken, bytes: token), at: instant)
            return
        }
        guard token.count <= BundleLimits.signature else {
            throw .limit("a time-stamp of \(token.count) bytes")
        }
        newToken = token
    }

    /// Puts the checkpoint in place, where it is another than before, and what covers it.
    ///
    /// - Returns: The time-stamp that lies beside it then.
    borrowing func placeCheckpoint(_ renewed: [UInt8]?) throws(FileError) -> [UInt8]? {
        let stamped = checkpointNote?.encoded
        let note = renewed ?? stamped
        var token = opened.token
        if let note, note != savedNote?.encoded {
            try root.replace(BundleLayout.checkpoint, with: note)
            if try removeKeptToken() { token = nil }
        }
        if let newToken, note == stamped {
            try root.replace(BundleLayout.checkpointToken, with: newToken)
            token = newToken
        }
        return token
    }

    /// Removes the time-stamp of the checkpoint before, which the log names by now.
    ///
    /// - Returns: Whether there was one.
    private borrowing func removeKeptToken() throws(FileError) -> Bool {
        guard let token = opened.token, let digest = try? SHA256Digest.of(token),
            builder.path(of: digest) != nil
        else { return false }
        try root.remove(BundleLayout.checkpointToken)
        try root.sync()
        return true
    }

    /// The time-stamp over the present checkpoint; one over an earlier checkpoint is none.
    private func token() throws(BundleError) -> [UInt8]? {
        if let newToken { return newToken }
        guard let note = checkpointNote, let bytes = opened.token,
            let token = try? TimeStampToken(parsing: bytes)
        else { return nil }
        return try reportingBundleErrors {
            try token.imprint.isOf(note.encoded) ? bytes : nil
        }
    }
}
