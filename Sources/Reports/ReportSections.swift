import CloseoutEncodings
package import CloseoutOpenSSL
import CloseoutRecords
package import CloseoutVerification

/// What a report says to a person, as values that text, Markdown and HTML draw.
///
///     let sections = ReportSections(report)
///     sections.facts       // release at a glance: files, signers, policy, decision, checks
///     sections.problems    // what is wrong, and what was not checked, each with what to do
struct ReportSections {
    private let report: Report
    private let mostDecisions: Int
    private let people: SignerNames

    /// Takes a report, of which each section is made when it is asked for.
    ///
    /// - Parameters:
    ///   - report: What is reported.
    ///   - decisions: How many decisions have a section of their own.
    init(_ report: Report, decisions: Int = .max) {
        self.report = report
        mostDecisions = decisions
        people = SignerNames(report)
    }

    /// The report at a glance: files, signers, time, policy, decisions and checks.
    var facts: [ReportRow] { report.factRows(people) }

    /// What is wrong, then what was not checked; empty where nothing is.
    var problems: [ReportSection] {
        [
            report.problems(.fail, id: "wrong", "Wrong"),
            report.problems(.unknown, id: "unknown", "Not checked"),
        ].compactMap(\.self)
    }

    /// The recorded decisions, the last one first.
    var decided: [ReportSection] {
        report.recordedDecisions.prefix(mostDecisions).enumerated().map {
            report.section(of: $1, number: $0, people)
        }
    }

    /// What the release would be now; nil without criteria.
    var decision: ReportSection? {
        report.decision?.now.map { report.section(of: $0, DigestNames(report)) }
    }

    /// Retention, holds and accepted risks in time; nil where there are none.
    var retention: ReportSection? { report.timeline.map { $0.section } }

    /// Each signature over the seal; nil where there is none.
    var signatures: ReportSection? { report.signatureSection(people) }

    /// Who signed the seal or a record; nil where nobody did that the policy knows.
    var signers: ReportSection? { people.section }

    /// The records in the order of the log.
    var records: ReportSection? { report.recordSection(people) }

    /// The accepted risks.
    var risks: ReportSection? { report.riskSection(people) }

    /// What was verified, under which policy, at which time.
    var verified: ReportSection { report.verifiedSection(DigestNames(report)) }

    /// The names of the checks that passed and that did not apply, by family.
    var families: ReportSection { report.familySection }

    /// Every finding, by family.
    var checks: [ReportSection] {
        report.families.map {
            report.findings(
                $0.findings, id: "checks-\($0.name)", $0.name, "Checks of the family \($0.name)")
        }
    }
}

/// One part of a report.
struct ReportSection {
    /// What names it in the page: letters, digits and hyphens.
    let id: String
    /// Its heading.
    let heading: [ReportSpan]
    /// Whether the heading is a plain title, and not a statement of its own.
    var isTitled = true
    /// What comes before the rows, a paragraph each.
    var paragraphs: [[ReportSpan]] = []
    /// What the table of the rows is about.
    var caption = ""
    /// The titles of a row's lead, of its cells, and of its notes.
    var titles = (lead: "", cells: [String](), notes: "")
    /// What heads all but the lead where there is one column for it.
    var body = ""
    /// The rows.
    var rows: [ReportRow] = []
    /// What heads the statuses of the rows; empty where the heading of the section says them.
    var statusTitle = ""
    /// Whether the status of a row is reported in text, where its cells do not say it.
    var showsStatus = false
    /// Whether text has the leads of the rows; long paths that say no more are left out.
    var hasLeadsInText = true
    /// What comes after the rows, a paragraph each.
    var remarks: [[ReportSpan]] = []
    /// The same in time, which a page draws.
    var timeline: RetentionTimeline?

    /// A section with a plain title.
    init(id: String, _ title: String) {
        self.id = id
        heading = [.text(title)]
    }

    /// A section whose heading is a statement.
    init(id: String, stating heading: [ReportSpan]) {
        self.id = id
        self.heading = heading
        isTitled = false
    }
}

/// One row of a section: what it is about, what is said of it, and what there is to know besides.
struct ReportRow {
    /// What a link leads here by; nil where none does.
    var anchor: String?
    /// What it is about.
    var lead: [ReportSpan]
    /// Its status; nil where it has none.
    var status: ReportSpan?
    /// What is said of it.
    var cells: [[ReportSpan]]
    /// What there is to know besides.
    var notes: [ReportNote] = []
}

/// Something to know besides, with a name, such as `hint`.
struct ReportNote: Equatable {
    /// What it is; nil where it needs no name.
    let name: String?
    /// What it says.
    let spans: [ReportSpan]

    /// The name of a note that says what to do.
    static let hint = "hint"

    init(_ name: String?, _ spans: ReportSpan...) {
        self.name = name
        self.spans = spans
    }

    init(_ name: String?, _ spans: [ReportSpan]) {
        self.name = name
        self.spans = spans
    }
}

/// A piece of a line.
enum ReportSpan: Equatable {
    /// Words.
    case text(String)
    /// An id or a path.
    case code(String)
    /// A status or outcome in words, with the class of the style sheet that repeats it.
    case status(String, style: String)
    /// A digest, with the name of what it is of; nil where the digest itself is all there is.
    case digest(SHA256Digest, String?)
    /// An id that is long, with a name for it.
    case id(String, name: String)
    /// Words that lead to a row.
    case link(String, anchor: String)
}

extension SHA256Digest {
    /// What a link to the row of this digest leads to.
    package var anchor: String { "d-\(short)" }

    /// As many digits as name a file of a bundle.
    var short: String { String(decoding: hexBytes.prefix(16), as: UTF8.self) }
}

/// What the digests of a report are of, in words.
package struct DigestNames: Sendable {
    private var names: [SHA256Digest: String] = [:]

    /// Takes the names that a report has.
    package init(_ report: Report) {
        if let seal = report.release?.seal { names[seal] = "seal.json" }
        for line in report.signatures {
            guard let digest = line.digest else { continue }
            names[digest] = "signature of \(line.operator ?? "an unknown key")"
        }
        guard let evidence = report.evidence else { return }
        for record in evidence.records { names[record.digest] = record.name }
        for (kind, digests) in evidence.readiness.evidence.sorted(by: {
            $0.key.rawValue < $1.key.rawValue
        }) {
            for digest in digests where names[digest] == nil {
                names[digest] = "\(kind.rawValue) file"
            }
        }
        for record in evidence.records {
            for link in record.header.links where names[link.digest] == nil {
                names[link.digest] = "\(printable(link.kind)) of \(record.name)"
            }
        }
    }

    /// What a digest is of; nil where the report does not say.
    package subscript(digest: SHA256Digest) -> String? { names[digest] }

    /// The digest with its name, where it has one.
    func span(_ digest: SHA256Digest) -> ReportSpan { .digest(digest, names[digest]) }
}

extension ResolvedRecord {
    /// The kind of the record and its place in the log.
    var name: String { "\(signed.record.kind.name) \(signed.sequence)" }
}

/// Who signed the seal or a record, with what each signed.
struct SignerNames {
    private var names: [String] = []
    /// The signers as a section; nil where there are none.
    private(set) var section: ReportSection?

    init(_ report: Report) {
        var rows: [(name: String, keys: [String], records: Int)] = []
        func place(_ name: String) -> Int {
            if let place = rows.firstIndex(where: { $0.name.utf8.elementsEqual(name.utf8) }) {
                return place
            }
            rows.append((name, [], 0))
            return rows.count - 1
        }
        for line in report.signatures {
            guard let name = line.operator, !name.isEmpty else { continue }
            let words = line.counts ? "the seal, \(line.signer)" : "the seal, not counted"
            rows[place(name)].keys.append(words)
        }
        for record in report.recordLines {
            for name in record.signers where !name.isEmpty { rows[place(name)].records += 1 }
        }
        guard !rows.isEmpty else { return }
        var section = ReportSection(id: "signers", "Signers")
        section.caption = "Who signed, and what"
        section.titles = ("Signer", ["Signed"], "")
        section.body = "Signed"
        for (number, row) in rows.enumerated() {
            names.append(row.name)
            let records = row.records == 0 ? [] : [counted(row.records, "record")]
            section.rows.append(
                ReportRow(
                    anchor: Self.anchor(number), lead: [.text(row.name)],
                    cells: [[.text((row.keys + records).joined(separator: "; "))]]))
        }
        self.section = section
    }

    private static func anchor(_ number: Int) -> String { "s-\(number)" }

    /// A signer's name, which leads to the signer.
    func span(_ name: String) -> ReportSpan {
        names.firstIndex { $0.utf8.elementsEqual(name.utf8) }.map {
            .link(name, anchor: Self.anchor($0))
        } ?? .text(name)
    }

    /// Names one after the other.
    func spans(_ names: [String]) -> [ReportSpan] {
        names.enumerated().flatMap { index, name in
            (index > 0 ? [.text(", ")] : []) + [span(name)]
        }
    }
}
