/// Names in one directory that some file systems take for one (docs/manifest.md, "Name
/// collisions").
package struct NameCollision: Equatable, Sendable {
    /// The paths below the root, ascending.
    package let paths: [[UInt8]]

    package init(paths: [[UInt8]]) {
        self.paths = paths
    }

    /// Finds the names of a directory that differ in case or in Unicode normalisation only.
    static func all(in listing: DirectoryListing, directory: [UInt8]) -> [NameCollision] {
        var groups: [String: [[UInt8]]] = [:]
        for item in listing.items where !item.isContents {
            let name = Array(listing.names[item.name])
            groups[folded(name), default: []].append(directory + name)
        }
        return groups.values.filter { $0.count > 1 }
            .sorted { $0[0].lexicographicallyPrecedes($1[0]) }
            .map { NameCollision(paths: $0) }
    }

    /// What such file systems compare: a Swift string is equal to all its normalisations by itself.
    package static func folded(_ name: [UInt8]) -> String {
        String(decoding: name, as: UTF8.self).uppercased().lowercased()
    }
}
