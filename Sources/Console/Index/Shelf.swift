import Synchronization

/// The bundles of a collection that somebody has looked at lately: each is verified and watched while it is here.
final class Shelf: Sendable {
    /// The most bundles that are kept, as each can be large.
    private static let most = 4

    private struct Opened {
        let id: String
        let site: BundleSite
        let looking: Task<Void, Never>
    }

    private let opened = Mutex<(bundles: [Opened], hasEnded: Bool)>(([], false))

    /// The pages about a bundle, which is opened where it is not open; nil once the console ends.
    ///
    /// - Parameters:
    ///   - id: What the bundle is called in addresses.
    ///   - time: How often it is looked at for changes.
    ///   - make: Makes the pages.
    /// - Returns: The pages.
    /// - Throws: What `make` throws.
    func site(_ id: String, lookingEvery time: Duration, _ make: () throws -> BundleSite) rethrows
        -> BundleSite?
    {
        try opened.withLock { state in
            guard !state.hasEnded else { return nil }
            if let place = state.bundles.firstIndex(where: { $0.id == id }) {
                let found = state.bundles.remove(at: place)
                state.bundles.append(found)
                return found.site
            }
            let site = try make()
            if state.bundles.count >= Self.most { Self.close(state.bundles.removeFirst()) }
            let looking = Task { await site.keepLooking(every: time) }
            state.bundles.append(Opened(id: id, site: site, looking: looking))
            return site
        }
    }

    /// Closes all, and opens none any more.
    func end() {
        opened.withLock { state in
            state.bundles.forEach(Self.close)
            state = ([], true)
        }
    }

    private static func close(_ bundle: Opened) {
        bundle.looking.cancel()
        bundle.site.end()
    }
}
