import CloseoutEncodings
import CloseoutRecords
import CloseoutReports
import CloseoutVerification

/// The pages about a verified bundle.
struct BundlePages {
    let view: BundleView
    let query: FormFields
    let subject: ConsoleSubject

    /// What a page has between its head and its foot.
    func blocks(of place: Place) -> [PageBlock] {
        let title = PageBlock.title(place.title)
        return switch place {
        case .overview: overview
        case .criteria: CriteriaPage(view: view).blocks
        case .evidence: EvidencePage(view: view).blocks
        case .artifacts: ArtifactsPage(view: view, query: query).blocks
        case .signatures: [title] + drawn([.signatures, .signers, .verified], at: place)
        case .retention: RetentionPage(view: view).blocks
        case .risks: [title] + drawn([.risks], at: place)
        case .deliveries: DeliveriesPage(view: view).blocks
        case .records: [title] + drawn([.records], at: place)
        case .log: LogPage(view: view, query: query).blocks
        case .visibility: VisibilityPage(view: view).blocks
        case .compliance: CompliancePage(view: view).blocks
        case .compare, .documents, .sandbox, .tour: [title]
        case .checks: [title] + drawn([.checks], at: place)
        case .editions: EditionsPage().blocks
        }
    }

    /// Parts of the report, or that it has nothing of them.
    private func drawn(_ parts: [ReportPart], at place: Place) -> [PageBlock] {
        let pages = parts.map { view.markup.pages(of: $0) }.max() ?? 1
        let pager = Pager(query, pages: pages)
        let shown = parts.filter { pager.page < view.markup.pages(of: $0) }
        let bytes = shown.flatMap { view.markup[$0, pager.page] }
        guard !bytes.isEmpty else {
            return [.section(id: "none", "None", [[.text("The bundle has nothing of this.")]])]
        }
        let isLong = pages > 1
        return [.markup(bytes)]
            + (isLong ? [.template("pager", pager.values("\(place.rawValue)?"))] : [])
    }

    private var overview: [PageBlock] {
        let report = view.report
        let decision = report.decision?.now
        let obstacles: [TemplateValues] = (decision?.obstacles ?? []).map {
            [
                "id": $0.id, "title": printable($0.title), "reason": $0.reason,
                "path": Link("\(Place.criteria.rawValue)#\($0.anchor)"),
            ]
        }
        let values: TemplateValues = [
            "style": report.verdict.styleClass, "shape": report.verdict.shape,
            "verdict": report.verdict.rawValue, "name": report.nameClause,
            "line": report.verdictLine, "at": view.at.description, "command": subject.command,
            "verify": Link("/verify"),
            "hasDecision": decision != nil, "outcome": decision?.outcome.rawValue ?? "",
            "outcomeStyle": decision?.styleClass ?? "", "outcomeReason": decision?.reason ?? "",
            "hasObstacles": !obstacles.isEmpty, "obstacles": obstacles,
            "obstacleCount": grouped(obstacles.count),
        ]
        return [
            .template("verdict", values), .markup(view.markup[.problems]),
            .template("facts", [:]), .markup(view.markup[.facts]),
            .template("decision", values), .markup(view.markup[.decided]),
            .template("again", values),
        ]
    }
}
