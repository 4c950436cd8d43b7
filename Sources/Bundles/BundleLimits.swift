import CloseoutSignatures

/// How much of anything a bundle may hold (docs/bundle.md, "Limits"); more is `bundle.limits`.
package enum BundleLimits {
    /// Bytes of `seal.json`.
    package static let seal = 4 * 1024
    /// Lines of `log.jsonl`.
    package static let logLines = 100_000
    /// Bytes of one line of `log.jsonl`, without its line feed.
    package static let logLine = 1024
    /// Bytes of `log.jsonl`.
    package static let log = 48 * 1024 * 1024
    /// Bytes of the checkpoint, and of a stored earlier one.
    package static let checkpoint = 64 * 1024
    /// Bytes of one signature file or time-stamp.
    package static let signature = SignatureFormat.largestFile
    /// Signature files over one subject.
    package static let signaturesPerSubject = 64
    /// Bytes of one closeout record.
    package static let record = 1024 * 1024
    /// Bytes of one certificate file or revocation list.
    package static let certificate = 16 * 1024 * 1024
    /// Bytes of all certificate files and revocation lists together.
    package static let certificates = certificate
    /// How many certificates and revocation lists they hold together.
    package static let certificateCount = 4096
    /// Bytes of all files together that are read whole: the log, those that it names but manifest,
    /// SHA256SUMS and attachments, and then what it does not name.
    package static let readWhole = 96 * 1024 * 1024
    /// Bytes of `withheld.json`.
    package static let withheld = 16 * 1024 * 1024
    /// Bytes of one attachment.
    package static let attachment = 1024 * 1024 * 1024
    /// Bytes of all attachments together.
    package static let attachments = 2 * attachment
    /// Bytes of attachments that are kept as they are hashed, because decisions may rest on them.
    static let keptAttachments = 8 * 1024 * 1024
    /// Files that the log does not name, of which more are not looked at.
    package static let unlisted = 1000
    /// Bytes of `README.txt`.
    package static let readme = 64 * 1024
    /// Bytes of `manifest.jsonl`.
    package static let manifest = 16 * 1024 * 1024 * 1024
    /// Names in one directory of a bundle that are looked at; with more than these, more than
    /// `unlisted` are named by no log.
    package static let directoryNames = logLines + 1024
}
