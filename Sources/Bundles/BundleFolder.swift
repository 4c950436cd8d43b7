import CloseoutFiles
import Synchronization

/// A bundle that is a folder (docs/bundle.md, "Reading").
///
/// It holds a shared lock where the medium allows one, and never writes.
final class BundleFolder: BundleSource {
    /// A folder inside, which is opened once for all its files.
    private final class Inner: Sendable {
        let directory: Directory

        init(_ directory: consuming Directory) {
            self.directory = directory
        }
    }

    private let root: Directory
    /// The folders inside that were opened, by their names.
    private let inner = Mutex<[[UInt8]: Inner]>([:])

    /// Reads the bundle in a folder, unless somebody else has it locked.
    ///
    /// - Throws: `BundleError.file` where somebody has.
    convenience init(locking folder: consuming Directory) throws(BundleError) {
        let root = folder
        do throws(FileError) { try root.lockNow(.shared) } catch {
            if error.isRefusedLock { throw .file(error) }
        }
        self.init(root)
    }

    /// Reads the bundle in a folder, once nobody writes to it.
    ///
    /// - Throws: `BundleError.file` where somebody writes to it for too long.
    convenience init(
        locking folder: consuming Directory, waiting wait: LockWait
    ) async throws(BundleError) {
        let root = folder
        // A medium that cannot lock is read all the same: nothing is written here.
        do throws(FileError) {
            try await root.lockWherePossible(.shared, waiting: wait)
        } catch {
            throw .file(error)
        }
        self.init(root)
    }

    /// Reads the bundle in a folder that is open, under the lock that its owner holds.
    init(_ root: consuming Directory) {
        self.root = root
    }

    var path: [UInt8] { root.path }

    /// Lets go of the lock; where there is none, nothing happens.
    func unlock() {
        try? root.unlock()
    }

    /// Whether a file lies inside the folder, whatever links lead there.
    func holds(_ file: [UInt8]) throws(FileError) -> Bool {
        try Directory.open(Path.split(try resolvedPath(file)).directory).isInside(root)
    }

    func entries() throws(FileError) -> [BundleEntry] {
        var entries: [BundleEntry] = []
        for entry in try root.entries(atMost: BundleLimits.directoryNames) {
            entries.append(BundleEntry(path: entry.name, kind: entry.kind))
            guard entry.kind == .directory, BundleLayout.folders.contains(entry.name) else {
                continue
            }
            for inner in try root.open(entry.name).entries(atMost: BundleLimits.directoryNames) {
                entries.append(
                    BundleEntry(path: Path.join(entry.name, inner.name), kind: inner.kind))
            }
        }
        return entries
    }

    func give(
        _ path: [UInt8], limit: Int, to sink: inout some ByteSink & ~Copyable
    ) throws -> FileReading? {
        let size: Int
        var file: InputFile
        do throws(FileError) { file = try open(path) } catch { return FileReading(error) }
        size = file.status.size
        guard size <= limit else { return .tooLarge(limit: limit) }
        try sink.begin(size: size)
        var buffer = [UInt8](repeating: 0, count: min(max(size, 1), FileReading.pieceSize))
        while true {
            let count: Int
            do throws(FileError) { count = try file.read(into: &buffer) } catch {
                return FileReading(error.at(Path.join(root.path, path)))
            }
            if count == 0 { return nil }
            try sink.take(buffer[..<count])
        }
    }

    /// Opens a file, and the folder that it lies in, without following links.
    private func open(_ path: [UInt8]) throws(FileError) -> InputFile {
        guard let end = path.firstIndex(of: slash) else { return try root.openFile(path) }
        return try folder(Array(path[..<end])).directory.openFile(Array(path[(end + 1)...]))
    }

    private func folder(_ name: [UInt8]) throws(FileError) -> Inner {
        if let known = inner.withLock({ $0[name] }) { return known }
        let folder = Inner(try root.open(name))
        inner.withLock { $0[name] = folder }
        return folder
    }
}
