internal import Files

extension Walk {
    /// Looks at files that a user names, each of which stands in the manifest by its last component.
    ///
    /// - Returns: the walk, and where each of its paths is.
    /// - Throws: `.sameName`, `.directoryAmongFiles`, or `.file` when there is nothing at a path.
    static func of(
        files paths: [[UInt8]], _ wishes: Wishes
    ) throws(ManifestError) -> (walk: Walk, places: [[UInt8]: [UInt8]]) {
        var places: [[UInt8]: [UInt8]] = [:]
        var listing = DirectoryListing()
        for path in paths {
            guard let name = Path.split(path).name else { throw .directoryAmongFiles(path) }
            let kind: FileKind
            do throws(FileError) { kind = try fileStatus(path).kind } catch { throw .file(error) }
            if kind == .directory { throw .directoryAmongFiles(path) }
            if places.updateValue(path, forKey: name) != nil { throw .sameName(name) }
            listing.append(name.span, kind)
        }
        listing.sort()
        var walk = Walk()
        for item in listing.items {
            let name = Array(listing.names[item.name])
            try walk.record(name, item.kind, at: places[name] ?? [], wishes)
        }
        walk.paths.finish()
        if listing.mayCollide { walk.collisions = NameCollision.all(in: listing, directory: []) }
        return (walk, places)
    }

    private mutating func record(
        _ name: [UInt8], _ kind: FileKind, at place: [UInt8], _ wishes: Wishes
    ) throws(ManifestError) {
        if wishes.excludes.contains(where: { $0.matches(name, isDirectory: false) }) {
            return excluded.append(name)
        }
        guard isText(name) else {
            return irregularities.append(Irregularity(path: name, kind: .notUTF8))
        }
        do throws(FileError) {
            switch kind {
            case .regular:
                paths.append(name, .file)
                files += 1
                if wishes.sizes { bytes += UInt64(clamping: try fileStatus(place).size) }
            case .symlink:
                let (directory, link) = Path.split(place)
                let target = try Directory.open(directory).readLink(link ?? [])
                guard isTarget(target) else {
                    return irregularities.append(Irregularity(path: name, kind: .badTarget))
                }
                targets[paths.count] = target
                paths.append(name, .symlink)
            default:
                irregularities.append(Irregularity(path: name, kind: .special(kind)))
            }
        } catch {
            throw .file(error)
        }
    }
}
