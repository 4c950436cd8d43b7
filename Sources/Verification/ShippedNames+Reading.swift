package import CloseoutBundles
import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL
package import CloseoutRecords

extension ShippedNames {
    /// Finds which shipped files bills of materials name, by the bundle's manifest; nil where that is not
    /// what the log says, or its bytes were not kept.
    ///
    /// - Parameters:
    ///   - parts: What the bills list.
    ///   - manifest: The one reading of the manifest; nil where there was none.
    ///   - entry: The manifest's line of the log.
    package init?(among parts: [MaterialParts], in manifest: FileReading?, _ entry: LogEntry?) {
        guard let entry, let manifest, manifest.digest == entry.digest, let bytes = manifest.bytes
        else { return nil }
        self.init()
        for line in bytes.split(separator: UInt8(ascii: "\n")).dropFirst() {
            guard let item = ManifestEntry(line: Array(line)) else { return nil }
            guard case .file(_, _, let digest) = item.kind else { continue }
            if parts.contains(where: { $0.digests.contains(digest) }) { digests.insert(digest) }
            let name = item.path.split(separator: UInt8(ascii: "/")).last.map { Array($0) } ?? []
            if parts.contains(where: { $0.names.contains(name) }) { names.insert(name) }
        }
    }
}
