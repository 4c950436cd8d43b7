internal import CloseoutBundles
internal import CloseoutDecisions
internal import CloseoutEncodings
internal import CloseoutSignatures

/// The proof that one file belongs to a sealed release, by which it is verified without the bundle
/// (docs/proof.md).
public struct InclusionProof: Sendable {
    let inner: Proof

    /// Reads a proof file, as `closeout prove` writes it.
    ///
    /// - Throws: ``FormatError/proof(_:)``.
    public init(parsing bytes: [UInt8]) throws(FormatError) {
        do { inner = try Proof(parsing: bytes) } catch { throw .proof("\(error)") }
    }
}

/// The state of a bundle's log at some time: its size and Merkle root (docs/log.md).
///
/// Whoever keeps an earlier checkpoint notices when a log was rolled back or rewritten.
public struct Checkpoint: Hashable, Sendable {
    let inner: CloseoutEncodings.Checkpoint
    /// The size and root, which two equal checkpoints have in common.
    private let text: [UInt8]

    /// Reads a checkpoint file; its signatures are not looked at.
    ///
    /// - Throws: ``FormatError/checkpoint(_:)``.
    public init(parsing bytes: [UInt8]) throws(FormatError) {
        do {
            text = try SignedNote(parsing: bytes).text
            inner = try CloseoutEncodings.Checkpoint(parsing: text)
        } catch { throw .checkpoint("\(error)") }
    }

    /// How many entries the log had.
    public var size: UInt64 { inner.size }

    /// Whether two checkpoints are of the same log in the same state.
    public static func == (left: Checkpoint, right: Checkpoint) -> Bool { left.text == right.text }

    /// Hashes the state of the log.
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

/// What an auditor demands of a release before it counts as ready (docs/criteria.md).
public struct Criteria: Sendable {
    let inner: CloseoutDecisions.Criteria

    /// Reads a criteria file.
    ///
    /// - Throws: ``FormatError/criteria(_:)``, which names the place in it.
    public init(parsing bytes: [UInt8]) throws(FormatError) {
        do { inner = try CloseoutDecisions.Criteria(parsing: bytes) } catch {
            throw .criteria("\(error)")
        }
    }

    /// Finds the criteria of a built-in profile, such as `final-closeout` or `artifacts-only`.
    ///
    /// - Throws: ``FormatError/criteria(_:)`` where there is no such profile.
    public init(profile name: String) throws(FormatError) {
        guard let profile = Profile(rawValue: name) else {
            let names = Profile.allCases.map(\.rawValue).joined(separator: ", ")
            throw .criteria("there is no profile \(printable(name.pathBytes)); there are \(names)")
        }
        do { inner = try profile.criteria() } catch { throw .criteria("\(error)") }
    }

    /// The name that the criteria have for themselves.
    public var id: String { inner.id }

    /// The SHA-256 of the criteria file, by which a policy pins it.
    public var digest: SHA256Digest { SHA256Digest(inner.digest) }
}

/// A way to write signatures down (docs/signatures.md, "Formats").
public struct SignatureFormat: Hashable, Sendable, CustomStringConvertible {
    let inner: CloseoutSignatures.SignatureFormat

    /// Finds a format by its name, such as `dsse`, `minisign`, `ssh`, `openpgp`, `cms` or `raw`.
    ///
    /// - Returns: The format; nil where there is none of the name.
    public init?(named name: String) {
        guard let inner = CloseoutSignatures.SignatureFormat(named: name) else { return nil }
        self.inner = inner
    }

    init(_ inner: CloseoutSignatures.SignatureFormat) {
        self.inner = inner
    }

    /// All formats that are read.
    public static var all: [SignatureFormat] {
        CloseoutSignatures.SignatureFormat.all.map { SignatureFormat($0) }
    }

    /// The format that a file shows by its content alone.
    ///
    /// - Throws: ``VerificationError/unknownFormat(candidates:)`` where no format fits, or several do.
    public init(recognising file: [UInt8]) throws(VerificationError) {
        switch CloseoutSignatures.SignatureFormat.recognise(file) {
        case .format(let format): inner = format
        case .ambiguous(let formats): throw .unknownFormat(candidates: formats.map(\.name))
        case .unknown: throw .unknownFormat(candidates: [])
        }
    }

    /// The name.
    public var description: String { inner.name }
}
