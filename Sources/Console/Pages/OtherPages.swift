import CloseoutBundles
import CloseoutEncodings
import CloseoutReports
import CloseoutTrial
import CloseoutVerification

/// What of the bundle everyone may see.
struct VisibilityPage {
    let view: BundleView

    var blocks: [PageBlock] {
        guard let visible = try? PublicView(view.contents) else {
            return [.title(Place.visibility.title), .section(id: "none", "Not known")]
        }
        let withheld = Set(visible.withheld)
        var table = PageTable("Files of the bundle", "File", "Kind", "Who may see it")
        for file in view.contents.files {
            let isWithheld = withheld.contains(file.entry.path)
            table.add(
                [.code(printable(file.entry.path))], [.text(file.entry.kind.rawValue)],
                [
                    isWithheld
                        ? .status("restricted", style: "unknown")
                        : .status("everyone", style: "pass")
                ])
        }
        return [
            .title(Place.visibility.title),
            .section(
                id: "files", "Files",
                [
                    [
                        .text(
                            "A copy for everyone leaves out "
                                + counted(withheld.count, "restricted file")
                                + "; its log stays whole, and names what is missing.")
                    ], [.link("Download the copy for everyone", to: "/public")],
                ], [table]),
        ]
    }
}

/// Which controls elsewhere the criteria answer.
struct CompliancePage {
    let view: BundleView

    var blocks: [PageBlock] {
        var controls: [(name: String, results: [CriterionResult])] = []
        for result in view.report.decision?.now?.results ?? [] {
            for control in result.mapsTo {
                let place = controls.firstIndex { $0.name.utf8.elementsEqual(control.utf8) }
                if let place {
                    controls[place].results.append(result)
                } else {
                    controls.append((control, [result]))
                }
            }
        }
        var table = PageTable("Controls that criteria answer", "Control", "Criteria", "Result")
        for control in controls {
            table.add(
                [.text(printable(control.name))],
                control.results.map {
                    .link($0.id + " ", to: "\(Place.criteria.rawValue)#\($0.anchor)")
                }, control.results.map(\.piece))
        }
        let formats = ReportFormat.allCases.filter { !$0.isStatement }.flatMap {
            [Piece.link($0.rawValue, to: "/report?format=\($0.rawValue)"), .text(" ")]
        }
        let packs = PolicyPack.all.flatMap {
            [Piece.link($0.title, to: "/pack?name=\($0.name)"), .text(" ")]
        }
        return [
            .title(Place.compliance.title),
            .section(
                id: "controls", "Controls",
                [
                    [
                        .text(
                            "Each criterion names in maps_to the controls that it answers. Passing says "
                                + "that the criterion is fulfilled, and no more.")
                    ]
                ], [table]),
            .section(id: "reports", "The report for other programs", [formats]),
            .section(
                id: "packs", "Policy packs",
                [
                    [
                        .text(
                            "Criteria to begin with: download one, adapt it, and give it to close, "
                                + "verify or console with --criteria.")
                    ], packs,
                ]),
        ]
    }
}

/// Criteria that answer the controls of a framework.
struct PolicyPack: Sendable {
    let name: String
    let title: String
    let bytes: [UInt8]

    /// All that are put into the program.
    static let all = [
        PolicyPack(
            name: "nist-ssdf", title: "NIST SSDF 1.1", bytes: PackageResources.nist_ssdf_json),
        PolicyPack(name: "slsa", title: "SLSA 1.1", bytes: PackageResources.slsa_json),
    ]
}

/// What this build offers, and what each edition does.
struct EditionsPage {
    var blocks: [PageBlock] {
        var table = PageTable(
            "Controls of a closeout", "Control", "Community", "Enterprise", "SaaS", "This build")
        for control in Edition.controls {
            let offers = Edition.allCases.map { edition in
                edition.offers(control)
                    ? Piece.status("yes", style: "pass")
                    : Piece.status("no", style: "not_applicable")
            }
            table.rows.append(
                PageTable.Row(
                    cells: [[.text(control.name)]] + offers.map { [$0] }
                        + [[.text(control.needs.map { "needs \($0)" } ?? "provides it")]]))
        }
        return [
            .title(Place.editions.title),
            .section(
                id: "controls", "Controls",
                [
                    [
                        .text(
                            "Nothing that this build provides needs a licence. Sealing, verifying, "
                                + "reading and exporting never will.")
                    ]
                ], [table]),
        ]
    }
}
