import CloseoutEncodings
import CloseoutFiles

/// A file that a command writes whole, in the place of the one that may be there
/// (docs/command-line.md, "Output").
package struct ReplacedFile {
    /// The folder that it lies in, without links on the way.
    let folder: [UInt8]
    /// Its name there.
    let name: [UInt8]

    /// Its path without links.
    var path: [UInt8] { Path.join(folder, name) }

    /// Finds the file, itself where a link leads to it, and confirms that it may be replaced.
    ///
    /// - Throws: `CommandFailure`, 73, where something else than a regular file is there, or
    ///   one that the command reads, and where the place is inside a bundle or there is none.
    package init(_ path: [UInt8], sparing inputs: CommandInputs = CommandInputs()) throws {
        guard let name = Path.split(path).name else {
            throw CommandFailure(.cannotCreate, "\(printable(path)) has no name of its own")
        }
        let target = try Self.target(of: Path.join(Path.split(path).directory, name))
        (folder, self.name) = (target.folder, target.name)
        try demandOutside(self.path, sparing: inputs)
        guard let status = try? fileStatus(self.path) else { return }
        guard status.kind == .regular else {
            throw CommandFailure(
                .cannotCreate,
                "\(printable(path)) is a \(status.kind.rawValue), and only files are replaced",
                hint: "choose another place; nothing was written")
        }
        guard !inputs.hold(status) else {
            throw CommandFailure(
                .cannotCreate, "\(printable(path)) is read, and would be replaced",
                hint: "choose another place; nothing was written")
        }
    }

    /// Writes the file, with the permissions of the one that was there.
    package func write(_ bytes: [UInt8]) throws {
        try Directory.open(folder).replaceContents(of: name, with: bytes)
    }

    /// Where a path leads.
    private static func target(of path: [UInt8]) throws -> (folder: [UInt8], name: [UInt8]) {
        let isThere = (try? fileStatus(path)) != nil
        let (folder, name) = Path.split(path)
        do throws(FileError) {
            if isThere {
                let resolved = Path.split(try resolvedPath(path))
                return (resolved.directory, resolved.name ?? [])
            }
            return (try resolvedPath(Directory.open(folder).path), name ?? [])
        } catch {
            throw CommandFailure(
                .cannotCreate,
                isThere
                    ? "\(printable(path)) is a link that leads nowhere: \(error.cause.problem)"
                    : "\(printable(path)) cannot be created: \(error.cause.problem)")
        }
    }
}
