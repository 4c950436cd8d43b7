internal import CloseoutEncodings
internal import CloseoutFiles

extension Manifest {
    /// Reads a manifest and checks every line of it (docs/manifest.md, "Reading").
    ///
    /// - Throws: `.openSSL` alone; what is wrong with the manifest is a defect.
    package static func read(
        _ bytes: [UInt8], workers: Int = Machine.processorCount
    ) async throws(ManifestError) -> ManifestReading {
        guard bytes.last == lineFeed, let end = bytes.firstIndex(of: lineFeed) else {
            return ManifestReading(.unterminated)
        }
        let header: ManifestHeader
        do throws(ManifestDefect.Reason) {
            header = try ManifestHeader(parsing: Array(bytes[..<end]))
        } catch {
            return ManifestReading(error)
        }
        let lines = await LineTable.find(in: bytes, from: end + 1)
        guard lines.count <= mostEntries else { return ManifestReading(.tooManyEntries) }
        return try await ReadingJob(lines, header).run(workers: max(1, workers))
    }
}

extension ManifestReading {
    /// A reading that ended with the first line.
    fileprivate init(_ reason: ManifestDefect.Reason) {
        manifest = nil
        defects = [ManifestDefect(line: 1, path: nil, reason: reason)]
        defectCount = 1
    }
}
