package import CloseoutBundles
import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL
package import CloseoutRecords

extension BundleReader {
    /// Which shipped files bills of materials name, by the bundle's manifest.
    ///
    /// - Parameters:
    ///   - parts: What the bills list.
    ///   - entry: The manifest's line of the log.
    /// - Returns: What of it is shipped; nil where the manifest is not what the log says.
    /// - Throws: `BundleError.failed` where a digest cannot be computed.
    package func shippedNames(
        among parts: [MaterialParts], manifest entry: LogEntry?
    ) throws(BundleError) -> ShippedNames? {
        guard let entry else { return nil }
        let reading = try readManifest(entry)
        guard reading.digest == entry.digest, let bytes = reading.bytes else { return nil }
        var shipped = ShippedNames()
        for line in bytes.split(separator: UInt8(ascii: "\n")).dropFirst() {
            guard let item = ManifestEntry(line: Array(line)) else { return nil }
            guard case .file(_, _, let digest) = item.kind else { continue }
            if parts.contains(where: { $0.digests.contains(digest) }) {
                shipped.digests.insert(digest)
            }
            let name = item.path.split(separator: UInt8(ascii: "/")).last.map { Array($0) } ?? []
            if parts.contains(where: { $0.names.contains(name) }) { shipped.names.insert(name) }
        }
        return shipped
    }
}
