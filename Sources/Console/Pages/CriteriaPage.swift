import CloseoutEncodings
import CloseoutRecords
import CloseoutReports
import CloseoutVerification

/// The criteria with their results, and the evidence behind each.
struct CriteriaPage {
    let view: BundleView

    var blocks: [PageBlock] {
        guard let decision = view.report.decision?.now else {
            return [
                .title(Place.criteria.title),
                .section(
                    id: "none", "No criteria",
                    [
                        [
                            .text(
                                "Nobody gave criteria, and the policy pins none, so no decision is "
                                    + "computed. Start the console with --criteria and a file or a profile."
                            )
                        ]
                    ]),
                .markup(view.markup[.decided]),
            ]
        }
        var table = PageTable(
            "Criteria of \(decision.criteria.id) \(decision.criteria.version)", "Criterion",
            "Result", "Evidence", "Why")
        for result in decision.results {
            let controls = result.mapsTo.map { Piece.note("answers \(printable($0))") }
            let severity = Piece.note(
                result.severity.rawValue + (result.isWaivable ? "" : ", cannot be waived"))
            table.add(
                [.code(result.id), .text(" \(printable(result.title))")] + controls,
                [result.piece, severity], view.pieces(result.evidence),
                [.text(result.reason)] + (result.remedy.map { [.note("What to do: \($0)")] } ?? [])
                    + result.acceptances.flatMap { acceptance in
                        [
                            .note("accepted until \(acceptance.expires) by "),
                            view.piece(acceptance.record),
                        ]
                    }, at: result.anchor)
        }
        return [
            .title(Place.criteria.title),
            .section(
                id: "now", "As of \(view.report.asOf)",
                [
                    [decision.piece, .text(" because \(decision.reason)")],
                    [.text("criteria file "), .code("sha256:\(decision.criteria.digest.hex)")],
                ] + decision.notes.map { [.text($0)] }, [table]),
            .markup(view.markup[.decided]),
        ]
    }
}

extension CriterionResult {
    /// The result in words; an accepted failure is a failure.
    var piece: Piece {
        .status(
            isAccepted ? "fail, accepted" : CheckStatus(status).words,
            style: isAccepted ? "accepted" : status.rawValue)
    }

    /// What a link to its row leads to.
    var anchor: String { "c-" + safeFileName(id.utf8) }
}

extension Decision {
    /// The outcome in words.
    var piece: Piece { .status(outcome.rawValue, style: styleClass) }

    /// The class of the style sheet that repeats the outcome.
    var styleClass: String {
        switch outcome {
        case .readyForRelease: "pass"
        case .readyWithAcceptedRisk: "accepted"
        case .blocked: "fail"
        }
    }
}
