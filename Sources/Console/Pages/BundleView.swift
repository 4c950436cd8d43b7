import CloseoutBundles
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutReports
import CloseoutVerification
import CloseoutWorkflows

/// A verified bundle as the pages show it.
struct BundleView: Sendable {
    let bundle: RecheckedBundle
    let markup: ReportMarkup
    /// The orders of the shipped files.
    let artifacts: ArtifactOrders
    /// When it was verified.
    let at: Instant
    private let names: DigestNames
    private let records: Set<SHA256Digest>
    private let attachments: Set<SHA256Digest>

    /// The result of the verification.
    var report: Report { bundle.report }
    /// The files of the bundle, as they were read.
    var contents: BundleContents { bundle.inspection.contents }

    init(_ bundle: RecheckedBundle, at instant: Instant) {
        self.bundle = bundle
        at = instant
        artifacts = ArtifactOrders(bundle.inspection.manifest)
        let files = bundle.inspection.contents.files(.attachment).map(\.entry.digest)
        attachments = Set(files)
        records = Set(bundle.report.evidence?.records.map(\.digest) ?? [])
        names = DigestNames(bundle.report)
        markup = ReportMarkup(
            bundle.report, at: { Place(of: $0).rawValue },
            files: Dictionary(
                files.map { ($0, Place.evidence.rawValue) }, uniquingKeysWith: { first, _ in first }
            ))
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
