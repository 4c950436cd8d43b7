import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutRecords
package import CloseoutWorkflows

extension BundleSession {
    /// Takes back what somebody who recorded deliveries left when they were killed, and nothing else.
    ///
    /// It does so where all that the log does not name is temporary files, and unsigned records of deliveries of this
    /// very bundle below the names that their bytes have: what a commit leaves that put files in place and did not come to
    /// its log lines. Then it is what `repair` does: temporary files are removed, records are moved out of the bundle, and
    /// nothing that the log commits is touched. The outbox still has what they said, so they are made again.
    ///
    /// - Returns: What was done; nil where something else is there, or nothing, and nothing was done then.
    /// - Throws: `WorkflowError`, `FileError` where the bundle cannot be looked at or repaired.
    package mutating func takeBackUnfinishedRecords() async throws -> Receipt? {
        let named = Set(log.entries.map(\.path)).union(BundleLayout.unlogged)
        let root = try Directory.open(path)
        var isAny = try leftovers(in: root, at: [], named)
        for folder in BundleLayout.folders {
            guard let before = isAny else { return nil }
            do throws(FileError) {
                isAny = try leftovers(in: try root.open(folder), at: folder, named)
                    .map { $0 || before }
            } catch {
                guard error.isMissing else { throw error }
            }
        }
        guard isAny == true else { return nil }
        return try await repair()
    }

    /// Whether a folder has leftovers; nil where it has something that is none.
    private func leftovers(
        in folder: borrowing Directory, at place: [UInt8], _ named: Set<[UInt8]>
    ) throws(FileError) -> Bool? {
        var isAny = false
        for entry in try folder.entries() {
            let path = place.isEmpty ? entry.name : Path.join(place, entry.name)
            let isFolder =
                place.isEmpty && entry.kind == .directory
                && (BundleLayout.folders + [BundleLayout.artifacts]).contains(entry.name)
            if named.contains(path) || isFolder { continue }
            if !TemporaryName.matches(entry.name) || entry.kind != .regular {
                guard place == Array("evidence".utf8),
                    try isRecordOfDelivery(entry.name, in: folder)
                else { return nil }
            }
            isAny = true
        }
        return isAny
    }

    /// Whether a file is an unsigned record of a delivery of this bundle, under the name that its bytes have.
    private func isRecordOfDelivery(
        _ name: [UInt8], in folder: borrowing Directory
    ) throws(FileError) -> Bool {
        guard try folder.status(of: name).kind == .regular,
            let bytes = try? folder.read(name, limit: 1 << 20),
            let digest = try? SHA256Digest.of(bytes), name == Array("\(digest.hex).json".utf8),
            let record = try? Record(parsing: bytes), case .delivery = record.body
        else { return false }
        return record.header.seal == sealDigest
    }
}
