import Closeout
import CloseoutTestSupport
import Testing

/// A service as a cloud has it: it takes digests, and the private key never leaves it.
private struct Service: Signer {
    let publicKey: PublicKey
    let folder: String
    var input: SignerInput { .digest }

    init(in folder: String) async throws {
        self.folder = folder
        let curve = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
        try await runSuccessfully(
            "openssl", ["genpkey"] + curve + ["-out", "service.pem"], workingDirectory: folder)
        publicKey = try PublicKey(
            parsing: try await runSuccessfully(
                "openssl", ["pkey", "-in", "service.pem", "-pubout"], workingDirectory: folder))
    }

    func sign(_ digest: [UInt8], with algorithm: SignatureAlgorithm) async throws -> [UInt8] {
        try #require(digest.count == 32 && algorithm == .ecdsaP256SHA256)
        return try await runSuccessfully(
            "openssl", ["pkeyutl", "-sign", "-inkey", "service.pem", "-pkeyopt", "digest:sha256"],
            stdin: digest, workingDirectory: folder)
    }
}

/// A signer that fails, waits for ever, or answers what is no signature.
private struct Unfit: Signer {
    struct Refusal: Error, CustomStringConvertible {
        let description = "the token was removed"
    }

    enum Fault { case refuses, waits, lies }

    let publicKey: PublicKey
    let fault: Fault
    var input: SignerInput { .message }

    func sign(_ input: [UInt8], with algorithm: SignatureAlgorithm) async throws -> [UInt8] {
        switch fault {
        case .refuses: throw Refusal()
        case .waits: try await Task.sleep(for: .seconds(3600))
        case .lies: break
        }
        return [UInt8](repeating: 1, count: 64)
    }
}

@Suite("Sealing and appending through the library", .requires("openssl"))
struct WriterTests {
    private let time = Instant("2026-12-01T00:00:00Z")

    /// A folder with a release to seal and a key of this process.
    private func place(
        _ body: (_ folder: String, _ key: PrivateKey, _ time: Instant) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { folder in
            try makeDirectory(folder + "/dist/bin")
            try writeFile("tool", to: folder + "/dist/bin/tool")
            try writeFile("notes", to: folder + "/dist/NOTES.md")
            let pem = try await runSuccessfully("openssl", ["genpkey", "-algorithm", "ed25519"])
            try await body(folder, try PrivateKey(parsing: pem), try #require(time))
        }
    }

    /// What is beside the folder of the release, hidden or not.
    private func names(in folder: String) async throws -> [String] {
        let listing = try await runSuccessfully("ls", ["-A", folder])
        return String(decoding: listing, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test("a sealed release is verified by whoever trusts the key, and by nobody else")
    func seal() async throws {
        try await place { folder, key, time in
            var options = SealOptions()
            options.excludes = ["*.md"]
            let sealed = try await BundleWriter.seal(
                .directory(folder + "/dist"), as: Release("tool@1"), created: time,
                to: folder + "/bundle", signer: key, options: options)
            #expect(sealed.files == 1)
            #expect(sealed.bytes == 4)
            #expect(sealed.created == time)

            var verifier = Verifier(policy: try .trusting(key.publicKey), at: time)
            verifier.artifacts = .files(["bin/tool": folder + "/dist/bin/tool"])
            let report = try await verifier.verify(.folder(folder + "/bundle"))
            #expect(report.verdict == .verified, "\(report.headline)")
            #expect(report.release == sealed)
            let stranger = try PublicKey(
                parsing: readFile(repositoryRoot + "/keys-sample/p256.pub.pem"))
            verifier.policy = try .trusting(stranger)
            #expect(try await verifier.verify(.folder(folder + "/bundle")).verdict != .verified)

            let error = await #expect(throws: BundleError.self) {
                try await BundleWriter.seal(
                    .directory(folder + "/dist"), as: Release("tool@1"), created: time,
                    to: folder + "/bundle", signer: key)
            }
            #expect(error?.description.contains(" exists: ") == true)
            #expect(try await names(in: folder) == ["bundle", "dist"])
        }
    }

    @Test("a service that takes digests signs seal and checkpoint")
    func service() async throws {
        try await place { folder, _, time in
            let service = try await Service(in: folder)
            _ = try await BundleWriter.seal(
                .directory(folder + "/dist"), as: Release("tool@1"), created: time,
                to: folder + "/bundle", signer: service)
            var verifier = Verifier(policy: try .trusting(service.publicKey), at: time)
            verifier.artifacts = .directory(folder + "/dist")
            let report = try await verifier.verify(.folder(folder + "/bundle"))
            #expect(report.verdict == .verified, "\(report.headline)")
            #expect(report.signatures.first?.algorithm == "ecdsa-p256-sha256")
        }
    }

    @Test("a signer that fails or lies leaves nothing behind, and its words are kept")
    func unfit() async throws {
        try await place { folder, key, time in
            let refusing = Unfit(publicKey: key.publicKey, fault: .refuses)
            await #expect(throws: BundleError.signer("the token was removed")) {
                try await BundleWriter.seal(
                    .directory(folder + "/dist"), as: Release("tool@1"), created: time,
                    to: folder + "/bundle", signer: refusing)
            }
            let lying = Unfit(publicKey: key.publicKey, fault: .lies)
            let error = await #expect(throws: BundleError.self) {
                try await BundleWriter.seal(
                    .directory(folder + "/dist"), as: Release("tool@1"), created: time,
                    to: folder + "/bundle", signer: key, checkpointSigner: lying)
            }
            #expect(error?.description == "the signer's answer is no signature by its key")
            let left = try await names(in: folder)
            #expect(left == ["dist"])
        }
    }

    @Test("cancelling the task removes what was begun")
    func cancelled() async throws {
        try await place { folder, key, time in
            let waiting = Unfit(publicKey: key.publicKey, fault: .waits)
            let task = Task {
                try await BundleWriter.seal(
                    .directory(folder + "/dist"), as: Release("tool@1"), created: time,
                    to: folder + "/bundle", signer: waiting)
            }
            while try await names(in: folder) == ["dist"] { await Task.yield() }
            task.cancel()
            await #expect(throws: BundleError.cancelled) { try await task.value }
            #expect(try await names(in: folder) == ["dist"])
        }
    }

    @Test("what cannot be sealed is an error that names it")
    func refusals() async throws {
        try await place { folder, key, time in
            try makeDirectory(folder + "/empty")
            await #expect(throws: BundleError.self) {
                try await BundleWriter.seal(
                    .directory(folder + "/empty"), as: Release("tool@1"), created: time,
                    to: folder + "/bundle", signer: key)
            }
            let error = await #expect(throws: BundleError.self) {
                try await BundleWriter.seal(
                    .directory(folder + "/absent"), as: Release("tool@1"), created: time,
                    to: folder + "/bundle", signer: key)
            }
            #expect(error?.description.contains("/absent") == true)
            #expect(try await names(in: folder) == ["dist", "empty"])
        }
    }

    @Test("a second signature and a file are appended, committed, and counted")
    func append() async throws {
        try await place { folder, key, time in
            let service = try await Service(in: folder)
            let bundle = folder + "/bundle"
            let sealed = try await BundleWriter.seal(
                .directory(folder + "/dist"), as: Release("tool@1"), created: time, to: bundle,
                signer: key)
            let policy = try TrustPolicy.trusting(service.publicKey)
            let signature = try await BundleWriter.signature(overSealOf: bundle, by: service)
            let other = try await BundleWriter.signature(overSealOf: bundle, by: key)
            try writeFile("all passed", to: folder + "/report.txt")
            do {
                var writer = try await BundleWriter(
                    opening: bundle, at: time, policy: policy, checkpointSigner: service)
                #expect(writer.id == sealed.id)
                #expect(writer.release == sealed.release)
                let attached = try await writer.attach(signature, named: "second signature")
                #expect(attached.stored.first?.hasPrefix("signatures/") == true)
                let added = try await writer.add(filesAt: [folder + "/report.txt"])
                #expect(added.stored.first?.hasPrefix("attachments/") == true)
                await #expect(throws: BundleError.self) {
                    try await writer.attach(other, named: "a stranger's signature")
                }
                let held = try PrivateKeyFile(in: folder)
                await #expect(throws: BundleError.self) {
                    try await writer.add(filesAt: [held.path])
                }
            }
            var verifier = Verifier(policy: policy, at: time)
            verifier.artifacts = .directory(folder + "/dist")
            let report = try await verifier.verify(.folder(bundle))
            #expect(report.verdict == .verified, "\(report.headline)")
            #expect(report.signatures.map(\.counts) == [false, true])

            try writeFile("another", to: folder + "/other.txt")
            do {
                var writer = try await BundleWriter(opening: bundle, at: time, policy: policy)
                let added = try await writer.add(filesAt: [folder + "/other.txt"])
                #expect(added.notes.contains { $0.contains("not committed") })
            }
            #expect(try await verifier.verify(.folder(bundle)).verdict == .incomplete)
            do {
                var writer = try await BundleWriter(
                    opening: bundle, at: time, policy: policy, checkpointSigner: service)
                _ = try await writer.commit()
            }
            #expect(try await verifier.verify(.folder(bundle)).verdict == .verified)
        }
    }

    @Test("a record is stored with its file and signature, and decides under criteria")
    func records() async throws {
        try await place { folder, key, time in
            let bundle = folder + "/bundle"
            _ = try await BundleWriter.seal(
                .directory(folder + "/dist"), as: Release("tool@1"), created: time, to: bundle,
                signer: key)
            try writeFile("all passed", to: folder + "/tests.xml")
            do {
                var writer = try await BundleWriter(
                    opening: bundle, at: time, policy: try .trusting(key.publicKey),
                    checkpointSigner: key, by: "the build")
                var record = try Record(kind: "closeout/readiness/v1")
                record.attach(fileAt: folder + "/tests.xml", as: "tests")
                let receipt = try await writer.write(record, signedBy: key)
                #expect(receipt.stored.count == 3)
                await #expect(throws: BundleError.self) {
                    try await writer.write(Record(kind: "closeout/readiness/v1"), signedBy: nil)
                }
            }
            var verifier = Verifier(policy: try .trusting(key.publicKey), at: time)
            verifier.artifacts = .directory(folder + "/dist")
            verifier.criteria = try Criteria(profile: "artifacts-only")
            let report = try await verifier.verify(.folder(bundle))
            #expect(report.verdict == .verified, "\(report.headline)")
            #expect(report.decision?.outcome == .readyForRelease)
            verifier.requiresDecision = true
            #expect(try await verifier.verify(.folder(bundle)).verdict != .verified)
        }
        let errors = [
            #expect(throws: FormatError.self) { try Record(kind: "closeout/none/v1") },
            #expect(throws: FormatError.self) { try Record(kind: "closeout/legal-hold/v1") },
            #expect(throws: FormatError.self) {
                try Record(kind: "closeout/readiness/v1", fields: Array(#"{"x":1}"#.utf8))
            },
        ]
        for error in errors { #expect(error?.description.hasPrefix("record: ") == true) }
    }

    @Test("a bundle that is packed, or none, cannot be opened for appending")
    func opening() async throws {
        let packed = repositoryRoot + "/fixtures/released/packed/packed.tar"
        for path in [packed, "/absent", repositoryRoot + "/docs"] {
            let time = try #require(time)
            let error = await #expect(throws: BundleError.self) {
                _ = try await BundleWriter(opening: path, at: time)
            }
            #expect(error?.description.contains(path) == true)
        }
    }
}

/// A file that holds a private key.
private struct PrivateKeyFile {
    let path: String

    init(in folder: String) throws {
        path = folder + "/leaked.txt"
        let key = try readFile(repositoryRoot + "/keys-sample/ed25519.pem")
        try writeFile(key, to: path)
    }
}
