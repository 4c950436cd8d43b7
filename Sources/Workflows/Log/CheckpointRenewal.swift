import CloseoutBundles
package import CloseoutEncodings
import CloseoutFiles
package import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutVerification

extension BundleSession {
    /// Signs the log's size and root as they are, and waits until that is on the storage.
    ///
    /// - Parameter options: With the log key.
    /// - Returns: The path of the checkpoint, beside the bundle's own.
    /// - Throws: `WorkflowError`; the bundle is as it was.
    package mutating func checkpoint(
        _ options: AppendOptions
    ) async throws(WorkflowError) -> Receipt {
        var receipt = Receipt()
        do {
            guard let key = options.logSigner else {
                throw WorkflowError.refused(.usage, "no log key was given to sign with")
            }
            let note = try await renewedCheckpoint(by: key, options, &receipt)
            let size = appending.size
            try appending.commit(checkpoint: note)
            receipt.stored.append(Path.join(path, BundleLayout.checkpoint))
            receipt.note("the log is committed at size \(size)")
            return receipt
        } catch {
            throw takeBack(because: error)
        }
    }

    /// Commits what was added, with a renewed checkpoint where a log key is at hand, which must be one of
    /// the log where the policy says which are.
    mutating func commit(_ options: AppendOptions, _ receipt: inout Receipt) async throws {
        guard let key = options.logSigner else {
            let isCommitted = try appending.isCommitted
            try appending.commit(checkpoint: nil)
            if !isCommitted {
                receipt.note(
                    "the log is not committed yet; run: closeout checkpoint \(shellQuoted(path)) "
                        + "--key LOG-KEY")
            }
            return
        }
        try appending.commit(checkpoint: try await renewedCheckpoint(by: key, options, &receipt))
    }

    /// The checkpoint over the log as it will be, signed by a key.
    ///
    /// Where the present checkpoint says the same, the key's signature is added to it, so that several
    /// operators can sign one checkpoint; where others have vouched for the present one, it is kept.
    ///
    /// - Throws: `BundleError.logInDoubt` where a file that it would vouch for is not as the log says;
    ///   `WorkflowError` where the key is none of the log.
    mutating func renewedCheckpoint(
        by key: any KeySigner, _ options: AppendOptions, _ receipt: inout Receipt
    ) async throws -> [UInt8] {
        try demandLogKey(key.publicKey)
        try appending.confirmFiles()
        receipt.note(committing: try appending.uncommitted)
        if let note = appending.checkpointNote, try appending.isCommitted {
            let origin = try appending.checkpoint().origin
            let verifier = try NoteVerifier(name: origin, key: key.publicKey)
            guard try verifier.check(note) == .absent else { return note.encoded }
            // A line more would make a time-stamp over the checkpoint stale.
            if try !appending.isCheckpointStamped {
                var note = note
                let line = try await key.noteSignature(over: note.text, as: origin)
                try note.append(line)
                return note.encoded
            }
        }
        try appending.keepCheckpoint(at: options.now)
        let renewed = try await signedCheckpoint(try appending.checkpoint(), by: key)
        if let former = appending.checkpointNote {
            let succession = LogSuccession(
                former: former, renewed: renewed, verifier: try verifier(options))
            try succession.check(&receipt)
        }
        return renewed.encoded
    }
}

/// Refuses a key that no checkpoint is signed with: all but Ed25519 and ECDSA P-256.
///
/// - Throws: `WorkflowError` that names the option by which the key was given.
package func demandLogKey(
    _ key: PublicKey, from option: String = "--log-key"
) throws(WorkflowError) {
    guard key.type != .ed25519, key.type != .p256 else { return }
    throw .refused(
        .usage, "a key of type \(key.type.rawValue) cannot sign the log's checkpoint",
        hint: "give \(option) with an Ed25519 or ECDSA P-256 key")
}

/// Signs a checkpoint as a note (docs/log.md, "Checkpoint").
///
/// - Throws: `WorkflowError` where the key is neither Ed25519 nor ECDSA P-256, or does not sign.
package func signedCheckpoint(
    _ checkpoint: Checkpoint, by key: any KeySigner
) async throws(WorkflowError) -> SignedNote {
    try demandLogKey(key.publicKey)
    do {
        let line = try await key.noteSignature(over: checkpoint.text, as: checkpoint.origin)
        return try SignedNote(text: checkpoint.text, signatures: [line])
    } catch {
        throw WorkflowError(error)
    }
}

extension KeySigner {
    /// A line of a note, by a key under a name.
    fileprivate func noteSignature(
        over text: [UInt8], as name: [UInt8]
    ) async throws -> NoteSignature {
        let verifier = try NoteVerifier(name: name, key: publicKey)
        return try NoteSignature(
            name: name, keyID: verifier.keyID,
            bytes: try await signature(over: text, with: verifier.kind.algorithm))
    }
}

extension Receipt {
    /// Lists the files that were added before a checkpoint commits now; the head is implied.
    fileprivate mutating func note(committing entries: [LogEntry]) {
        let most = 20
        let entries = entries.filter { $0.kind.folder != nil }
        guard !entries.isEmpty else { return }
        let lines = entries.prefix(most).map {
            "  \($0.sequence)  \($0.kind.rawValue)  \(printable($0.path))"
        }
        let more = entries.count > most ? ["  and \(grouped(entries.count - most)) more"] : []
        note(
            (["the checkpoint commits \(counted(entries.count, "file")) added before:"] + lines
                + more).joined(separator: "\n"))
    }
}
