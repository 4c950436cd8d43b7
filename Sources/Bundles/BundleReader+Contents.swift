import CloseoutFiles
import CloseoutOpenSSL
import CloseoutRecords

extension BundleReader {
    /// Reads everything but the manifest, SHA256SUMS and the artifacts.
    ///
    /// - Parameters:
    ///   - total: How many bytes of files are read whole at the most.
    ///   - attachments: How many bytes of attachments are hashed at the most.
    ///   - isDecidedOn: Whether criteria are applied to the bundle, also where it has no decision.
    /// - Returns: What was read; the bytes of those files only that are what the log says.
    /// - Throws: `BundleError.notABundle` where there is no log, `.file` where a folder of the
    ///   bundle cannot be listed. What is wrong with the contents is in the result.
    package func contents(
        readingWhole total: Int = BundleLimits.readWhole,
        hashing attachments: Int = BundleLimits.attachments, isDecidedOn: Bool = false
    ) throws(BundleError) -> BundleContents {
        var budget = Budget(total: total, known: [:])
        let logReading = try readLog(&budget)
        let log = try reportingBundleErrors { try BundleLog(parsing: logReading.bytes ?? []) }
        return try hashAttachments(
            of: try contentsWithoutAttachments(log, logReading, [], leavingOut: [], &budget),
            attachments, isDecidedOn: isDecidedOn)
    }

    /// Reads all that is read whole, and leaves the attachments unread.
    ///
    /// - Parameters:
    ///   - log: The log, which was read before.
    ///   - ahead: What `readAhead` gave, or nothing.
    ///   - known: What was read of the bundle before, by path; it is not read again. The log is in it.
    ///   - unfinished: The files that its writer is writing, which are none of the bundle yet.
    /// - Returns: What was read.
    /// - Throws: As `contents`.
    func contentsWithoutAttachments(
        of log: BundleLog, _ ahead: [FileReading?], knowing known: [[UInt8]: FileReading],
        leavingOut unfinished: [[UInt8]]
    ) throws(BundleError) -> BundleContents {
        var budget = Budget(total: BundleLimits.readWhole, known: known)
        let logReading = try readLog(&budget)
        return try contentsWithoutAttachments(
            log, logReading, ahead, leavingOut: unfinished, &budget)
    }

    /// Reads as `contents` does, the files of a long log on all processors.
    ///
    /// - Throws: As `contents`.
    package func contentsConcurrently(
        readingWhole total: Int = BundleLimits.readWhole, isDecidedOn: Bool = false
    ) async throws(BundleError) -> BundleContents {
        var budget = Budget(total: total, known: [:])
        let logReading = try readLog(&budget)
        let log: BundleLog
        do { log = try await BundleLog(parsingConcurrently: logReading.bytes ?? []) } catch {
            throw .failed("\(error)")
        }
        let ahead = try await readAhead(log, within: budget.rest)
        return try hashAttachments(
            of: try contentsWithoutAttachments(log, logReading, ahead, leavingOut: [], &budget),
            isDecidedOn: isDecidedOn)
    }

    /// Reads the files that are read whole on all processors, as far as they are no larger than the log says
    /// and have no more bytes together than are left.
    ///
    /// - Parameters:
    ///   - log: The log.
    ///   - rest: How many bytes are read at the most.
    ///   - known: What was read of the bundle before, by path; it is not read again.
    /// - Returns: What was read of each file of the log; nil for what is read in its turn, or not at all.
    ///   Nothing where none is read ahead.
    /// - Throws: `BundleError.failed` where a digest cannot be computed.
    func readAhead(
        _ log: BundleLog, within rest: Int = BundleLimits.readWhole,
        knowing known: [[UInt8]: FileReading] = [:]
    ) async throws(BundleError) -> [FileReading?] {
        // A path that is named again is not opened again.
        guard !log.repeatsItself else { return [] }
        var rest = rest
        let isRead = log.entries.map { entry in
            guard entry.kind.isReadWhole, entry.size <= min(rest, entry.kind.wholeLimit),
                known[entry.path] == nil
            else { return false }
            rest -= entry.size
            return true
        }
        let parts = try await inParts(of: isRead.count, least: 64) { range throws(BundleError) in
            var readings: [FileReading?] = []
            for index in range {
                var reading: FileReading?
                if isRead[index] {
                    let entry = log.entries[index]
                    reading = try read(entry.path, limit: entry.size)
                    if case .tooLarge? = reading { reading = nil }
                }
                readings.append(reading)
            }
            return readings
        }
        return Array(parts.joined())
    }

    private func readLog(_ budget: inout Budget) throws(BundleError) -> FileReading {
        let reading = try read(BundleLayout.log, limit: BundleLimits.log, &budget)
        if case .missing = reading {
            throw .notABundle(path: path, reason: "it has no log.jsonl")
        }
        return reading
    }

    private func contentsWithoutAttachments(
        _ log: BundleLog, _ logReading: FileReading, _ ahead: [FileReading?],
        leavingOut unfinished: [[UInt8]], _ budget: inout Budget
    ) throws(BundleError) -> BundleContents {
        let present = try reportingBundleErrors { try source.entries() }
        var files: [LoggedFile] = []
        files.reserveCapacity(log.entries.count)
        for (index, entry) in log.entries.enumerated() {
            let reading = index < ahead.count ? ahead[index] : nil
            files.append(LoggedFile(entry: entry, reading: try read(entry, reading, &budget)))
        }
        let named = log.paths.union(unfinished)
        let unnamed = present.filter { item in
            !named.contains(item.path) && !BundleLayout.unlogged.contains(item.path)
                && !(item.kind == .directory
                    && (BundleLayout.folders.contains(item.path)
                        || item.path == BundleLayout.artifacts))
        }
        let withheld = try read(BundleLayout.withheld, limit: BundleLimits.withheld, &budget)
        return BundleContents(
            log: log, logReading: logReading, files: files,
            checkpoint: try read(
                BundleLayout.checkpoint, limit: BundleLimits.checkpoint, knowing: budget.known),
            checkpointToken: try read(
                BundleLayout.checkpointToken, limit: BundleLimits.signature,
                knowing: budget.known),
            withheld: withheld,
            unlisted: try unlisted(unnamed.prefix(BundleLimits.unlisted), &budget),
            unlistedCount: unnamed.count,
            notRegular: present.filter { $0.kind != .regular && $0.kind != .directory }
                .map(\.path),
            holdsArtifacts: present.contains {
                $0.path == BundleLayout.artifacts && $0.kind == .directory
            })
    }

    /// Hashes the attachments that nobody has looked at yet, and keeps the bytes of those that decisions
    /// may rest on, so that they need not be read again.
    ///
    /// - Parameters:
    ///   - contents: All else of the bundle.
    ///   - most: How many bytes of attachments are hashed at the most.
    ///   - known: What was read of the bundle before, by path; it is not read again.
    ///   - isDecidedOn: Whether criteria are applied to the bundle, also where it has no decision.
    /// - Returns: The same with the attachments.
    /// - Throws: `BundleError.failed` where a digest cannot be computed.
    func hashAttachments(
        of contents: BundleContents, _ most: Int = BundleLimits.attachments,
        knowing known: [[UInt8]: FileReading] = [:], isDecidedOn: Bool
    ) throws(BundleError) -> BundleContents {
        guard contents.hasUnreadAttachments else { return contents }
        let kept = keptAttachments(contents, isDecidedOn: isDecidedOn)
        var left = most
        var files = contents.files
        for index in files.indices {
            let entry = files[index].entry
            guard entry.kind == .attachment else { continue }
            var reading = files[index].reading
            if case .unread = reading, let before = known[entry.path] {
                reading = before
            } else if case .unread = reading {
                reading = try hash(
                    entry, within: (most, left), keepingBytes: kept.contains(entry.sequence))
            }
            left -= reading.size ?? 0
            files[index] = LoggedFile(entry: entry, reading: reading)
        }
        return contents.with(files: files)
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

    /// Reads a file of the log, unless it was read ahead.
    private func read(
        _ entry: LogEntry, _ ahead: FileReading?, _ budget: inout Budget
    ) throws(BundleError) -> FileReading {
        if entry.kind == .attachment { return budget.known[entry.path] ?? .unread }
        guard entry.kind.isReadWhole else { return .missing }
        if let ahead { return budget.taken(ahead).keptWhere(it: entry) }
        return try read(entry.path, limit: entry.kind.wholeLimit, &budget).keptWhere(it: entry)
    }

    /// Reads a file, unless it was read before.
    private func read(
        _ path: [UInt8], limit: Int, knowing known: [[UInt8]: FileReading]
    ) throws(BundleError) -> FileReading {
        if let reading = known[path] { return reading }
        return try read(path, limit: limit)
    }

    /// Reads a file whole, if the budget allows it.
    private func read(
        _ path: [UInt8], limit: Int, _ budget: inout Budget
    ) throws(BundleError) -> FileReading {
        let reading = try read(path, limit: min(limit, budget.rest), knowing: budget.known)
        if case .tooLarge = reading, budget.rest < limit {
            return .beyondTotal(limit: budget.total)
        }
        budget.rest -= reading.size ?? 0
        return reading
    }

    /// Hashes an attachment, if the budget allows it.
    private func hash(
        _ entry: LogEntry, within budget: (most: Int, left: Int), keepingBytes: Bool
    ) throws(BundleError) -> FileReading {
        let limit = min(entry.size, BundleLimits.attachment)
        let least = min(limit, budget.left)
        let reading =
            try keepingBytes
            ? read(entry.path, limit: least).keptWhere(it: entry)
            : hash(entry.path, limit: least)
        if case .tooLarge = reading, budget.left < limit {
            return .beyondTotal(limit: budget.most)
        }
        return reading
    }

    /// The attachments whose bytes are kept, by their lines: those that decisions may rest on, the newest
    /// first, because newer decisions are recomputed first, and evidence whose content is read.
    private func keptAttachments(_ contents: BundleContents, isDecidedOn: Bool) -> Set<Int> {
        let types = ["application/json", MediaType.octets.name]
        var left = BundleLimits.keptAttachments
        var kept: Set<Int> = []
        var others: [LogEntry] = []
        for entry in contents.log.entries.reversed() where entry.kind == .attachment {
            if types.contains(entry.mediaType), entry.size <= left {
                left -= entry.size
                kept.insert(entry.sequence)
            } else if entry.size <= EvidenceContent.largestFile {
                others.append(entry)
            }
        }
        guard !others.isEmpty else { return kept }
        let evidence = contents.readEvidence(isDecidedOn: isDecidedOn)
        left = EvidenceContent.most
        for entry in others.reversed() where evidence.contains(entry.digest) && entry.size <= left {
            left -= entry.size
            kept.insert(entry.sequence)
        }
        return kept
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

extension EntryKind {
    /// The most bytes that a file of this kind has that is read whole.
    fileprivate var wholeLimit: Int { byteLimit ?? BundleLimits.signature }
}

/// How many bytes may still be read whole: many names of one large file must not fill the memory.
private struct Budget {
    let total: Int
    var rest: Int
    /// What was read before.
    let known: [[UInt8]: FileReading]

    init(total: Int, known: [[UInt8]: FileReading]) {
        self.total = total
        self.known = known
        rest = total
    }

    /// Takes what was read ahead, unless a file that is larger than the log says took what it needs.
    mutating func taken(_ reading: FileReading) -> FileReading {
        let size = reading.size ?? 0
        guard size <= rest else { return .beyondTotal(limit: total) }
        rest -= size
        return reading
    }
}
