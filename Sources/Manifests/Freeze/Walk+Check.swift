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
        var links: [LinkResolver.Link] = []
        for (number, block) in paths.blocks.enumerated() {
            for (index, target) in block.targets.sorted(by: { $0.key < $1.key }) {
                links.append((paths.path(at: number * PathTable.blockSize + index), target))
            }
        }
        var resolver = LinkResolver(links)
        guard let first = resolver.escaping().first else { return }
        throw .outsideLink(path: links[first].path, target: links[first].target)
    }
}
