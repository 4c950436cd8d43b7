import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutVerification
import CloseoutWorkflows
import HTTPTypes
import Synchronization

/// Records that people add to the bundle by way of a console (docs/console.md, "Changes").
///
/// The console has no key. It makes the bytes of a record, which somebody signs elsewhere; the signature that comes back
/// counts by the policy as that of the command does.
final class Changes: Sendable {
    /// The path of the page.
    static let page = "/changes"
    private static let prepare = "/changes/prepare"
    private static let bytes = "/changes/bytes"
    private static let sign = "/changes/sign"

    private let bundle: ShownBundle
    private let pages: Pages
    private let log: AccessLog
    private let drafts = Drafts()

    init(_ bundle: ShownBundle, _ pages: Pages, log: AccessLog) {
        self.bundle = bundle
        self.pages = pages
        self.log = log
    }

    /// What a page of changes is answered with; nil where the path is of none.
    func page(_ path: String, _ query: FormFields, for visitor: Visitor) async -> Answer? {
        switch path {
        case Self.page:
            guard query.has("record") else { return overview(for: visitor) }
            guard let found = found(query, "record", for: visitor) else { return await unknown() }
            return signing(found)
        case Self.bytes:
            guard let found = found(query, "digest", for: visitor) else { return await unknown() }
            return Answer(found.bytes, MediaName.bytes).stored(as: found.fileName)
        default: return nil
        }
    }

    /// What is answered where no such record is known: that the bundle is being verified, where it is.
    private func unknown() async -> Answer {
        guard case .running = bundle.now.stage else { return pages.missing }
        let path = Place.records.rawValue
        return await pages.page(path, FormFields(), target: Array(path.utf8))
    }

    /// Does what a form asks for; nil where the path is of none.
    func post(_ path: String, _ body: SentBody, for visitor: Visitor) async -> Answer? {
        guard [Self.prepare, Self.sign].contains(path) else { return nil }
        guard let form = FormFields(body.bytes) else { return pages.missing }
        do throws(WorkflowError) {
            return path == Self.prepare
                ? try await prepare(form, visitor) : try await sign(form, visitor)
        } catch {
            log.add("change-refused", who(visitor))
            let (text, hint) = error.words
            return pages.message(("Nothing was stored", text, hint), status: .conflict)
        }
    }

    private func overview(for visitor: Visitor) -> Answer {
        let kinds = visitor.kinds
        let examples: [TemplateValues] = ChangeExample.all.filter { kinds.contains($0.kind) }.map {
            ["title": $0.title, "json": $0.json]
        }
        return pages.page(
            "Changes",
            [
                (
                    "changes",
                    [
                        "mayChange": !kinds.isEmpty, "examples": examples,
                        "path": Link(Self.page), "prepare": Link(Self.prepare),
                        "kinds": RecordKind.names { kinds.contains($0) }.joined(separator: ", "),
                    ]
                )
            ])
    }

    private func signing(_ record: Found) -> Answer {
        pages.page(
            "Sign a record",
            [
                (
                    "signing",
                    [
                        "digest": record.digest.hex, "file": record.fileName,
                        "bytes": Link("\(Self.bytes)?digest=\(record.digest.hex)"),
                        "sign": Link(Self.sign),
                        "json": String(decoding: JSON.printed(record.bytes), as: UTF8.self),
                        "command":
                            "closeout record envelope \(record.fileName) --key KEY > \(record.fileName).sig",
                        "isNew": record.isNew,
                    ]
                )
            ])
    }

    /// Makes the bytes of a record.
    private func prepare(
        _ form: FormFields, _ visitor: Visitor
    ) async throws(WorkflowError) -> Answer {
        // A browser sends each end of a line as two bytes.
        let text = (form["record"] ?? []).filter { $0 != 13 }
        let draft: RecordDraft
        do {
            draft = try RecordDraft(parsing: text)
        } catch {
            throw .refused(
                .malformed, "the record cannot be read: \(error)",
                hint: "it has the form of `closeout record add --file`, docs/records.md")
        }
        try confirm(draft.body.kind, visitor)
        let prepared = try await PreparedRecord(
            draft, forBundle: bundle.subject.path, terms(), waiting: bundle.subject.request.lockWait
        )
        let digest: SHA256Digest
        do {
            digest = try SHA256Digest.of(prepared.canonicalBytes)
        } catch {
            throw .openSSL(error)
        }
        drafts.keep(prepared, as: digest, for: visitor.person)
        return Answer(seeing: pages.path("\(Self.page)?record=\(digest.hex)"))
    }

    /// Stores a signature, with its record where that is new.
    private func sign(
        _ form: FormFields, _ visitor: Visitor
    ) async throws(WorkflowError) -> Answer {
        guard let digest = form["digest"].flatMap({ SHA256Digest(hex: $0) }) else {
            return pages.missing
        }
        let envelope = Attachment(
            path: Array("what was sent".utf8), bytes: (form["envelope"] ?? []).filter { $0 != 13 },
            format: .dsse)
        let draft = drafts[digest, visitor.person]
        var session = try await BundleSession(
            opening: bundle.subject.path, waiting: bundle.subject.request.lockWait)
        let name = Array(digest.hex.utf8)
        let kind: RecordKind
        let receipt: Receipt
        if let draft {
            kind = draft.kind
            try confirm(kind, visitor)
            receipt = try await session.write(draft, signedBy: envelope, terms())
            drafts.drop(digest)
        } else {
            kind = try await session.evidence(terms().append).record(named: name).signed.record.kind
            try confirm(kind, visitor)
            receipt = try await session.addSignature(envelope, toRecordNamed: name, terms())
        }
        log.add(
            "change",
            who(visitor) + [
                JSONMember("record", JSON(digest.hex)),
                JSONMember("kind", JSON(kind.name)),
            ])
        bundle.begin()
        let lines: [TemplateValues] =
            receipt.stored.map { ["text": "stored \(printable($0))"] }
            + receipt.remarks.map { ["text": $0.words] }
        return pages.page(
            "Stored",
            [("stored", ["lines": lines, "record": Link("/record?digest=\(digest.hex)")])])
    }

    private func confirm(_ kind: RecordKind, _ visitor: Visitor) throws(WorkflowError) {
        guard visitor.kinds.contains(kind) else {
            throw .refused(
                .failed, "none of your roles may add a \(kind.name) record",
                hint: "ask somebody who has the role for it")
        }
    }

    private func terms() -> RecordTerms {
        let subject = bundle.subject
        return RecordTerms(
            AppendOptions(now: subject.now(), policy: subject.request.trust.policy),
            criteria: subject.recheck.criteria)
    }

    private func who(_ visitor: Visitor) -> [JSONMember] {
        visitor.person.map { [JSONMember("subject", JSON(printable($0.subject)))] } ?? []
    }

    /// A record that can be signed: one that the same person prepared, or one of the bundle.
    private struct Found {
        let digest: SHA256Digest
        let bytes: [UInt8]
        let isNew: Bool

        var fileName: String { "record-\(digest.hex.prefix(8)).json" }
    }

    private func found(_ fields: FormFields, _ name: String, for visitor: Visitor) -> Found? {
        guard let digest = fields[name].flatMap({ SHA256Digest(hex: $0) }) else { return nil }
        if let draft = drafts[digest, visitor.person] {
            return Found(digest: digest, bytes: draft.canonicalBytes, isNew: true)
        }
        guard case .done(let verified, _) = bundle.now.stage,
            let record = verified.report.evidence?.record(digest)?.signed.record
        else { return nil }
        return Found(digest: digest, bytes: record.canonicalBytes, isNew: false)
    }
}

/// The records that people have prepared and not signed yet: in memory, each for whoever prepared it.
private final class Drafts: Sendable {
    /// The most of them; the oldest goes where there is another.
    private static let most = 64

    private let drafts = Mutex<[(digest: SHA256Digest, person: Person?, record: PreparedRecord)]>([]
    )

    func keep(_ record: PreparedRecord, as digest: SHA256Digest, for person: Person?) {
        drafts.withLock { drafts in
            if drafts.count >= Self.most { drafts.removeFirst() }
            drafts.append((digest, person, record))
        }
    }

    func drop(_ digest: SHA256Digest) {
        drafts.withLock { $0.removeAll { $0.digest == digest } }
    }

    subscript(digest: SHA256Digest, person: Person?) -> PreparedRecord? {
        drafts.withLock { $0.first { $0.digest == digest && $0.person == person }?.record }
    }
}

extension Visitor {
    /// The kinds of record that their roles may add and sign (docs/console.md, "Roles").
    var kinds: Set<RecordKind> {
        var kinds: Set<RecordKind> = []
        if roles.contains(.operator) {
            kinds.formUnion([
                .readiness, .readinessV2, .delivery, .deliveryV2, .retryPlan, .retryPlanV2,
                .retryRun,
                .retryRunV2, .attachment,
            ])
        }
        if roles.contains(.approver) {
            kinds.formUnion([
                .riskAcceptance, .legalHold, .retentionRequest, .retentionDecision, .retryReview,
            ])
        }
        return kinds
    }
}

extension Receipt.Remark {
    /// What it says.
    fileprivate var words: String {
        switch self {
        case .note(let text): text
        case .warning(let text, let hint): "warning: \(text)" + (hint.map { "; \($0)" } ?? "")
        }
    }
}
