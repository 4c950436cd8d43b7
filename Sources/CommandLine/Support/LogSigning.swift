import ArgumentParser
import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutVerification
import CloseoutWorkflows

/// The options of every command that appends: the key that renews the checkpoint.
struct LogKeyOptions: ParsableArguments, KeyOpening {
    @Option(
        help: ArgumentHelp(
            "The key that signs the log's checkpoint; default CLOSEOUT_LOG_KEY.",
            valueName: "key"))
    var logKey: SecretSource?

    @Option(
        help: ArgumentHelp(
            "Where the key's passphrase is: env:NAME, file:PATH or fd:N.", valueName: "source"))
    var passphrase: PassphraseSource?

    @Flag(help: "Accept a private key that others may read, as on a read-only secret mount.")
    var allowReadableKey = false

    /// The key's place, where one was given.
    var place: SecretSource? {
        get throws {
            try logKey ?? textVariable("CLOSEOUT_LOG_KEY").flatMap(SecretSource.init)
        }
    }

    /// Commits an append, with a renewed checkpoint where a log key is at hand, which must be one of
    /// the log where the policy tells.
    func commit(
        _ appending: consuming BundleAppending, bundle: [UInt8], under policy: TrustPolicy?,
        with key: LoadedKey?, _ context: Context
    ) throws {
        guard let key else {
            let isCommitted = try appending.isCommitted
            try appending.commit(checkpoint: nil)
            guard !isCommitted else { return }
            context.console.note(
                "the log is not committed yet; run: closeout checkpoint \(shellQuoted(bundle)) "
                    + "--key LOG-KEY")
            return
        }
        var appending = appending
        let note = try renewedCheckpoint(of: &appending, with: key.key.privateKey, under: policy, context)
        try appending.commit(checkpoint: note)
    }
}

/// Tells which files that were added before a checkpoint commits now; the head goes without saying.
private func tell(committing entries: [LogEntry], _ context: Context) {
    let reported = 20
    let entries = entries.filter { $0.kind.folder != nil }
    guard !entries.isEmpty else { return }
    let lines = entries.prefix(reported).map {
        "  \($0.sequence)  \($0.kind.rawValue)  \(printable($0.path))"
    }
    let more = entries.count > reported ? ["  and \(grouped(entries.count - reported)) more"] : []
    context.console.note(
        (["the checkpoint commits \(counted(entries.count, "file")) added before:"] + lines + more)
            .joined(separator: "\n"))
}

/// Signs a checkpoint as a note (docs/log.md, "Checkpoint").
///
/// - Throws: `CommandFailure` where the key is neither Ed25519 nor ECDSA P-256.
func signedCheckpoint(
    _ checkpoint: Checkpoint, with key: borrowing PrivateKey
) throws -> SignedNote {
    try demandLogKey(key.publicKey)
    return try SignedNote.signing(checkpoint.text, as: checkpoint.origin, with: key)
}

/// The checkpoint over the log as it will be, signed by `key`.
///
/// Where the present checkpoint says the same, the key's signature is added to it, so that several
/// operators can sign one checkpoint; where others have vouched for the present one, it is kept.
///
/// - Throws: `BundleError.logInDoubt` where a file that it would vouch for is not as the log says;
///   `CommandFailure` where the key is none of the log.
func renewedCheckpoint(
    of appending: inout BundleAppending, with key: borrowing PrivateKey,
    under policy: TrustPolicy?, _ context: Context
) throws -> [UInt8] {
    try demandLogKey(key.publicKey)
    try appending.confirmFiles()
    tell(committing: try appending.uncommitted, context)
    if let note = appending.checkpointNote, try appending.isCommitted {
        let origin = try appending.checkpoint().origin
        let verifier = try NoteVerifier(name: origin, key: key.publicKey)
        guard try verifier.check(note) == .absent else { return note.encoded }
        // A line more would make a time-stamp over the checkpoint stale.
        if try !appending.isCheckpointStamped {
            var note = note
            for signature in try SignedNote.signing(note.text, as: origin, with: key).signatures {
                try note.append(signature)
            }
            return note.encoded
        }
    }
    try appending.keepCheckpoint(at: context.now)
    let renewed = try signedCheckpoint(try appending.checkpoint(), with: key)
    if let former = appending.checkpointNote {
        try LogSuccession(former: former, renewed: renewed, seal: appending.seal)
            .check(policy, context)
    }
    return renewed.encoded
}
