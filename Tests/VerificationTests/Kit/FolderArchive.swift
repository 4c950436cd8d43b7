import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests

/// The packed form of a folder as it is, whatever is wrong with its files; nil where it holds what
/// no packed bundle can.
func packedForm(of folder: String) throws -> [UInt8]? {
    var found: [(path: [UInt8], content: [UInt8]?)] = []
    guard try collect(Directory.open(Array(folder.utf8)), [], &found) else { return nil }
    let isArtifact = { (path: [UInt8]) in path.starts(with: BundleLayout.artifacts) }
    found.sort {
        isArtifact($0.path) == isArtifact($1.path)
            ? $0.path.lexicographicallyPrecedes($1.path) : isArtifact($1.path)
    }
    let top = Array("p-1.closeout".utf8)
    var bytes = ArchiveMember(path: top, kind: .directory).header
    for (path, content) in found {
        let kind: ArchiveMember.Kind =
            content.map { .file(size: $0.count, mode: 0o644) } ?? .directory
        bytes += ArchiveMember(path: Path.join(top, path), kind: kind).header
        bytes += content ?? []
        bytes += [UInt8](repeating: 0, count: ArchiveFormat.padding(behind: content?.count ?? 0))
    }
    return bytes + ArchiveFormat.end
}

/// - Returns: false where something is neither a file nor a folder, or has a name that is not text.
private func collect(
    _ directory: borrowing Directory, _ prefix: [UInt8],
    _ found: inout [(path: [UInt8], content: [UInt8]?)]
) throws -> Bool {
    for entry in try directory.entries() {
        let path = Path.join(prefix, entry.name)
        guard firstInvalidUTF8(in: path) == nil else { return false }
        switch entry.kind {
        case .regular:
            guard let content = try? directory.read(entry.name, limit: 1 << 26) else {
                return false
            }
            found.append((path, content))
        case .directory:
            found.append((path, nil))
            guard try collect(directory.open(entry.name), path, &found) else { return false }
        default: return false
        }
    }
    return true
}
