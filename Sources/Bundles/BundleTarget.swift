import CloseoutFiles
package import CloseoutManifests

/// Where a bundle is to be made.
package struct BundleTarget: Equatable, Sendable {
    /// The folder that will hold it.
    package let parent: [UInt8]
    /// Its own name.
    package let name: [UInt8]

    /// The whole path.
    package var path: [UInt8] { Path.join(parent, name) }

    /// Takes apart the path that a user gave.
    ///
    /// - Throws: `BundleError.notABundle` where the path has no last component.
    package init(_ path: [UInt8]) throws(BundleError) {
        let (directory, name) = Path.split(path)
        guard let name else {
            throw .notABundle(path: path, reason: "it has no name of its own")
        }
        parent = directory
        self.name = name
    }

    /// The default: `./NAME-VERSION.closeout`, with `_` for each `/` of the name.
    package init(for release: Release) {
        parent = Array(".".utf8)
        name = Array("\(release.fileStem).closeout".utf8)
    }
}
