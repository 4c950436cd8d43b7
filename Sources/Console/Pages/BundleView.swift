import CloseoutBundles
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutReports
import CloseoutVerification
import CloseoutWorkflows
import Synchronization

/// A verified bundle as the pages show it.
struct BundleView: Sendable {
    let bundle: RecheckedBundle
    let markup: ReportMarkup
    /// The orders of the shipped files.
    let artifacts: ArtifactOrders
    /// When it was verified.
    let at: Instant
    /// Proofs of the shipped files.
    let proofs: Proofs
    private let names: DigestNames
    private let records: Set<SHA256Digest>
    private let attachments: Set<SHA256Digest>

    /// The result of the verification.
    var report: Report { bundle.report }
    /// The files of the bundle, as they were read.
    var contents: BundleContents { bundle.inspection.contents }

    /// Takes a verified bundle.
    ///
    /// - Parameters:
    ///   - bundle: The bundle.
    ///   - instant: When it was verified.
    ///   - base: What the paths of its pages begin with.
    init(_ bundle: RecheckedBundle, at instant: Instant, under base: String) {
        self.bundle = bundle
        at = instant
        proofs = Proofs(bundle.inspection)
        artifacts = ArtifactOrders(bundle.inspection.manifest)
        let files = bundle.inspection.contents.files(.attachment).map(\.entry.digest)
        attachments = Set(files)
        records = Set(bundle.report.evidence?.records.map(\.digest) ?? [])
        names = DigestNames(bundle.report)
        markup = ReportMarkup(
            bundle.report, at: { base + Place(of: $0).rawValue },
            files: Dictionary(
                files.map { ($0, base + Place.evidence.rawValue) },
                uniquingKeysWith: { first, _ in first }))
    }

    /// What something is of a digest, which leads to where there is more about it.
    func piece(_ digest: SHA256Digest) -> Piece {
        let name = names[digest] ?? "sha256:" + String(digest.hex.prefix(16))
        if records.contains(digest) { return .link(name, to: "/record?digest=\(digest.hex)") }
        if attachments.contains(digest) {
            return .link(name, to: "\(Place.evidence.rawValue)#\(digest.anchor)")
        }
        return .code(name)
    }

    /// Several of them.
    func pieces(_ digests: [SHA256Digest]) -> [Piece] {
        digests.enumerated().flatMap { index, digest in
            (index > 0 ? [.text(", ")] : []) + [piece(digest)]
        }
    }

    /// The logged file of a digest and kind.
    func file(_ digest: SHA256Digest, _ kind: EntryKind) -> LoggedFile? {
        contents.files(kind).first { $0.entry.digest == digest }
    }
}

/// Makes proofs of the files of a verified bundle; the tree for all of them is made once.
final class Proofs: Sendable {
    private let inspection: Inspection
    private let maker = Mutex<ProofMaker?>(nil)

    init(_ inspection: Inspection) {
        self.inspection = inspection
    }

    /// The proof of a file; nil where the release has no such file.
    ///
    /// - Throws: `BundleError` where seal and manifest are not what they should be.
    func proof(of path: [UInt8]) throws -> Proof? {
        let maker = try maker.withLock { known in
            if let known { return known }
            let made = try ProofMaker(
                inspection.contents, inspection.manifest,
                digest: inspection.readings[BundleLayout.manifest]?.digest)
            known = made
            return made
        }
        return try maker.index(of: path).flatMap { try maker.proof(at: $0) }
    }
}
