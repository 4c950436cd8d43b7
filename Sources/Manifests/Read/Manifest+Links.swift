extension Manifest {
    /// The first link that leads out of the root, or on and on (docs/manifest.md, "Links").
    ///
    /// A manifest without defects has one only where its header allows it.
    package func outsideLink() -> [UInt8]? {
        guard header.outsideLinks else { return nil }
        let links = lines.links(Array(0..<count))
        var resolver = LinkResolver(links)
        return resolver.escaping().first.map { links[$0].path }
    }
}
