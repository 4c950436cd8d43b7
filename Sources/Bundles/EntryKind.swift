/// What a logged file is (docs/log.md, "Kinds").
package enum EntryKind: String, CaseIterable, Sendable {
    /// `seal.json`, always entry 0.
    case seal
    /// `manifest.jsonl`, always entry 1.
    case manifest
    /// `SHA256SUMS`, always entry 2.
    case sums
    /// `README.txt`, always entry 3.
    case readme
    /// A signature, as it came.
    case signature
    /// A time-stamp token, or an earlier checkpoint with its cosignatures.
    case timestamp
    /// A certificate or revocation list: untrusted, never an anchor.
    case certificate
    /// A closeout record.
    case evidence
    /// The evidence itself.
    case attachment

    /// The kinds of the first four entries, in order.
    package static let head: [EntryKind] = [.seal, .manifest, .sums, .readme]

    /// The folder that files of this kind lie in, or nil for the four at the top.
    package var folder: [UInt8]? {
        switch self {
        case .seal, .manifest, .sums, .readme: nil
        case .signature: Array("signatures".utf8)
        case .timestamp: Array("timestamps".utf8)
        case .certificate: Array("certificates".utf8)
        case .evidence: Array("evidence".utf8)
        case .attachment: Array("attachments".utf8)
        }
    }

    /// The one path that a file of the head has, or nil for kinds that have a folder.
    package var fixedPath: [UInt8]? {
        switch self {
        case .seal: BundleLayout.seal
        case .manifest: BundleLayout.manifest
        case .sums: BundleLayout.sums
        case .readme: BundleLayout.readme
        default: nil
        }
    }

    /// The most bytes that a file of this kind may have, or nil where it is streamed.
    package var byteLimit: Int? {
        switch self {
        case .seal: BundleLimits.seal
        case .manifest: BundleLimits.manifest
        case .readme: BundleLimits.readme
        case .signature, .timestamp: BundleLimits.signature
        case .certificate: BundleLimits.certificate
        case .evidence: BundleLimits.record
        case .sums, .attachment: nil
        }
    }

    /// Whether files of this kind are read whole, and count against `BundleLimits.readWhole`.
    var isReadWhole: Bool {
        switch self {
        case .manifest, .sums, .attachment: false
        default: true
        }
    }

    /// Says whether a file at `path` may be of this kind.
    package func allows(path: [UInt8]) -> Bool {
        if let fixedPath { return path == fixedPath }
        guard let folder else { return false }
        return path.starts(with: folder + [UInt8(ascii: "/")]) && BundleLayout.mayBeLogged(path)
    }
}
