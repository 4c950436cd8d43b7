import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles

/// What a command reads, and must not write over or into (docs/command-line.md, "Output").
package struct CommandInputs {
    /// Files, by the paths that were given.
    var files: [[UInt8]] = []
    /// Folders: nothing is written below them.
    var folders: [[UInt8]] = []

    /// A bundle, packed or not, the folder of `--artifacts` if it names one, and files.
    package init(bundle: [UInt8], artifacts: [UInt8]? = nil, files: [[UInt8]?] = []) {
        self.files = [bundle] + files.compactMap(\.self)
        folders = [bundle]
        if let artifacts, artifacts != Array("none".utf8) { folders.append(artifacts) }
    }

    /// Nothing.
    package init() {}

    /// Whether a file is one of these, whatever path leads to it.
    func hold(_ file: FileStatus) -> Bool {
        files.contains { Self.identity($0) == file.identity }
    }

    /// Whether a folder is one of these.
    func hold(folder: FileStatus) -> Bool {
        folders.contains { Self.identity($0) == folder.identity }
    }

    private static func identity(_ path: [UInt8]) -> FileStatus.Identity? {
        (try? fileStatus(resolvedPath(path)))?.identity
    }
}

/// Refuses an output that would lie inside a bundle, or below a folder that the command reads.
///
/// What cannot be looked at is left to whoever writes there.
///
/// - Throws: `CommandFailure`, 73.
package func demandOutside(_ output: [UInt8], sparing inputs: CommandInputs = CommandInputs())
    throws
{
    guard let folder = try? resolvedPath(Path.split(output).directory) else { return }
    for end in folder.indices.filter({ folder[$0] == UInt8(ascii: "/") }) + [folder.endIndex] {
        let above = end == 0 ? [UInt8(ascii: "/")] : Array(folder[..<end])
        guard let status = try? fileStatus(above) else { continue }
        let isBundle = liesBundle(at: above)
        guard isBundle || inputs.hold(folder: status) else { continue }
        throw CommandFailure(
            .cannotCreate,
            "\(printable(output)) would lie inside "
                + (isBundle ? "the bundle " : "a folder that is read, ") + printable(above),
            hint: "choose another place; nothing was written")
    }
}

/// Whether a folder has the files that make a bundle.
private func liesBundle(at folder: [UInt8]) -> Bool {
    [BundleLayout.log, BundleLayout.seal].allSatisfy {
        (try? fileStatus(Path.join(folder, $0))) != nil
    }
}
