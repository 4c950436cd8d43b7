import CloseoutEncodings

/// An entry of a transparency log as a bundle states it; nothing in it is believed.
struct SigstoreLogEntry: Equatable, Sendable {
    /// Its number in the whole log.
    let index: Int64
    /// What names the log; empty where it names none.
    let logIdentifier: [UInt8]
    /// The kind of its body, and the version of that.
    let kind: Kind
    /// When the log says that it took the entry, in seconds since 1970; 0 where it does not say.
    let integratedTime: Int64
    /// The log's signature over the body, the time and the number.
    let signedTimestamp: [UInt8]?
    /// The way to a root of the log's tree.
    let proof: Proof?
    /// The body, byte for byte as it was logged.
    let body: [UInt8]

    /// A kind of body with its version.
    struct Kind: Equatable, Sendable {
        let name: [UInt8]
        let version: [UInt8]

        func isOne(_ name: String, _ version: String) -> Bool {
            self.name.elementsEqual(name.utf8) && self.version.elementsEqual(version.utf8)
        }
    }

    /// A proof of inclusion.
    struct Proof: Equatable, Sendable {
        /// The number within the tree.
        let index: Int64
        /// The leaves of the tree.
        let size: Int64
        /// The root that it leads to.
        let root: [UInt8]
        /// The hashes from the leaf up.
        let hashes: [[UInt8]]
        /// The signed note with the root; empty where there is none.
        let checkpoint: [UInt8]

        /// The hashes that a proof may have at most: a tree has fewer than 2^63 leaves.
        static let mostHashes = 64
    }

    /// Which generation of the log writes such entries; nil for a kind that is not read.
    var generation: SigstoreRoot.Log.Generation? {
        if kind.isOne("hashedrekord", "0.0.2") { return .second }
        let first = [("hashedrekord", "0.0.1"), ("dsse", "0.0.1"), ("intoto", "0.0.2")]
        return first.contains { kind.isOne($0.0, $0.1) } ? .first : nil
    }
}

extension SigstoreLogEntry {
    /// Reads an entry; what it must have is for those who use it.
    init(_ item: JSONItem) throws(JSONShapeError) {
        var entry = try item.object()
        index = try entry.present("logIndex")?.decimal() ?? 0
        integratedTime = try entry.present("integratedTime")?.decimal() ?? 0
        body = try entry.present("canonicalizedBody")?.base64() ?? []
        logIdentifier = try Self.base64(entry.present("logId"), "keyId") ?? []
        var (name, version): ([UInt8], [UInt8]) = ([], [])
        if let kind = entry.present("kindVersion") {
            var kind = try kind.object()
            name = try kind.present("kind")?.bytes() ?? []
            version = try kind.present("version")?.bytes() ?? []
            try kind.finish()
        }
        kind = Kind(name: name, version: version)
        signedTimestamp = try Self.base64(entry.present("inclusionPromise"), "signedEntryTimestamp")
        proof = try entry.present("inclusionProof").flatMap { item throws(JSONShapeError) in
            try Proof(item)
        }
        try entry.finish()
    }

    private static func base64(
        _ item: JSONItem?, _ key: String
    ) throws(JSONShapeError) -> [UInt8]? {
        guard let item else { return nil }
        var reader = try item.object()
        let bytes = try reader.present(key)?.base64() ?? []
        try reader.finish()
        return bytes.isEmpty ? nil : bytes
    }
}

extension SigstoreLogEntry.Proof {
    /// Reads a proof; nil for an empty one, which means the same as none.
    init?(_ item: JSONItem) throws(JSONShapeError) {
        var proof = try item.object()
        index = try proof.present("logIndex")?.decimal() ?? 0
        size = try proof.present("treeSize")?.decimal() ?? 0
        root = try proof.present("rootHash")?.base64() ?? []
        var hashes: [[UInt8]] = []
        if let list = proof.present("hashes") {
            let items = try list.array()
            guard items.count <= Self.mostHashes else {
                throw list.invalid("more than \(Self.mostHashes)")
            }
            for hash in items { hashes.append(try hash.base64()) }
        }
        self.hashes = hashes
        var checkpoint: [UInt8] = []
        if let item = proof.present("checkpoint") {
            var reader = try item.object()
            checkpoint = try reader.present("envelope")?.bytes() ?? []
            try reader.finish()
        }
        self.checkpoint = checkpoint
        try proof.finish()
        if index == 0, size == 0, root.isEmpty, hashes.isEmpty, checkpoint.isEmpty { return nil }
    }
}
