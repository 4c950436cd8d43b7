import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

/// Our checkpoints and proofs before code of another origin, and its own before ours.
@Suite(.requires(pythonTool)) struct ForeignLogTests {
    static let size = 40
    static let entries = (0..<size).map { "entry \($0)" }

    @Test("another implementation accepts our checkpoint, cosignature and every proof")
    func accepted() async throws {
        let log = try LogUnderTest()
        let verdict = try await ForeignPrograms.run(ForeignPrograms.judgeLog, on: log.document())
        var reader = try JSONObjectReader(verdict)
        #expect(try reader.bool("ok"))
        #expect(try reader.bytes("origin") == log.checkpoint.origin)
        #expect(try reader.integer("size") == Int64(Self.size))
        #expect(try reader.digest("root") == log.checkpoint.root)
        let included = try reader.array("included").map { item in try item.bool() }
        let grown = try reader.array("grown").map { item in try item.bool() }
        let pairs = Self.size * (Self.size + 1) / 2
        #expect(included == Array(repeating: true, count: pairs))
        #expect(grown == Array(repeating: true, count: pairs))
        try reader.finish()
    }

    @Test("the other implementation refuses them once they are damaged")
    func refused() async throws {
        let log = try LogUnderTest()
        let wrong = try Merkle.leafHash(Array("wrong".utf8))
        let document = try log.document(signing: Array("moved".utf8)) { path in
            path.dropLast() + [wrong]
        }
        let verdict = try await ForeignPrograms.run(ForeignPrograms.judgeLog, on: document)
        var reader = try JSONObjectReader(verdict)
        #expect(try !reader.bool("ok"))
        let included = try reader.array("included").map { item in try item.bool() }
        let grown = try reader.array("grown").map { item in try item.bool() }
        #expect(!included.contains(true) && !grown.contains(true))
    }

    @Test("we accept the other implementation's checkpoint, cosignature, roots and proofs")
    func foreign() async throws {
        let made = try await ForeignPrograms.run(
            ForeignPrograms.makeLog, on: .array(Self.entries.map { JSON($0) }))
        var reader = try JSONObjectReader(made)
        let note = try SignedNote(parsing: reader.base64("note"))
        #expect(try NoteVerifier(vkey: reader.bytes("log")).check(note) == .valid(time: nil))
        let time = try #require(Instant(secondsSince1970: 1_767_000_000))
        #expect(try NoteVerifier(vkey: reader.bytes("witness")).check(note) == .valid(time: time))
        let checkpoint = try Checkpoint(parsing: note.text)
        let leaves = try Self.entries.map { entry in try Merkle.leafHash(Array(entry.utf8)) }
        let tree = try MerkleTree(leaves)
        #expect(checkpoint.root == tree.root)
        let roots = try digests(reader.required("roots"))
        #expect(roots == (try (0...Self.size).compactMap { size in try tree.root(first: size) }))
        for (index, item) in try reader.array("inclusions").enumerated() {
            let path = try digests(item)
            #expect(path == tree.inclusionPath(of: index))
            let isIncluded = try Merkle.verifyInclusion(
                of: leaves[index], at: UInt64(index), size: checkpoint.size, path: path,
                root: checkpoint.root)
            #expect(isIncluded)
        }
        for (old, item) in zip(1..., try reader.array("growths")) {
            let path = try digests(item)
            #expect(path == tree.consistencyPath(from: old))
            let isGrowth = try Merkle.verifyConsistency(
                from: UInt64(old), oldRoot: roots[old], to: checkpoint.size,
                newRoot: checkpoint.root, path: path)
            #expect(isGrowth)
        }
        try reader.finish()
    }

    @Test("ECDSA notes pass in both directions")
    func ecdsa() async throws {
        let key = try PrivateKey.generate(.p256)
        let name = Array("example.com/log".utf8)
        let checkpoint = Checkpoint(origin: name, size: 0, root: try Merkle.emptyRoot())
        let note = try SignedNote.signing(checkpoint.text, as: name, with: key)
        let answer = try await ForeignPrograms.run(
            ForeignPrograms.exchangeECDSA,
            on: [
                "note": .string(note.encoded), "spki": JSON(Base64.string(key.publicKey.spki)),
            ])
        var reader = try JSONObjectReader(answer)
        let foreignKey = try PublicKey(spki: reader.base64("spki"))
        let foreignNote = try SignedNote(parsing: reader.bytes("note"))
        #expect(foreignNote.text == checkpoint.text)
        let verifier = try NoteVerifier(name: name, key: foreignKey)
        #expect(try verifier.check(foreignNote) == .valid(time: nil))
    }

    private func digests(_ item: JSONItem) throws -> [SHA256Digest] {
        try item.array().map { node in try node.digest() }
    }
}

/// A log of ours with all its proofs, as the other implementation reads it.
private struct LogUnderTest: ~Copyable {
    let tree: MerkleTree
    let checkpoint: Checkpoint
    let logKey: PrivateKey
    let witnessKey: PrivateKey
    let witnessName = Array("example.com/witness".utf8)

    init() throws {
        let tree = try MerkleTree(
            ForeignLogTests.entries.map { entry in try Merkle.leafHash(Array(entry.utf8)) })
        let origin = "closeout/v1/" + String(repeating: "ab", count: 32)
        let logKey = try PrivateKey.generate(.ed25519)
        let witnessKey = try PrivateKey.generate(.ed25519)
        self.tree = tree
        checkpoint = Checkpoint(
            origin: Array(origin.utf8), size: UInt64(tree.size), root: tree.root)
        self.logKey = logKey
        self.witnessKey = witnessKey
    }

    /// All that there is to judge, with signatures over another text and proofs changed at will.
    func document(
        signing text: [UInt8]? = nil, change: ([SHA256Digest]) -> [SHA256Digest] = { $0 }
    ) throws -> JSON {
        let origin = checkpoint.origin
        let signed = text.map { $0 + "\n".utf8 } ?? checkpoint.text
        var note = try SignedNote.signing(signed, as: origin, with: logKey)
        let time = try #require(Instant(secondsSince1970: 1_767_000_000))
        try note.append(note.cosignature(as: witnessName, at: time, with: witnessKey))
        let shown = try SignedNote(text: checkpoint.text, signatures: note.signatures)
        let log = try NoteVerifier(name: origin, key: logKey.publicKey)
        let witness = try NoteVerifier(
            name: witnessName, key: witnessKey.publicKey, kind: .cosignatureV1)
        return [
            "note": JSON(Base64.string(shown.encoded)), "log": .string(log.vkey),
            "witness": .string(witness.vkey),
            "entries": .array(ForeignLogTests.entries.map { JSON($0) }),
            "roots": .array(try roots()), "inclusions": .array(try inclusions(change)),
            "growths": .array(try growths(change)),
        ]
    }

    private func roots() throws -> [JSON] {
        try (0...tree.size).map { size in
            .string(try #require(try tree.root(first: size)).hexBytes)
        }
    }

    private func inclusions(_ change: ([SHA256Digest]) -> [SHA256Digest]) throws -> [JSON] {
        try prefixes().flatMap { prefix in
            try (0..<prefix.size).map { index in
                let path = try #require(prefix.inclusionPath(of: index))
                return [
                    "index": .integer(Int64(index)), "size": .integer(Int64(prefix.size)),
                    "path": nodes(change(path)),
                ]
            }
        }
    }

    private func growths(_ change: ([SHA256Digest]) -> [SHA256Digest]) throws -> [JSON] {
        try prefixes().flatMap { prefix in
            try (1...prefix.size).map { old in
                let path = try #require(prefix.consistencyPath(from: old))
                return [
                    "from": .integer(Int64(old)), "to": .integer(Int64(prefix.size)),
                    "path": nodes(change(path)),
                ]
            }
        }
    }

    private func prefixes() throws -> [MerkleTree] {
        let leaves = try ForeignLogTests.entries.map { entry in
            try Merkle.leafHash(Array(entry.utf8))
        }
        return try (1...tree.size).map { size throws in
            try MerkleTree(Array(leaves.prefix(size)))
        }
    }

    private func nodes(_ path: [SHA256Digest]) -> JSON {
        .array(path.map { .string($0.hexBytes) })
    }
}
