import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests

/// What a log key is about to vouch for (docs/log.md, "Before a log key signs").
extension BundleAppending {
    /// The entries that the present checkpoint does not commit, without those being added.
    package var uncommitted: [LogEntry] {
        get throws(BundleError) {
            guard let note = savedNote else { return log.entries }
            return try reportingBundleErrors { () throws -> [LogEntry] in
                let size = try Checkpoint(parsing: note.text).size
                return log.entries.filter { UInt64($0.sequence) >= size }
            }
        }
    }

    /// Confirms that the four files of the head, and all that no checkpoint commits yet, are there
    /// as the log says.
    ///
    /// - Throws: `BundleError.logInDoubt` for the first that is not; `.file` where one cannot be
    ///   read.
    package mutating func confirmFiles() throws(BundleError) {
        let head = log.entries.prefix(EntryKind.head.count)
        let rest = try uncommitted.filter { $0.sequence >= EntryKind.head.count }
        for entry in head + rest {
            let reading = try opened.reading(of: entry)
            if case .unreadable(let error) = reading { throw .file(error) }
            guard reading.digest == entry.digest, reading.size == entry.size else {
                throw .logInDoubt(
                    reason: "\(printable(entry.path)) is not the file that line "
                        + "\(entry.sequence) names")
            }
        }
    }
}

extension BundleDraft {
    /// Confirms that a bundle of this release begins as this draft would, made at its instant.
    ///
    /// - Throws: `BundleError.exists` that names the first file that differs.
    package borrowing func confirmHead(
        of bundle: borrowing BundleAppending, at target: BundleTarget
    ) throws(BundleError) {
        let present = bundle.log.entries.prefix(EntryKind.head.count)
        let created = present.first?.at ?? seal.created
        let expected = try reportingBundleErrors { try head(created: created) }
        for (entry, digests) in zip(present, expected) where !digests.contains(entry.digest) {
            throw .exists(
                path: target.path,
                reason: "its \(printable(entry.path)) is not the one of this release")
        }
    }
}
