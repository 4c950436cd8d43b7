import CloseoutFiles
package import CloseoutOpenSSL

/// All of a bundle but its manifest, SHA256SUMS and artifacts, each file read once
/// (docs/bundle.md, "Reading").
package struct BundleContents: Sendable {
    /// The log, and how its file was read.
    package let log: BundleLog
    /// How `log.jsonl` was read.
    package let logReading: FileReading
    /// The files that the log names, in its order; manifest and SHA256SUMS are read later.
    package let files: [LoggedFile]
    /// The checkpoint, and the time-stamp over it.
    package let checkpoint: FileReading
    /// How the time-stamp over the checkpoint was read.
    package let checkpointToken: FileReading
    /// How the list of withheld files was read.
    package let withheld: FileReading
    /// What the log does not name, as far as it was looked at.
    package let unlisted: [UnlistedFile]
    /// How much there is that the log does not name.
    package let unlistedCount: Int
    /// Links and special files, also where the log names them.
    package let notRegular: [[UInt8]]
    /// Whether the bundle carries the shipped files.
    package let holdsArtifacts: Bool

    /// The logged files of one kind, in log order.
    package func files(_ kind: EntryKind) -> [LoggedFile] {
        files.filter { $0.entry.kind == kind }
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
        BundleContents(
            log: try log.first(size), logReading: logReading,
            files: files.filter { $0.entry.sequence < size }, checkpoint: .missing,
            checkpointToken: .missing, withheld: withheld, unlisted: [], unlistedCount: 0,
            notRegular: [],
            holdsArtifacts: holdsArtifacts)
    }

    /// The bundle with more entries; it has no checkpoint then.
    func growing(to log: BundleLog, by added: [LoggedFile]) -> BundleContents {
        BundleContents(
            log: log, logReading: logReading, files: files + added, checkpoint: .missing,
            checkpointToken: .missing, withheld: withheld, unlisted: unlisted,
            unlistedCount: unlistedCount, notRegular: notRegular, holdsArtifacts: holdsArtifacts)
    }

    private var sealFile: LoggedFile? {
        files.first { $0.entry.sequence == 0 && $0.entry.kind == .seal }
    }
}

extension BundleReader {
    /// Reads everything but the manifest, SHA256SUMS and the artifacts.
    ///
    /// - Parameters:
    ///   - total: How many bytes of files are read whole at the most.
    ///   - attachments: How many bytes of attachments are hashed at the most.
    /// - Returns: What was read; the bytes of those files only that are what the log says.
    /// - Throws: `BundleError.notABundle` where there is no log, `.file` where a folder of the
    ///   bundle cannot be listed. What is wrong with the contents is in the result.
    package func contents(
        readingWhole total: Int = BundleLimits.readWhole,
        hashing attachments: Int = BundleLimits.attachments
    ) throws(BundleError) -> BundleContents {
        var budget = Budget(total: total, attachments: attachments)
        let logReading = try read(BundleLayout.log, limit: BundleLimits.log, &budget)
        if case .missing = logReading {
            throw .notABundle(path: path, reason: "it has no log.jsonl")
        }
        let log = try reportingBundleErrors { try BundleLog(parsing: logReading.bytes ?? []) }
        let present = try reportingBundleErrors { try source.entries() }
        var files: [LoggedFile] = []
        files.reserveCapacity(log.entries.count)
        for entry in log.entries {
            files.append(LoggedFile(entry: entry, reading: try read(entry, &budget)))
        }
        let named = Set(log.entries.map(\.path)).union(BundleLayout.unlogged)
        let unnamed = present.filter { item in
            !named.contains(item.path)
                && !(item.kind == .directory
                    && (BundleLayout.folders.contains(item.path)
                        || item.path == BundleLayout.artifacts))
        }
        let withheld = try read(BundleLayout.withheld, limit: BundleLimits.withheld, &budget)
        return BundleContents(
            log: log, logReading: logReading, files: files,
            checkpoint: try read(BundleLayout.checkpoint, limit: BundleLimits.checkpoint),
            checkpointToken: try read(BundleLayout.checkpointToken, limit: BundleLimits.signature),
            withheld: withheld,
            unlisted: try unlisted(unnamed.prefix(BundleLimits.unlisted), &budget),
            unlistedCount: unnamed.count,
            notRegular: present.filter { $0.kind != .regular && $0.kind != .directory }
                .map(\.path),
            holdsArtifacts: present.contains {
                $0.path == BundleLayout.artifacts && $0.kind == .directory
            })
    }

    /// Reads the manifest, once; it may be large, so it is read when all small files have been.
    ///
    /// - Parameter entry: Its line of the log; what has more bytes than that says is not read.
    /// - Returns: Its bytes, or why there are none.
    /// - Throws: `BundleError.failed` where a digest cannot be computed.
    package func readManifest(_ entry: LogEntry?) throws(BundleError) -> FileReading {
        try read(BundleLayout.manifest, limit: min(BundleLimits.manifest, entry?.size ?? 0))
    }

    /// Reads SHA256SUMS, once, and keeps its digest.
    ///
    /// - Parameter entry: Its line of the log; what has more bytes than that says is not read.
    /// - Returns: Its digest and size, or why there are none.
    /// - Throws: `BundleError.failed` where a digest cannot be computed.
    package func hashSums(_ entry: LogEntry?) throws(BundleError) -> FileReading {
        try hash(BundleLayout.sums, limit: entry?.size ?? 0)
    }

    /// Reads an attachment once more, with its bytes.
    ///
    /// - Returns: nil where it is not what the log says, or larger than the limit.
    /// - Throws: `BundleError.failed` where a digest cannot be computed.
    package func readAttachment(_ entry: LogEntry, limit: Int) throws(BundleError) -> [UInt8]? {
        LoggedFile(entry: entry, reading: try read(entry.path, limit: min(limit, entry.size)))
            .trueBytes
    }

    private func read(
        _ entry: LogEntry, _ budget: inout Budget
    ) throws(BundleError) -> FileReading {
        if entry.kind == .attachment { return try hash(entry, &budget) }
        guard entry.kind.isReadWhole else { return .missing }
        let reading = try read(
            entry.path, limit: entry.kind.byteLimit ?? BundleLimits.signature, &budget)
        let isTrue = reading.digest == entry.digest && reading.size == entry.size
        return isTrue ? reading : reading.withoutBytes
    }

    /// Reads a file whole, if the budget allows it.
    private func read(
        _ path: [UInt8], limit: Int, _ budget: inout Budget
    ) throws(BundleError) -> FileReading {
        let reading = try read(path, limit: min(limit, budget.rest))
        if case .tooLarge = reading, budget.rest < limit {
            return .beyondTotal(limit: budget.total)
        }
        budget.rest -= reading.size ?? 0
        return reading
    }

    /// Hashes an attachment, if the budget allows it.
    private func hash(_ entry: LogEntry, _ budget: inout Budget) throws(BundleError) -> FileReading
    {
        let limit = min(entry.size, BundleLimits.attachment)
        let reading = try hash(entry.path, limit: min(limit, budget.attachmentsLeft))
        if case .tooLarge = reading, budget.attachmentsLeft < limit {
            return .beyondTotal(limit: budget.attachments)
        }
        budget.attachmentsLeft -= reading.size ?? 0
        return reading
    }

    private func unlisted(
        _ unnamed: some Sequence<BundleEntry>, _ budget: inout Budget
    ) throws(BundleError) -> [UnlistedFile] {
        var unlisted: [UnlistedFile] = []
        for item in unnamed {
            let reading =
                item.kind == .regular
                ? try read(item.path, limit: BundleLimits.signature, &budget) : nil
            unlisted.append(UnlistedFile(path: item.path, kind: item.kind, reading: reading))
        }
        return unlisted
    }
}

/// How many bytes may still be read: many names of one large file must not fill the memory, nor take
/// for ever.
private struct Budget {
    /// Bytes of files that are read whole.
    let total: Int
    var rest: Int
    /// Bytes of attachments, which are hashed as they are read.
    let attachments: Int
    var attachmentsLeft: Int

    init(total: Int, attachments: Int) {
        self.total = total
        rest = total
        self.attachments = attachments
        attachmentsLeft = attachments
    }
}
