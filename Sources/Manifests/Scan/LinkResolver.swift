/// Follows symbolic links through a manifest, never through a file system (docs/manifest.md,
/// "Links").
struct LinkResolver {
    /// What stands at a path.
    enum Entry {
        case symlink(target: [UInt8])
        case other
    }

    /// How many links may be followed before the resolution gives up.
    static let mostHops = 40

    /// How many components may be gone through before the resolution gives up.
    static let mostSteps = 4096

    /// Looks up a path of the manifest; nil when it has no entry.
    let entry: ([UInt8]) -> Entry?

    /// Tells whether a link leads out of the root, or on and on.
    ///
    /// Components are resolved one by one as the system does: `..` goes to the parent of what the
    /// link before it led to, not of where it stands. Behind a component without an entry they are
    /// taken as written.
    func leavesRoot(_ link: [UInt8], target: [UInt8]) -> Bool {
        var place = link.split(separator: slash).dropLast()
        var pending: [ArraySlice<UInt8>] = []
        var next: [UInt8]? = target
        var (hops, steps) = (0, 0)
        while true {
            if let target = next {
                hops += 1
                if target.first == slash || hops > Self.mostHops { return true }
                pending += target.split(separator: slash).reversed()
                next = nil
            }
            guard let component = pending.popLast() else { return false }
            steps += 1
            if steps > Self.mostSteps { return true }
            if component.elementsEqual(".".utf8) { continue }
            if component.elementsEqual("..".utf8) {
                if place.popLast() == nil { return true }
                continue
            }
            place.append(component)
            if case .symlink(let target) = entry(Array(place.joined(separator: [slash]))) {
                place.removeLast()
                next = target
            }
        }
    }
}
