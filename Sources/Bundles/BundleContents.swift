import CloseoutFiles
package import CloseoutOpenSSL
import CloseoutRecords

/// All of a bundle but its manifest, SHA256SUMS and artifacts, each file read once
/// (docs/bundle.md, "Reading").
package struct BundleContents: Sendable {
    /// The log, and how its file was read.
    package private(set) var log: BundleLog
    /// How `log.jsonl` was read.
    package let logReading: FileReading
    /// The files that the log names, in its order; manifest and SHA256SUMS are read later.
    package private(set) var files: [LoggedFile]
    /// The checkpoint, and the time-stamp over it.
    package private(set) var checkpoint: FileReading
    /// How the time-stamp over the checkpoint was read.
    package private(set) var checkpointToken: FileReading
    /// How the list of withheld files was read.
    package let withheld: FileReading
    /// What the log does not name, as far as it was looked at.
    package private(set) var unlisted: [UnlistedFile]
    /// How much there is that the log does not name.
    package private(set) var unlistedCount: Int
    /// Links and special files, also where the log names them.
    package private(set) var notRegular: [[UInt8]]
    /// Whether the bundle carries the shipped files.
    package let holdsArtifacts: Bool

    /// The logged files of one kind, in log order.
    package func files(_ kind: EntryKind) -> [LoggedFile] {
        // Copies none of the others, of which there may be many.
        files.indices.filter { files[$0].entry.kind == kind }.map { files[$0] }
    }

    /// The exact bytes of `seal.json`, where they are the ones that the log names.
    package var seal: [UInt8]? { sealFile?.trueBytes }

    /// Whether the system refused to have `seal.json` read, so that nothing is known of it.
    package var hasUnreadableSeal: Bool {
        if case .unreadable? = sealFile?.reading { true } else { false }
    }

    /// The bundle as it was when its log had so many lines; it has no checkpoint then, and nothing
    /// that the log does not name.
    ///
    /// - Throws: `OpenSSLError` where a digest cannot be computed.
    package func first(_ size: Int) throws(OpenSSLError) -> BundleContents {
        var copy = with(files: files.filter { $0.entry.sequence < size })
        copy.log = try log.first(size)
        copy.checkpoint = .missing
        copy.checkpointToken = .missing
        copy.unlisted = []
        copy.unlistedCount = 0
        copy.notRegular = []
        return copy
    }

    /// The bundle with more entries, and another checkpoint.
    func growing(
        to log: BundleLog, by added: [LoggedFile], checkpoint: FileReading = .missing,
        checkpointToken: FileReading = .missing
    ) -> BundleContents {
        var copy = with(files: files + added)
        copy.log = log
        copy.checkpoint = checkpoint
        copy.checkpointToken = checkpointToken
        return copy
    }

    /// The same with other readings of its files.
    func with(files: [LoggedFile]) -> BundleContents {
        var copy = self
        copy.files = files
        return copy
    }

    /// Whether nobody has looked at the attachments yet.
    var hasUnreadAttachments: Bool {
        files.contains { if case .unread = $0.reading { true } else { false } }
    }

    /// What records link as evidence whose content is read, whoever signed them, where somebody decides or
    /// has decided on it.
    func readEvidence(isDecidedOn: Bool) -> Set<SHA256Digest> {
        var isDecidedOn = isDecidedOn
        var linked: Set<SHA256Digest> = []
        for file in files(.evidence) {
            guard let bytes = file.trueBytes, let record = try? Record(parsing: bytes) else {
                continue
            }
            switch record.body {
            case .decision: isDecidedOn = true
            case .readiness:
                for kind in EvidenceContent.kinds {
                    linked.formUnion(record.header.links(kind.rawValue))
                }
            default: break
            }
        }
        return isDecidedOn ? linked : []
    }

    private var sealFile: LoggedFile? {
        files.first { $0.entry.sequence == 0 && $0.entry.kind == .seal }
    }
}
