package import CloseoutFiles

/// A disk that knows what of it would survive a loss of power.
///
/// Durable is what was synced: a file's contents by a sync of the file, a name by a sync of its
/// directory. All else may be lost, in any combination; only a single renaming is whole or not at all.
package struct SimulatedDisk: Sendable {
    /// What survives of that which was not synced.
    package enum Survival: Sendable {
        /// Nothing: the worst order of writing back.
        case nothingUnsynced
        /// Everything: the process was killed, not the machine.
        case everything
        /// The names, while files have only the contents that were synced.
        case namesWithoutData
        /// The contents, while directories have only the names that were synced.
        case dataWithoutNames
        /// What chance decides: of each directory any of the changes, of each file a part.
        case some(seed: UInt64)
    }

    /// One file or directory of a tree.
    package enum Item: Hashable, Sendable {
        case file([UInt8])
        case directory
    }

    private enum Node {
        case file(live: [UInt8], durable: [UInt8])
        case directory(live: [[UInt8]: Int], durable: [[UInt8]: Int], pending: [NameChange])
    }

    private struct NameChange {
        var removed: [UInt8]?
        var added: [UInt8]?
        var node: Int?
    }

    private let root: [UInt8]
    private var nodes: [Node] = [.directory(live: [:], durable: [:], pending: [])]

    /// Takes over a directory with everything in it, all of it durable.
    package init(reading path: [UInt8]) throws(FileError) {
        root = path
        try read(try Directory.open(path), into: 0)
    }

    private mutating func read(
        _ directory: borrowing Directory, into node: Int
    ) throws(FileError) {
        var names: [[UInt8]: Int] = [:]
        for entry in try directory.entries() {
            names[entry.name] = nodes.count
            if entry.kind == .directory {
                nodes.append(.directory(live: [:], durable: [:], pending: []))
                try read(try directory.open(entry.name), into: nodes.count - 1)
            } else {
                let bytes = try directory.read(entry.name, limit: 1 << 26)
                nodes.append(.file(live: bytes, durable: bytes))
            }
        }
        nodes[node] = .directory(live: names, durable: names, pending: [])
    }

    /// Makes a change as the system would; one that the system would refuse changes nothing.
    package mutating func apply(_ change: DiskChange) {
        switch change {
        case .makeDirectory(let path):
            add(path, .directory(live: [:], durable: [:], pending: []))
        case .create(let path):
            add(path, .file(live: [], durable: []))
        case .write(let path, let bytes):
            guard let node = node(at: path), case .file(let live, let durable) = nodes[node]
            else { return }
            nodes[node] = .file(live: live + bytes, durable: durable)
        case .sync(let path):
            sync(path)
        case .rename(let path, let target):
            guard let node = node(at: path) else { return }
            move(node, from: path, to: target)
        case .link(let path, let target):
            guard let node = node(at: path), self.node(at: target) == nil else { return }
            enter(parentOf: target, NameChange(added: name(of: target), node: node))
        case .makeLink(let path, let target):
            add(path, .file(live: target, durable: target))
        case .remove(let path):
            guard let node = node(at: path) else { return }
            if case .directory(let live, _, _) = nodes[node], !live.isEmpty { return }
            enter(parentOf: path, NameChange(removed: name(of: path)))
        }
    }

    private mutating func add(_ path: [UInt8], _ node: Node) {
        guard self.node(at: path) == nil else { return }
        nodes.append(node)
        enter(parentOf: path, NameChange(added: name(of: path), node: nodes.count - 1))
    }

    private mutating func move(_ node: Int, from path: [UInt8], to target: [UInt8]) {
        guard Path.split(path).directory != Path.split(target).directory else {
            return enter(
                parentOf: path,
                NameChange(removed: name(of: path), added: name(of: target), node: node))
        }
        enter(parentOf: target, NameChange(added: name(of: target), node: node))
        enter(parentOf: path, NameChange(removed: name(of: path)))
    }

    private mutating func sync(_ path: [UInt8]) {
        guard let node = node(at: path) else { return }
        switch nodes[node] {
        case .file(let live, _): nodes[node] = .file(live: live, durable: live)
        case .directory(let live, _, _):
            nodes[node] = .directory(live: live, durable: live, pending: [])
        }
    }

    private mutating func enter(parentOf path: [UInt8], _ change: NameChange) {
        guard let node = node(at: Path.split(path).directory),
            case .directory(var live, let durable, let pending) = nodes[node]
        else { return }
        Self.make(change, in: &live)
        nodes[node] = .directory(live: live, durable: durable, pending: pending + [change])
    }

    private static func make(_ change: NameChange, in names: inout [[UInt8]: Int]) {
        if let removed = change.removed { names[removed] = nil }
        if let added = change.added { names[added] = change.node }
    }

    private func name(of path: [UInt8]) -> [UInt8] { Path.split(path).name ?? [] }

    /// The node that has a path now.
    private func node(at path: [UInt8]) -> Int? {
        guard path.starts(with: root) else { return nil }
        var node = 0
        for name in path.dropFirst(root.count).split(separator: UInt8(ascii: "/")) {
            guard case .directory(let live, _, _) = nodes[node], let next = live[Array(name)]
            else { return nil }
            node = next
        }
        return node
    }

    /// What is found after a crash, by paths below the root.
    package func tree(_ survival: Survival) -> [[UInt8]: Item] {
        var tree: [[UInt8]: Item] = [:]
        var generator = SplitMix64(seed: 0)
        if case .some(let seed) = survival { generator = SplitMix64(seed: seed) }
        collect(0, at: [], survival, &generator, &tree)
        return tree
    }

    private func collect(
        _ node: Int, at path: [UInt8], _ survival: Survival, _ generator: inout SplitMix64,
        _ tree: inout [[UInt8]: Item]
    ) {
        switch nodes[node] {
        case .file(let live, let durable):
            tree[path] = .file(contents(live, durable, survival, &generator))
        case .directory(let live, let durable, let pending):
            if !path.isEmpty { tree[path] = .directory }
            var names = durable
            switch survival {
            case .everything, .namesWithoutData: names = live
            case .nothingUnsynced, .dataWithoutNames: break
            case .some:
                for change in pending where Bool.random(using: &generator) {
                    Self.make(change, in: &names)
                }
            }
            for (name, inner) in names.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
                collect(inner, at: Path.join(path, name), survival, &generator, &tree)
            }
        }
    }

    private func contents(
        _ live: [UInt8], _ durable: [UInt8], _ survival: Survival, _ generator: inout SplitMix64
    ) -> [UInt8] {
        switch survival {
        case .everything, .dataWithoutNames: live
        case .nothingUnsynced, .namesWithoutData: durable
        case .some:
            Array(
                live.prefix(
                    Int.random(
                        in: min(durable.count, live.count)...live.count, using: &generator)))
        }
    }
}
