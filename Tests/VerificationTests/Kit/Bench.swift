import CloseoutBundles
import CloseoutDecisions
import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutTestSupport
import CloseoutVerification
import Testing

/// A small sealed release with fresh keys, and an auditor who verifies it: a test spoils either.
struct Bench {
    let root: String
    let release: KeyPair
    let log: KeyPair
    /// What the auditor trusts; `verify` reads it anew.
    var policy: PolicyDraft
    var request: VerificationRequest

    var tree: String { root + "/tree" }
    var bundle: String { root + "/payments-1.4.0.closeout" }

    /// Makes the release, runs the test and removes everything.
    static func run(_ body: (inout Bench) async throws -> Void) async throws {
        try await withTemporaryDirectory { root in
            let release = try KeyPair()
            let log = try KeyPair()
            let draft = PolicyDraft(
                keys: [
                    release.entry("release-2026", "acme-release"),
                    log.entry("log-2026", "acme-log"),
                ],
                roles: ["release": rule("release-2026"), "log": rule("log-2026")])
            var bench = Bench(
                root: root, release: release, log: log, policy: draft,
                request: VerificationRequest(trust: Trust(), asOf: try at("2026-06-01T00:00:00Z")))
            bench.request.artifacts = .directory(bytes(bench.tree))
            try await bench.makeTree()
            try await bench.seal()
            try await body(&bench)
        }
    }

    private func makeTree() async throws {
        for folder in ["bin", "lib", "share/empty"] { try makeDirectory(tree + "/" + folder) }
        try writeFile("#!/bin/sh\n", to: tree + "/bin/tool")
        try writeFile("library", to: tree + "/lib/x.so.1")
        try writeFile("read me", to: tree + "/share/a file")
        try await runSuccessfully("ln", ["-s", "x.so.1", tree + "/lib/x.so"])
        try await runSuccessfully("chmod", ["0755", tree + "/bin/tool"])
        try await runSuccessfully(
            "chmod", ["0644", tree + "/lib/x.so.1", tree + "/share/a file"])
    }

    /// Seals the tree as it is: signature, record, attachment, checkpoint.
    mutating func seal(
        as name: String = "payments@1.4.0", _ options: ManifestOptions = ManifestOptions()
    ) async throws {
        if fileExists(bundle) { try await runSuccessfully("rm", ["-rf", bundle]) }
        let target = try BundleTarget(bytes(bundle))
        let created = try at("2026-05-01T00:00:00Z")
        let draft = try await BundleDraft(
            freezing: .directory(bytes(tree)), as: Release(parsing: name), created: created,
            options: options, beside: target)
        try draft.publish(at: target)
        let signature = try attach(try release.envelope(file("seal.json")))
        try add(.attachment, .octets, bytes("test report"))
        try add(.evidence, .record, record(of: signature))
        try commit()
    }

    // MARK: The bundle's files

    func path(_ name: String) -> String { bundle + "/" + name }

    func file(_ name: String) throws -> [UInt8] { try readFile(path(name)) }

    func write(_ bytes: [UInt8], to name: String) throws { try writeFile(bytes, to: path(name)) }

    /// The entries of the log.
    func entries() throws -> [LogEntry] {
        try BundleLog(parsing: try file("log.jsonl")).entries
    }

    /// The path of the first file of a kind, by its place among them.
    func first(_ kind: EntryKind) throws -> String {
        let entry = try #require(try entries().first { $0.kind == kind })
        return String(decoding: entry.path, as: UTF8.self)
    }

    // MARK: Appending as the commands do

    @discardableResult
    func add(_ kind: EntryKind, _ type: MediaType, _ bytes: [UInt8]) throws -> SHA256Digest {
        var appending = try BundleAppending(opening: Array(bundle.utf8))
        let stored = try appending.add(
            NewFile(kind: kind, mediaType: type, bytes: bytes), at: at("2026-05-02T00:00:00Z"))
        try appending.commit(checkpoint: nil)
        return stored.digest
    }

    /// Stores a signature without asking whether it verifies.
    @discardableResult
    func attach(_ bytes: [UInt8], as format: SignatureFormat = .dsse) throws -> SHA256Digest {
        try add(.signature, .signature(format), bytes)
    }

    /// Signs a checkpoint over the log as it is, with witnesses where there are any.
    func commit(
        by key: KeyPair? = nil, witnesses: [(name: String, key: KeyPair, at: String)] = []
    ) throws {
        let lines = try logLines()
        try write(
            note(over: lines.count, of: lines, by: key ?? log, witnesses: witnesses).encoded,
            to: "checkpoint")
    }

    /// A checkpoint over the first lines of a log.
    func note(
        over size: Int, of lines: [[UInt8]], by key: KeyPair,
        witnesses: [(name: String, key: KeyPair, at: String)] = []
    ) throws -> SignedNote {
        let leaves = try lines.prefix(size).map { try Merkle.leafHash($0) }
        let checkpoint = Checkpoint(
            origin: CheckpointOrigin.of(seal: try SHA256Digest.of(file("seal.json"))),
            size: UInt64(size), root: try Merkle.root(of: leaves))
        var note = try SignedNote.signing(
            checkpoint.text, as: checkpoint.origin, with: key.key())
        for witness in witnesses {
            try note.append(
                note.cosignature(
                    as: Array(witness.name.utf8), at: at(witness.at), with: witness.key.key()))
        }
        return note
    }

    /// An archive-signature record about a signature file.
    func record(of signature: SHA256Digest, seal: SHA256Digest? = nil) throws -> [UInt8] {
        let header = RecordHeader(
            releaseName: "payments", releaseVersion: "1.4.0",
            seal: try seal ?? SHA256Digest.of(file("seal.json")),
            at: try at("2026-05-02T00:00:00Z"),
            by: nil, visibility: .restricted, salt: try randomBytes(32),
            links: [RecordLink(kind: ArchiveSignature.link, digest: signature)])
        return Record(
            header: header,
            body: .archiveSignature(ArchiveSignature(format: "dsse", keyReference: "kms/1"))
        ).canonicalBytes
    }

    // MARK: Verifying

    /// Verifies the proof, where there is one, else the bundle.
    func verify() async throws -> Report {
        if let proven { return try await verifier().verify(proven) }
        return try await recheck(try verifier())
    }

    /// The proof that is verified in place of the bundle.
    var proven: Proof?

    /// Has one file verified by its proof.
    mutating func prove(_ path: String, file: String? = nil) async throws {
        proven = try await proof(of: path)
        request.artifacts = .notGiven
        request.chosenFiles = [.init(file: bytes(file ?? tree + "/" + path), path: nil)]
    }

    /// The proof of one path of the release.
    func proof(of path: String) async throws -> Proof {
        let maker = try await ProofMaker(bundle: Array(bundle.utf8))
        let index = try #require(maker.index(of: Array(path.utf8)))
        return try #require(try maker.proof(at: index))
    }

    func verifier() throws -> Verifier {
        var request = request
        if !trustsNobody {
            request.trust.policy = try policy.policy()
            request.trust.isFile = true
        }
        return Verifier(request: request)
    }

    /// The criteria that the auditor brought, where there are any.
    var criteria: Criteria?

    /// The policies that the auditor says to have trusted before.
    var trustedThen: [PolicyDraft] = []

    /// Whether the auditor brought neither policy nor key.
    var trustsNobody = false
}

extension Report {
    /// Whether a check has a finding of this status.
    func tells(_ id: CheckID, _ status: CheckStatus) -> Bool {
        findings.contains { $0.id == id && $0.status == status }
    }

    /// The findings that are wrong or unknown, one a line.
    var problems: String {
        findings.filter { [.fail, .unknown].contains($0.status) }
            .map { "\($0.id.rawValue) \($0.status.rawValue) \($0.subject): \($0.reason)" }
            .joined(separator: "\n")
    }
}
