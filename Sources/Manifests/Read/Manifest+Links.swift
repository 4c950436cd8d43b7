extension Manifest {
    /// The first link that leads out of the root, or on and on (docs/manifest.md, "Links").
    ///
    /// A manifest without defects has one only where its header allows it.
    package func outsideLink() -> [UInt8]? {
        guard header.outsideLinks else { return nil }
        let resolver = LinkResolver { path in
            guard let index = index(of: path), let entry = entry(at: index) else { return nil }
            guard case .symlink(let target) = entry.kind else { return .other }
            return .symlink(target: target)
        }
        for index in 0..<count {
            guard let entry = entry(at: index), case .symlink(let target) = entry.kind else {
                continue
            }
            if resolver.leavesRoot(entry.path, target: target) { return entry.path }
        }
        return nil
    }
}
