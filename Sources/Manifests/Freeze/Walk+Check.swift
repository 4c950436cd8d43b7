extension Walk {
    /// Refuses what cannot be frozen as it is.
    ///
    /// - Throws: the first reason in the order of the paths.
    func check(_ options: ManifestOptions) throws(ManifestError) {
        if let irregularity = irregularities.first { throw .refused(irregularity) }
        if options.strictNames, let collision = collisions.first { throw .collision(collision) }
        if !options.allowOutsideLinks { try checkLinks() }
        if files == 0 { throw .noFiles }
    }

    private func checkLinks() throws(ManifestError) {
        let resolver = LinkResolver { path in
            guard let index = paths.index(of: path) else { return nil }
            return paths.target(at: index).map { .symlink(target: $0) } ?? .other
        }
        for (number, block) in paths.blocks.enumerated() {
            for (index, target) in block.targets.sorted(by: { $0.key < $1.key }) {
                let path = paths.path(at: number * PathTable.blockSize + index)
                if resolver.leavesRoot(path, target: target) {
                    throw .outsideLink(path: path, target: target)
                }
            }
        }
    }
}
