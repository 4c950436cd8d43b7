import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutWorkflows

/// What a trial does with a bundle: one workflow each.
extension Desk {
    /// Seals the shipped files.
    func seal(_ release: Release, as bundle: String) async throws {
        try await stubSeal(
            path("app"), release: release, target: path(bundle), key: try signer("keys/release"),
            log: try signer("keys/log"), now: now)
    }

    /// Signs the seal of a bundle.
    ///
    /// - Returns: The digest of the signature.
    func sign(_ bundle: String, with key: String) async throws -> String {
        let signer = FormatSigner(key: try signer(key), format: .dsse)
        return try await append(to: bundle) {
            session, options async throws(WorkflowError) in
            try await session.sign(with: signer, options)
        }
    }

    /// Attaches a file of the folder that an outside signer made.
    ///
    /// - Returns: Whether it verified and was stored.
    func attach(_ file: String) async throws -> Bool {
        let attachment = try Attachment(reading: path(file))
        do {
            _ = try await append(to: TrialNames.bundle) {
                session, options async throws(WorkflowError) in
                try await session.attach([attachment], options)
            }
            return true
        } catch WorkflowError.refused(let refusal) where refusal.kind == .failed {
            return false
        }
    }

    /// Renews the checkpoint.
    func checkpoint() async throws {
        _ = try await append(to: TrialNames.bundle) {
            session, options async throws(WorkflowError) in try await session.checkpoint(options)
        }
    }

    /// Stores a file of the folder.
    ///
    /// - Returns: Its digest.
    func add(_ file: String) async throws -> String {
        let path = path(file)
        return try await append(to: TrialNames.bundle) {
            session, options async throws(WorkflowError) in try await session.add([path], options)
        }
    }

    /// Writes a record.
    ///
    /// - Parameters:
    ///   - draft: What it says.
    ///   - bundle: The bundle that it belongs to.
    ///   - key: The key that signs it; without one it is asserted.
    ///   - name: Who makes it.
    /// - Returns: Its digest, and that of the signature over it.
    /// - Throws: `WorkflowError` where it is not stored.
    @discardableResult
    func write(
        _ draft: RecordDraft, to bundle: String = TrialNames.bundle, key: String? = nil,
        by name: String? = nil
    ) async throws -> (record: String, signature: String?) {
        let signer = try key.map(signer)
        var receipt = Receipt()
        _ = try await append(to: bundle, by: name) {
            session, options async throws(WorkflowError) in
            receipt = try await session.write(draft, signer: signer, options)
            return receipt
        }
        let signature = receipt.stored.dropLast().last {
            $0.starts(with: Array("signatures/".utf8))
        }
        return (Self.digest(in: receipt.stored.last ?? []), signature.map(Self.digest))
    }

    /// Signs a record of the bundle as the second person.
    func countersign(_ record: SHA256Digest, with key: String) async throws {
        let signer = try signer(key)
        _ = try await append(to: TrialNames.bundle) {
            session, options async throws(WorkflowError) in
            try await session.signRecord(record, signer: signer, options)
        }
    }

    /// Decides on the release and records that.
    ///
    /// - Returns: The exit code of `close`, and the digest of the decision where one was recorded.
    func close() async throws -> (exit: Int32, decision: String?) {
        let sources = try sources("observations.json")
        return try await stubClose(
            check(Question()), policy(), sources,
            [read("classes.json"), read("observations.json")],
            key: signer("keys/board"), log: signer("keys/log"), bundle: path(TrialNames.bundle),
            now: now)
    }

    /// Packs the bundle with the shipped files beside it.
    ///
    /// - Returns: The packed bundle.
    func pack() async throws -> [UInt8] {
        let packer = try await BundlePacker(
            bundle: path(TrialNames.bundle), artifacts: .folder(path("app")))
        let target = try BundleTarget(path("\(TrialNames.bundle).tar"))
        try packer.write(to: target)
        return target.path
    }

    /// A private key of the folder.
    func signer(_ name: String) throws -> LocalKey {
        try LocalKey(PrivateKey(parsing: read("\(name).pem"), passphrase: nil))
    }

    /// What every append of a trial has in common: the policy, and the log key.
    func options(by name: String? = nil) throws -> AppendOptions {
        AppendOptions(now: now, policy: try policy(), logSigner: try signer("keys/log"), by: name)
    }

    /// Opens a bundle for one append.
    ///
    /// - Returns: The digest of the last file that was stored.
    private func append(
        to bundle: String, by name: String? = nil,
        _ work: (inout BundleSession, AppendOptions) async throws(WorkflowError) -> Receipt
    ) async throws -> String {
        let options = try options(by: name)
        var session = try await BundleSession(opening: path(bundle))
        return Self.digest(in: try await work(&session, options).stored.last ?? [])
    }

    /// The digest that the name of a stored file begins with.
    private static func digest(in path: [UInt8]) -> String {
        String(decoding: (Path.split(path).name ?? []).prefix(64), as: UTF8.self)
    }
}
