import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL

/// A place where a bundle seems to be.
package struct FoundBundle: Equatable, Sendable {
    /// What it is called in addresses: 32 hexadecimal digits, made of its path alone.
    package let id: String
    /// The path, without links on the way.
    package let path: [UInt8]
}

/// Looks for bundles at the places that somebody named: each is a bundle itself, or a folder whose children and
/// grandchildren can be bundles (docs/console.md, "Several bundles").
///
/// Links are not followed, and counted. What is no bundle is passed over; what looks like one is found, readable or not.
package struct BundleSearch: Equatable, Sendable {
    /// The most bundles that are found.
    package static let mostBundles = 10_000
    /// The most names that are looked at.
    private static let mostNames = 200_000

    /// What was found, in the order of the places and of their names.
    package private(set) var found: [FoundBundle] = []
    /// Whether there may be more than was looked at.
    package private(set) var isCut = false
    /// How many links were not followed.
    package private(set) var links = 0
    /// Folders that cannot be read, in words.
    package private(set) var faults: [String] = []

    private var names = 0
    private var seen: Set<[UInt8]> = []

    /// Looks at places.
    ///
    /// - Throws: `OpenSSLError` where a digest cannot be computed.
    package init(in places: [[UInt8]]) throws {
        for place in places {
            guard let path = try? resolvedPath(place) else {
                // It was named, so that it is listed, with what keeps it from being read.
                try add(place)
                continue
            }
            guard let folder = try? Directory.open(path), !Self.isBundle(folder) else {
                try add(path)
                continue
            }
            try look(in: folder, depth: 2)
        }
    }

    /// Whether a path leads to something that looks like one bundle, so that it is no folder of bundles.
    package static func isBundle(at path: [UInt8]) -> Bool {
        guard let folder = try? Directory.open(path) else { return true }
        return isBundle(folder)
    }

    /// Whether a folder has one of the files that every bundle has, or is called like a bundle.
    private static func isBundle(_ folder: borrowing Directory) -> Bool {
        let marks = [BundleLayout.log, BundleLayout.seal, BundleLayout.checkpoint]
        return folder.path.hasSuffix(".closeout")
            || marks.contains { (try? folder.statusIfThere(of: $0)).flatMap(\.self) != nil }
    }

    private mutating func look(in folder: borrowing Directory, depth: Int) throws {
        let entries: [DirectoryEntry]
        do throws(FileError) {
            let left = Self.mostNames - names
            entries = try folder.entries(atMost: left)
            if entries.count == left { isCut = true }
            names += entries.count
        } catch {
            faults.append("\(error)")
            return
        }
        for entry in entries where !entry.name.starts(with: BundleLayout.temporaryPrefix) {
            let path = Path.join(folder.path, entry.name)
            switch entry.kind {
            case .directory:
                let child: Directory
                do throws(FileError) { child = try folder.open(entry.name) } catch {
                    faults.append("\(error)")
                    continue
                }
                if Self.isBundle(child) {
                    try add(path)
                } else if depth > 1 {
                    try look(in: child, depth: depth - 1)
                }
            case .regular: if Self.isPacked(path) { try add(path) }
            case .symlink: links += 1
            default: continue
            }
        }
    }

    /// Whether a file is a packed bundle by its name, or by how it begins.
    private static func isPacked(_ path: [UInt8]) -> Bool {
        if path.hasSuffix(".closeout.tar") { return true }
        guard path.hasSuffix(".tar"), let place = try? BundlePlace(opening: path) else {
            return false
        }
        return place.kind == .packed
    }

    private mutating func add(_ path: [UInt8]) throws {
        guard seen.insert(path).inserted else { return }
        guard found.count < Self.mostBundles else {
            isCut = true
            return
        }
        let digest = try SHA256Digest.of(Array("closeout/index/v1\0".utf8) + path)
        found.append(FoundBundle(id: Hex.string(Array(digest.bytes.prefix(16))), path: path))
    }
}

extension [UInt8] {
    fileprivate func hasSuffix(_ text: String) -> Bool {
        suffix(text.utf8.count).elementsEqual(text.utf8)
    }
}

/// What the system says about the files of a bundle that change when it grows.
package struct BundleTrace: Equatable, Sendable {
    private static let names =
        [[], BundleLayout.seal, BundleLayout.manifest] + BundleLayout.unlogged
        + BundleLayout.folders

    private let statuses: [FileStatus?]

    /// Looks at a bundle, a folder or packed; what is not there counts too.
    package init(_ path: [UInt8]) {
        statuses = Self.names.map { try? fileStatus($0.isEmpty ? path : Path.join(path, $0)) }
    }
}
