/// Holds paths against patterns, one path after another (docs/manifest.md, "Excludes").
///
/// What a path has in common with the one before is not matched again. So in a walk every name is held
/// against a part of a pattern once, and not once for each path below it.
package struct GlobMatcher {
    private let globs: [Glob]
    /// What may match the first name of a path.
    private let start: [Place]
    /// The path that was asked for last, name by name.
    private var levels: [Level] = []
    /// How many names were held against parts of patterns.
    package private(set) var comparisons = 0

    /// A part of a pattern.
    private struct Place {
        let glob: Int
        let component: Int
    }

    private struct Level {
        let name: ArraySlice<UInt8>
        /// What may match the name below it.
        var next: [Place] = []
        /// The patterns that name the path up to here.
        var matching: [Int] = []
    }

    /// Takes the patterns.
    package init(_ globs: [Glob]) {
        self.globs = globs
        var start: [Place] = []
        for index in globs.indices { Self.add(0, of: globs[index], index, to: &start) }
        self.start = start
    }

    /// Whether any of the patterns names a path; what lies below a directory that one names is
    /// not asked for.
    package mutating func match(_ path: [UInt8], isDirectory: Bool) -> Bool {
        if globs.isEmpty { return false }
        let names = path.split(separator: slash)
        let shared = zip(levels, names).prefix { $0.name == $1 }.count
        levels.removeLast(levels.count - shared)
        for name in names[shared...] { descend(to: name) }
        let matching = levels.last?.matching ?? []
        return matching.contains { isDirectory || !globs[$0].isForDirectories }
    }

    private mutating func descend(to name: ArraySlice<UInt8>) {
        var level = Level(name: name)
        let scalars = Array(String(decoding: name, as: UTF8.self).unicodeScalars)
        for place in levels.last?.next ?? start {
            let glob = globs[place.glob]
            let isLast = place.component + 1 == glob.components.count
            switch glob.components[place.component] {
            case .anyDepth:
                Self.add(place.component, of: glob, place.glob, to: &level.next)
            case .name(let wanted):
                comparisons += 1
                guard wanted.matches(scalars) else { continue }
                Self.add(place.component + 1, of: glob, place.glob, to: &level.next)
            }
            if isLast { level.matching.append(place.glob) }
        }
        levels.append(level)
    }

    /// Adds a part of a pattern that may come next, and behind a `**`, which may match nothing, the next.
    ///
    /// Parts come in ascending order, so the last one covers those before.
    private static func add(
        _ component: Int, of glob: Glob, _ index: Int, to places: inout [Place]
    ) {
        for component in component..<glob.components.count {
            let last = places.last
            if last.map({ $0.glob < index || $0.component < component }) ?? true {
                places.append(Place(glob: index, component: component))
            }
            guard glob.components[component] == .anyDepth else { return }
        }
    }
}
