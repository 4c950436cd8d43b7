import CloseoutBundles
import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

/// What only someone with the keys can do: bundles that are signed and yet not right.
extension Bench {
    /// The lines of the log, without their line feeds.
    func logLines() throws -> [[UInt8]] {
        try file("log.jsonl").split(separator: UInt8(ascii: "\n")).map { Array($0) }
    }

    /// Replaces the log.
    func setLog(_ lines: [[UInt8]]) throws {
        try write(lines.flatMap { $0 + [UInt8(ascii: "\n")] }, to: "log.jsonl")
    }

    /// Replaces the log by these entries, numbered anew.
    func setLog(_ entries: [LogEntry]) throws {
        try setLog(
            entries.enumerated().map { index, entry in
                LogEntry(
                    sequence: index, at: entry.at, kind: entry.kind, mediaType: entry.mediaType,
                    path: entry.path, digest: entry.digest, size: entry.size
                ).line
            })
    }

    /// Brings size and digest of every entry up to date with the files, and commits the log.
    func mend() throws {
        try setLog(
            try entries().map { entry in
                let bytes = try file(String(decoding: entry.path, as: UTF8.self))
                return LogEntry(
                    sequence: 0, at: entry.at, kind: entry.kind, mediaType: entry.mediaType,
                    path: entry.path, digest: try SHA256Digest.of(bytes), size: bytes.count)
            })
        try commit()
    }

    /// Replaces a logged file as if it had always been so.
    func forge(_ name: String, _ bytes: [UInt8]) throws {
        try write(bytes, to: name)
        try mend()
    }

    /// Stores a file under any name and media type, logged and committed.
    func smuggle(
        _ bytes: [UInt8], _ kind: EntryKind, as name: String,
        _ mediaType: String = "application/octet-stream"
    ) throws {
        try makeDirectory(path(String(name.prefix { $0 != "/" })))
        try write(bytes, to: name)
        let entry = LogEntry(
            sequence: 0, at: try at("2026-05-03T00:00:00Z"), kind: kind, mediaType: mediaType,
            path: Array(name.utf8), digest: try SHA256Digest.of(bytes), size: bytes.count)
        try setLog(try entries() + [entry])
        try commit()
    }

    /// Signs a seal that a careless or malicious signer might sign, and rebuilds the bundle on it.
    func forgeSeal(_ seal: [UInt8]) throws {
        try write(seal, to: "seal.json")
        try write(release.envelope(seal), to: first(.signature))
        try setLog(try entries().filter { $0.kind != .evidence })
        try mend()
        for entry in try evidence() { try? remove("evidence/" + entry) }
    }

    /// Signs a manifest that a careless or malicious signer might sign: seal, list and log fit it.
    ///
    /// The header is the present one and SHA256SUMS what the lines give, unless they are given here.
    func forgeManifest(
        _ lines: [String], header: String? = nil, sums: [UInt8]? = nil,
        totals edit: (inout ManifestTotals) -> Void = { _ in }
    ) throws {
        let old = try manifestLines()
        let all = [header ?? old[0]] + lines
        let manifest = Array(all.map { $0 + "\n" }.joined().utf8)
        var totals = ManifestTotals()
        var list: [UInt8] = []
        for line in lines {
            if line.contains(#""type":"directory""#) { totals.directories += 1 }
            if line.contains(#""type":"symlink""#) { totals.symlinks += 1 }
            guard line.contains(#""type":"file""#) else { continue }
            totals.files += 1
            guard let entry = ManifestEntry(line: Array(line.utf8)),
                case .file(_, let size, let digest) = entry.kind
            else { continue }
            totals.bytes += size
            list += Array("\(digest.hex)  ".utf8) + entry.path + [UInt8(ascii: "\n")]
        }
        edit(&totals)
        try write(manifest, to: "manifest.jsonl")
        try write(sums ?? list, to: "SHA256SUMS")
        let leaves = try lines.map { try Merkle.leafHash(Array($0.utf8)) }
        let seal = try Seal(parsing: try file("seal.json"))
        try forgeSeal(
            Seal(
                created: seal.created, release: seal.release,
                manifestDigest: try SHA256Digest.of(manifest),
                merkleRoot: try Merkle.root(of: leaves), totals: totals
            ).canonicalBytes)
    }

    /// The lines of the manifest, the header first.
    func manifestLines() throws -> [String] {
        try file("manifest.jsonl").split(separator: UInt8(ascii: "\n"))
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// The manifest's entry lines.
    func entryLines() throws -> [String] { Array(try manifestLines().dropFirst()) }

    private func evidence() throws -> [String] {
        let named = try entries().filter { $0.kind == .evidence }
        guard named.isEmpty else { return [] }
        return try names(in: "evidence")
    }
}
