internal import CloseoutFiles

extension Walk {
    /// Looks at single files, each of which is in the manifest by its name.
    ///
    /// - Parameters:
    ///   - places: where the files are, by their names.
    ///   - options: what is looked for beyond the names.
    ///   - publish: gets each block of paths.
    /// - Returns: what there is.
    /// - Throws: `.file` when there is nothing at a place.
    static func of(
        places: [[UInt8]: [UInt8]], _ options: Options, publish: (PathTable.Block) -> Void
    ) throws(ManifestError) -> Walk {
        var listing = DirectoryListing()
        for (name, place) in places {
            listing.append(name.span, try reporting(file: try fileStatus(place).kind))
        }
        listing.sort()
        var walk = Walk()
        var excludes = GlobMatcher(options.excludes)
        for item in listing.items {
            let name = Array(listing.names[item.name])
            if excludes.match(name, isDirectory: false) {
                walk.excluded.append(name)
            } else if let block = try reporting(
                file: try walk.record(name, item.kind, at: places[name] ?? [], options))
            {
                publish(block)
            }
        }
        if let block = walk.paths.finish() { publish(block) }
        if listing.mayCollide { walk.collisions = NameCollision.all(in: listing, directory: []) }
        return walk
    }

    /// - Returns: the block of paths that is complete with this one.
    private mutating func record(
        _ name: [UInt8], _ kind: FileKind, at place: [UInt8], _ options: Options
    ) throws(FileError) -> PathTable.Block? {
        if !isText(name) {
            irregularities.append(Irregularity(path: name, kind: .notUTF8))
        } else if kind == .regular {
            if options.sizes { bytes += UInt64(clamping: try fileStatus(place).size) }
            files += 1
            return paths.append(name, .file)
        } else if kind == .symlink {
            let (directory, link) = Path.split(place)
            let target = try Directory.open(directory).readLink(link ?? [])
            if isTarget(target) { return paths.append(name, .symlink, target: target) }
            irregularities.append(Irregularity(path: name, kind: .badTarget))
        } else {
            irregularities.append(Irregularity(path: name, kind: .special(kind)))
        }
        return nil
    }
}
