internal import CloseoutBundles
internal import CloseoutEncodings
internal import CloseoutManifests
internal import CloseoutSignatures
internal import CloseoutWorkflows

/// What is sealed.
public enum ArtifactSource: Hashable, Sendable {
    /// All files below the folder at this path.
    case directory(String)
    /// The files at these paths, each by its last component.
    case files([String])
}

/// How a release is sealed.
public struct SealOptions: Hashable, Sendable {
    /// Patterns of what is left out, which the manifest says.
    public var excludes: [String] = []
    /// Whether symbolic links may lead out of the folder.
    public var allowsOutsideLinks = false
    /// Whether names that some file systems take for one are refused.
    public var refusesCollidingNames = false

    /// Seals all files, without links that lead out of the folder.
    public init() {}
}

/// What an append did.
public struct Receipt: Hashable, Sendable {
    /// Something that may be wrong although the work was done.
    public struct Warning: Hashable, Sendable {
        /// What it is, in one sentence.
        public let text: String
        /// What to do about it.
        public let hint: String?
    }

    /// The paths in the bundle of what was asked for, whether it was stored now or before.
    public let stored: [String]
    /// What was done and found, in sentences.
    public let notes: [String]
    /// What may be wrong.
    public let warnings: [Warning]

    init(_ receipt: CloseoutWorkflows.Receipt) {
        stored = receipt.stored.map { printable($0) }
        var (notes, warnings): ([String], [Warning]) = ([], [])
        for remark in receipt.remarks {
            switch remark {
            case .note(let text): notes.append(text)
            case .warning(let text, let hint): warnings.append(Warning(text: text, hint: hint))
            }
        }
        self.notes = notes
        self.warnings = warnings
    }
}

/// A bundle that is open for appending, under its exclusive lock.
///
/// Each function is one append: all of it or nothing. After an error the bundle is as it was, and the writer
/// can go on. The lock is held as long as the writer lives.
///
/// ```swift
/// let signature = try await BundleWriter.signature(overSealOf: path, by: archiveKey)
/// var writer = try await BundleWriter(
///     opening: path, at: now, policy: policy, checkpointSigner: logKey)
/// let receipt = try await writer.attach(signature, named: "archive signature")
/// ```
public struct BundleWriter: ~Copyable {
    private var session: BundleSession
    private let options: AppendOptions

    /// Locks a bundle and reads its log, seal and checkpoint.
    ///
    /// - Parameters:
    ///   - path: The folder of the bundle.
    ///   - time: The time of the appends, by which signatures are verified too.
    ///   - policy: By whom signatures count.
    ///   - checkpointSigner: The log key, an Ed25519 or ECDSA P-256 key. It renews the checkpoint with every
    ///     append; without it, what is appended waits to be committed, and the bundle is not verified before.
    ///   - name: Who appends, where that is recorded; asserted only.
    /// - Throws: ``BundleError``.
    public init(
        opening path: String, at time: Instant, policy: TrustPolicy? = nil,
        checkpointSigner: (any Signer)? = nil, by name: String? = nil
    ) async throws(BundleError) {
        options = AppendOptions(
            now: time.inner, policy: policy?.inner,
            logSigner: checkpointSigner.map { AdaptedSigner(signer: $0) }, by: name)
        do { session = try await BundleSession(opening: path.pathBytes) } catch {
            throw BundleError(error)
        }
    }

    /// The id of the bundle: the SHA-256 of its seal.
    public var id: SHA256Digest { SHA256Digest(session.sealDigest) }

    /// The release that the bundle is about.
    public var release: Release { Release(session.seal.release) }

    /// Stores what was made elsewhere, once it verifies under the policy: a signature over the seal, a
    /// time-stamp, a cosignature of the checkpoint, certificates or revocation lists.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - name: What to call it in messages.
    ///   - format: The format of a signature; nil where the content shows it.
    /// - Returns: What was stored.
    /// - Throws: ``BundleError``; nothing is stored then.
    public mutating func attach(
        _ file: [UInt8], named name: String, as format: SignatureFormat? = nil
    ) async throws(BundleError) -> Receipt {
        do throws(WorkflowError) {
            let attachment = try Attachment(file, at: name.pathBytes, type: format?.description)
            return Receipt(try await session.attach([attachment], options))
        } catch {
            throw BundleError(error)
        }
    }

    /// Stores files as attachments: test reports, lists of components, approvals.
    ///
    /// - Parameter paths: The paths of the files.
    /// - Returns: What was stored.
    /// - Throws: ``BundleError``; nothing is stored then.
    public mutating func add(filesAt paths: [String]) async throws(BundleError) -> Receipt {
        do { return Receipt(try await session.add(paths.map(\.pathBytes), options)) } catch {
            throw BundleError(error)
        }
    }

    /// Stores a record, with the files and the signature that belong to it.
    ///
    /// - Parameters:
    ///   - record: The record.
    ///   - signer: Who signs it; nil for one that is only asserted.
    /// - Returns: What was stored, and what the record is worth under the policy.
    /// - Throws: ``BundleError``; nothing is stored then.
    public mutating func write(
        _ record: Record, signedBy signer: (any Signer)?
    ) async throws(BundleError) -> Receipt {
        let signer = signer.map { EnvelopeSigner(AdaptedSigner(signer: $0)) }
        do throws(WorkflowError) {
            return Receipt(
                try await session.write(record.draft, RecordTerms(options, signer: signer)))
        } catch {
            throw BundleError(error)
        }
    }

    /// Commits what was appended before: signs the log's size and root with the log key.
    ///
    /// - Returns: What was committed.
    /// - Throws: ``BundleError``; the bundle is as it was then.
    public mutating func commit() async throws(BundleError) -> Receipt {
        do { return Receipt(try await session.checkpoint(options)) } catch {
            throw BundleError(error)
        }
    }
}

extension BundleWriter {
    /// Signs the seal of a bundle, before that is locked, because a signer may take long.
    ///
    /// - Parameters:
    ///   - path: The folder of the bundle.
    ///   - signer: Who signs.
    /// - Returns: The signature, a DSSE envelope, to be attached.
    /// - Throws: ``BundleError``.
    @concurrent public static func signature(
        overSealOf path: String, by signer: any Signer
    ) async throws(BundleError) -> [UInt8] {
        do {
            let seal = try await sealBytes(ofBundle: path.pathBytes)
            return try await EnvelopeSigner(AdaptedSigner(signer: signer)).sign(.seal(seal)).bytes
        } catch {
            throw BundleError(error)
        }
    }

    /// Seals a release: lists and hashes its files, signs the seal, and commits the log.
    ///
    /// Nothing is at the target until the bundle is whole. Where the task is cancelled or the signer fails,
    /// what was begun is removed.
    ///
    /// - Parameters:
    ///   - source: What is shipped.
    ///   - release: The name and version.
    ///   - created: The time that the seal says.
    ///   - path: Where the bundle is to be. Nothing there is overwritten; a bundle of the same release and
    ///     files gets what it lacks.
    ///   - signer: Who signs the seal.
    ///   - checkpointSigner: The log key, an Ed25519 or ECDSA P-256 key; nil for `signer`.
    ///   - options: How it is sealed.
    /// - Returns: What the seal says.
    /// - Throws: ``BundleError``.
    @concurrent public static func seal(
        _ source: ArtifactSource, as release: Release, created: Instant, to path: String,
        signer: any Signer, checkpointSigner: (any Signer)? = nil,
        options: SealOptions = SealOptions()
    ) async throws(BundleError) -> SealedRelease {
        let key = AdaptedSigner(signer: signer)
        let logKey = checkpointSigner.map { AdaptedSigner(signer: $0) } ?? key
        do {
            var request = SealRequest(
                of: source.inner, as: release.inner, created: created.inner,
                at: try BundleTarget(path.pathBytes))
            request.options = try options.inner
            let own = try TrustPolicy.trusting(signer.publicKey, algorithm: signer.algorithm)
            return SealedRelease(
                try await sealRelease(
                    request, by: .outside(EnvelopeSigner(key), own.inner),
                    AppendOptions(now: created.inner, policy: own.inner, logSigner: logKey)))
        } catch {
            throw BundleError(error)
        }
    }
}

extension SealedRelease {
    fileprivate init(_ sealed: CloseoutWorkflows.SealedRelease) {
        self.init(sealed.seal.release, sealed.id, sealed.seal.created, sealed.seal.totals)
    }
}

extension ArtifactSource {
    fileprivate var inner: ManifestSource {
        switch self {
        case .directory(let path): .directory(path.pathBytes)
        case .files(let paths): .files(paths.map(\.pathBytes))
        }
    }
}

extension SealOptions {
    fileprivate var inner: ManifestOptions {
        get throws(BundleError) {
            var globs: [Glob] = []
            for text in excludes {
                do { globs.append(try Glob(text.pathBytes)) } catch {
                    throw .refused(
                        "the pattern \(printable(text.pathBytes)): \(error.rawValue)", hint: nil)
                }
            }
            return ManifestOptions(
                excludes: globs, allowOutsideLinks: allowsOutsideLinks,
                strictNames: refusesCollidingNames)
        }
    }
}
