import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutTestSupport
import CloseoutVerification
import Testing

/// A release, its keys, and a disk on which its bundle lies.
struct CrashPlace: Sendable {
    /// The bundle's path on the disk.
    static let bundleName = Array("payments-1.4.0.closeout".utf8)

    /// Holds the tree and the disk.
    let path: String
    let keyPEM: [UInt8]
    let witnessPEM: [UInt8]

    /// The directory that stands for the disk.
    var disk: String { path + "/disk" }
    /// The shipped files.
    var tree: String { path + "/tree" }

    /// Makes a small release and an empty disk.
    init(at path: String) throws {
        self.path = path
        keyPEM = try PrivateKey.generate(.ed25519).pem(passphrase: nil)
        witnessPEM = try PrivateKey.generate(.ed25519).pem(passphrase: nil)
        try makeDirectory(path + "/tree/lib")
        try makeDirectory(path + "/disk")
        try writeFile("#!/bin/sh\n", to: path + "/tree/tool")
        try writeFile("library", to: path + "/tree/lib/a")
        try writeFile(#"{"passed":12}"#, to: path + "/results.json")
    }

    /// The signing and log key.
    func key() throws -> PrivateKey {
        try PrivateKey(parsing: keyPEM, passphrase: nil)
    }

    /// The bundle's path on a disk.
    static func bundle(on disk: String) -> [UInt8] {
        Path.join(Array(disk.utf8), bundleName)
    }

    /// Verifies the bundle on a disk as an auditor who trusts the key would.
    func verify(on disk: String) async throws -> Report {
        var trust = Trust()
        trust.policy = try TrustPolicy.single(key().publicKey.pem)
        var request = try VerificationRequest(trust: trust, asOf: CrashAction.now())
        request.artifacts = .directory(Array(tree.utf8))
        return try await Verifier(request: request).verify(bundle: Self.bundle(on: disk))
    }
}

/// A command's work on a bundle, done as the command does it.
enum CrashAction: String, CaseIterable, Sendable {
    case seal, attach, add, addWithoutLogKey, checkpoint, addAfterWitness, addAfterStamp
    case addAfterCrash

    /// An instant when everything happens.
    static func now() throws -> Instant {
        try #require(Instant(parsing: Array("2026-11-23T12:00:00Z".utf8)))
    }

    /// Brings the disk into the state in which the work begins.
    func prepare(_ place: CrashPlace) async throws {
        guard self != .seal else { return }
        try await Self.seal(place, on: place.disk)
        let bundle = CrashPlace.bundle(on: place.disk)
        switch self {
        case .checkpoint:
            try Self.append(to: bundle, place, [Self.evidence("earlier")], renewing: false)
        case .addAfterWitness:
            try Self.witness(bundle, place, as: "witness")
        case .addAfterStamp:
            try await Self.stamp(bundle, place)
        case .addAfterCrash:
            try Self.prepareAfterCrash(bundle, place)
        default: break
        }
    }

    /// Does the work on the disk at a path.
    func run(_ place: CrashPlace, on disk: String) async throws {
        let bundle = CrashPlace.bundle(on: disk)
        switch self {
        case .seal: try await Self.seal(place, on: disk)
        case .attach: try Self.attach(to: bundle, place)
        case .add, .addAfterWitness, .addAfterStamp, .addAfterCrash:
            try Self.append(
                to: bundle, place, [Self.evidence("one"), Self.evidence("two")], renewing: true)
        case .addWithoutLogKey:
            try Self.append(to: bundle, place, [Self.evidence("one")], renewing: false)
        case .checkpoint: try Self.append(to: bundle, place, [], renewing: true)
        }
    }

    private static func seal(_ place: CrashPlace, on disk: String) async throws {
        let target = try BundleTarget(CrashPlace.bundle(on: disk))
        let key = try place.key()
        var draft = try await BundleDraft(
            freezing: .directory(Array(place.tree.utf8)),
            as: Release(name: "payments", version: "1.4.0"), created: now(),
            options: ManifestOptions(), beside: target)
        let envelope = try DSSEEnvelope.signing(
            .seal(draft.sealBytes), with: key, algorithm: .ed25519)
        _ = try draft.add(
            NewFile(kind: .signature, mediaType: .signature(.dsse), bytes: envelope.encoded))
        let note = try signed(draft.checkpoint(), with: key)
        try draft.publish(at: target, checkpoint: note)
    }

    private static func attach(to bundle: [UInt8], _ place: CrashPlace) throws {
        var appending = try BundleAppending(opening: bundle)
        let signature = try place.key().sign(appending.seal, algorithm: .ed25519)
        let stored = try appending.add(
            NewFile(kind: .signature, mediaType: .signature(.raw), bytes: signature), at: now())
        let record = Record(
            header: RecordHeader(
                releaseName: "payments", releaseVersion: "1.4.0", seal: appending.sealDigest,
                at: try now(), by: nil, visibility: .restricted,
                salt: [UInt8](repeating: 7, count: 32),
                links: [RecordLink(kind: ArchiveSignature.link, digest: stored.digest)]),
            body: .archiveSignature(ArchiveSignature(format: "raw", keyReference: nil)))
        _ = try appending.add(
            NewFile(kind: .evidence, mediaType: .record, bytes: record.canonicalBytes), at: now())
        try appending.keepCheckpoint(at: now())
        let note = try signed(appending.checkpoint(), with: place.key())
        try appending.commit(checkpoint: note)
    }

    private static func append(
        to bundle: [UInt8], _ place: CrashPlace, _ files: [NewFile], renewing: Bool
    ) throws {
        var appending = try BundleAppending(opening: bundle)
        for file in files { _ = try appending.add(file, at: now()) }
        var note: [UInt8]?
        if renewing {
            try appending.keepCheckpoint(at: now())
            note = try signed(appending.checkpoint(), with: place.key())
        }
        try appending.commit(checkpoint: note)
    }

    private static func evidence(_ text: String) -> NewFile {
        NewFile(
            kind: .attachment, mediaType: .attachment(named: Array("a.txt".utf8)),
            bytes: Array(text.utf8))
    }

    /// Lets a witness cosign the present checkpoint.
    private static func witness(
        _ bundle: [UInt8], _ place: CrashPlace, as name: String
    ) throws {
        let root = try Directory.open(bundle)
        var note = try SignedNote(parsing: root.read(BundleLayout.checkpoint, limit: 1 << 16))
        let key = try PrivateKey(parsing: place.witnessPEM, passphrase: nil)
        try note.append(note.cosignature(as: Array(name.utf8), at: now(), with: key))
        try root.replace(BundleLayout.checkpoint, with: note.encoded)
    }

    /// Lets an authority that the policy does not know stamp the present checkpoint.
    private static func stamp(_ bundle: [UInt8], _ place: CrashPlace) async throws {
        let folder = place.path + "/tsa"
        try makeDirectory(folder)
        let authority = try await Authority.root(in: folder)
            .certify("tsa", Authority.timeStampExtensions)
        let root = try Directory.open(bundle)
        let checkpoint = try root.read(BundleLayout.checkpoint, limit: 1 << 16)
        let token = try await authority.token(
            over: SHA256Digest.of(checkpoint).bytes, at: "20261123110000Z")
        try root.replace(BundleLayout.checkpointToken, with: token)
    }

    /// A witnessed checkpoint was stored, the crash kept it from being replaced, and then another
    /// witness cosigned it: there are two notes of one size.
    private static func prepareAfterCrash(_ bundle: [UInt8], _ place: CrashPlace) throws {
        try witness(bundle, place, as: "first")
        var appending = try BundleAppending(opening: bundle)
        try appending.keepCheckpoint(at: now())
        try appending.commit(checkpoint: nil)
        try witness(bundle, place, as: "second")
    }

    /// Signs a checkpoint with the log key.
    static func signed(_ checkpoint: Checkpoint, with key: borrowing PrivateKey) throws -> [UInt8] {
        try SignedNote.signing(checkpoint.text, as: checkpoint.origin, with: key).encoded
    }
}
