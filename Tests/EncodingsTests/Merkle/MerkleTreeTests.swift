import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

@Suite struct MerkleTreeTests {
    static let largest = 64
    static let entries = (0..<largest).map { index in
        Array("entry \(index)".utf8)
    }

    let leaves: [SHA256Digest]
    let roots: [SHA256Digest]
    let trees: [MerkleTree]

    init() throws {
        let leaves = try Self.entries.map { try Merkle.leafHash($0) }
        self.leaves = leaves
        roots = try (0...Self.largest).map { try ReferenceTree.root(Self.entries.prefix($0)) }
        trees = try (0...Self.largest).map { size throws in
            try MerkleTree(Array(leaves.prefix(size)))
        }
    }

    @Test("has the root that the RFC defines, however it is computed, for each size up to 64")
    func sameRoots() throws {
        var accumulator = try MerkleAccumulator()
        for size in 0...Self.largest {
            #expect(try accumulator.root() == roots[size])
            #expect(accumulator.size == UInt64(size))
            #expect(try Merkle.root(of: leaves[..<size]) == roots[size])
            #expect(trees[size].root == roots[size])
            #expect(trees[size].size == size)
            if size < Self.largest { try accumulator.append(leaves[size]) }
        }
    }

    @Test("that grows from any size to any larger one is the tree that is built at once")
    func growing() throws {
        for size in 0...Self.largest {
            for larger in size...Self.largest {
                let grown = try trees[size].adding(leaves[size..<larger])
                let built = trees[larger]
                #expect(grown.size == larger && grown.root == roots[larger])
                for index in 0..<larger {
                    #expect(grown.inclusionPath(of: index) == built.inclusionPath(of: index))
                }
                #expect(grown.consistencyPath(from: size) == built.consistencyPath(from: size))
            }
        }
    }

    @Test("gives the root of every earlier size, and of none that it never had")
    func earlierRoots() throws {
        for size in 0...Self.largest {
            for earlier in 0...size {
                #expect(try trees[size].root(first: earlier) == roots[earlier])
            }
            #expect(try trees[size].root(first: size + 1) == nil)
            #expect(try trees[size].root(first: -1) == nil)
        }
    }

    @Test(
        "the roots of blocks, taken as leaves, give the root of the whole",
        arguments: [1, 2, 8, 16])
    func blocks(length: Int) throws {
        for size in 0...Self.largest {
            let blocks = try stride(from: 0, to: size, by: length).map {
                try Merkle.root(of: leaves[$0..<min($0 + length, size)])
            }
            #expect(try Merkle.root(of: blocks) == roots[size])
        }
    }

    @Test("proves each leaf of each size with the path that the RFC defines")
    func inclusion() throws {
        for size in 1...Self.largest {
            for index in 0..<size {
                let path = try #require(trees[size].inclusionPath(of: index))
                let isRight = try path == ReferenceTree.path(index, Self.entries.prefix(size))
                let isAccepted = try includes(index, size, path)
                #expect(isRight && isAccepted)
            }
            #expect(trees[size].inclusionPath(of: size) == nil)
            #expect(trees[size].inclusionPath(of: -1) == nil)
        }
    }

    @Test("refuses a proof of inclusion that differs in anything from the right one")
    func wrongInclusion() throws {
        var accepted: [String] = []
        for size in 1...33 {
            for index in 0..<size {
                let path = try #require(trees[size].inclusionPath(of: index))
                for (change, wrong) in damaged(path) where try includes(index, size, wrong) {
                    accepted.append("\(change) \(index) of \(size)")
                }
                for other in 0...size where other != index {
                    if try includes(other, size, path) { accepted.append("\(other) of \(size)") }
                }
                for other in 0...size + 1 where other != size {
                    let isAccepted = try Merkle.verifyInclusion(
                        of: leaves[index], at: UInt64(index), size: UInt64(other), path: path,
                        root: roots[other])
                    if isAccepted { accepted.append("\(index) of \(other)") }
                }
            }
        }
        #expect(accepted.isEmpty)
    }

    @Test("proves the growth from each size to each with the path that the RFC defines")
    func consistency() throws {
        for new in 1...Self.largest {
            for old in 1...new {
                let path = try #require(trees[new].consistencyPath(from: old))
                let isRight = try path == ReferenceTree.proof(old, Self.entries.prefix(new))
                let isAccepted = try grows(old, new, path)
                #expect(isRight && isAccepted)
            }
            #expect(trees[new].consistencyPath(from: 0) == [])
            #expect(try grows(0, new, []))
            #expect(trees[new].consistencyPath(from: new + 1) == nil)
            #expect(trees[new].consistencyPath(from: -1) == nil)
        }
        #expect(try grows(0, 0, []))
    }

    @Test("refuses a proof of growth that differs in anything from the right one")
    func wrongConsistency() throws {
        var accepted: [String] = []
        for new in 1...33 {
            for old in 0...new {
                let path = try #require(trees[new].consistencyPath(from: old))
                for (change, wrong) in damaged(path) where try grows(old, new, wrong) {
                    accepted.append("\(change) \(old) to \(new)")
                }
                for (from, to) in [(old + 1, new), (old, new + 1), (old - 1, new), (old, new - 1)]
                where from >= 0 && to >= 0 && from != to && from != 0 {
                    if try grows(from, to, path) { accepted.append("\(from) to \(to)") }
                }
                for (oldRoot, newRoot) in [(leaves[0], roots[new]), (roots[old], leaves[0])]
                where oldRoot != roots[old] || old > 0 && newRoot != roots[new] {
                    let isAccepted = try Merkle.verifyConsistency(
                        from: UInt64(old), oldRoot: oldRoot, to: UInt64(new), newRoot: newRoot,
                        path: path)
                    if isAccepted { accepted.append("other root: \(old) to \(new)") }
                }
                if old < new, try grows(new, old, path) { accepted.append("shrinks") }
            }
        }
        #expect(accepted.isEmpty)
    }

    @Test("survives sizes, indexes and lengths that no tree has")
    func absurd() throws {
        let long = Array(repeating: leaves[0], count: 300)
        for (index, size) in [(UInt64.max - 1, UInt64.max), (0, .max), (.max, .max), (0, 0)] {
            let path = Array(long.prefix(64))
            for path in [[], path, long] {
                let isIncluded = try Merkle.verifyInclusion(
                    of: leaves[0], at: index, size: size, path: path, root: roots[1])
                let isConsistent = try Merkle.verifyConsistency(
                    from: index, oldRoot: roots[1], to: size, newRoot: roots[2], path: path)
                #expect(!isIncluded && !isConsistent)
            }
        }
    }

    @Test("an inner node cannot pass for a leaf")
    func secondPreimage() throws {
        let inner = leaves[0].bytes + leaves[1].bytes
        #expect(try Merkle.leafHash(inner) != Merkle.nodeHash(leaves[0], leaves[1]))
        #expect(try Merkle.root(of: [Merkle.leafHash(inner)]) != roots[2])
    }

    private func includes(_ index: Int, _ size: Int, _ path: [SHA256Digest]) throws -> Bool {
        let leaf = leaves[min(index, Self.largest - 1)]
        return try Merkle.verifyInclusion(
            of: leaf, at: UInt64(index), size: UInt64(size), path: path, root: roots[size])
    }

    private func grows(_ old: Int, _ new: Int, _ path: [SHA256Digest]) throws -> Bool {
        try Merkle.verifyConsistency(
            from: UInt64(old), oldRoot: roots[old], to: UInt64(new), newRoot: roots[new], path: path
        )
    }

    /// Paths with one node removed, replaced, doubled or added, or two nodes swapped.
    private func damaged(_ path: [SHA256Digest]) -> [(change: String, path: [SHA256Digest])] {
        var wrong = [("added", path + [leaves[0]]), ("put before", [leaves[0]] + path)]
        for index in path.indices {
            var (removed, replaced, doubled, swapped) = (path, path, path, path)
            removed.remove(at: index)
            replaced[index] = leaves[63]
            doubled.insert(path[index], at: index)
            wrong += [("removed", removed), ("replaced", replaced), ("doubled", doubled)]
            if index > 0 {
                swapped.swapAt(index - 1, index)
                wrong.append(("swapped", swapped))
            }
        }
        return wrong
    }
}
