import CloseoutFiles

/// Writes a packed bundle, one member after another (docs/pack.md).
///
/// What it writes keeps all rules by which it will be read.
final class ArchiveWriter: ByteOutput {
    private static let bufferSize = 1024 * 1024

    private let file: OutputFile
    private var rules = ArchiveRules()
    private var buffer: [UInt8] = []

    init(to file: consuming OutputFile) {
        self.file = file
    }

    /// Writes a member's header; its bytes follow, and then `end`.
    ///
    /// - Throws: `BundleError.notPacked` where a packed bundle cannot hold it.
    func begin(_ member: ArchiveMember) throws {
        do {
            _ = try rules.check(member)
        } catch {
            throw BundleError.notPacked(path: member.path, reason: error.reason)
        }
        try write(member.header[...])
    }

    /// Writes bytes of the member that was begun.
    func write(_ piece: ArraySlice<UInt8>) throws {
        buffer += piece
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// Fills up the last block of a member.
    func end(_ member: ArchiveMember) throws {
        try write([UInt8](repeating: 0, count: ArchiveFormat.padding(behind: member.size))[...])
    }

    /// Ends the archive and waits until it has reached the storage.
    func finish() throws {
        try write(ArchiveFormat.end[...])
        try flush()
        try file.sync()
    }

    private func flush() throws {
        try file.write(buffer)
        buffer.removeAll(keepingCapacity: true)
    }
}
