import CloseoutEncodings
import CloseoutTrial
import CloseoutVerification

/// The page on which a scenario is chosen, broken and taken away, and the tour through its ten steps.
struct SandboxPages {
    let played: Sandbox.Played

    /// The page with all that can be done.
    ///
    /// - Parameter name: The scenario that is looked at; nil for the one that was walked through.
    /// - Returns: The page.
    func sandbox(choosing name: String? = nil) -> [PageBlock] {
        let played = played.trial.scenario
        let chosen =
            name.flatMap { Scenario.names.contains($0) ? try? Scenario.load($0) : nil } ?? played
        let scenarios: [TemplateValues] = Scenario.names.map {
            ["name": $0, "isChosen": $0 == chosen.name]
        }
        let isOther = chosen.name != played.name
        let here = isOther ? [] : Self.places
        let ways: [TemplateValues] = Sandbox.Break.allCases.map {
            ["name": $0.rawValue, "title": $0.title]
        }
        return [
            .title(Place.sandbox.title),
            .template("scenarios", ["path": Place.sandbox.rawValue, "scenarios": scenarios]),
            .section(
                id: "scenario", "\(chosen.name): \(chosen.title)",
                [[.text("It promises \(chosen.promise.words). Everything in it is made up.")]]
                    + here),
            .template("walking", ["name": chosen.name, "isOther": isOther]),
            .template(
                "breaking",
                [
                    "ways": ways, "hasBreaks": !self.played.breaks.isEmpty,
                    "breaks": self.played.breaks.map { ["title": $0] as TemplateValues },
                ]),
            .template(
                "questions",
                [
                    "questions": PilotForm.all.enumerated().map {
                        [
                            "number": "\($0 + 1)", "question": $1.question, "file": $1.file,
                            "place": $1.place,
                        ] as TemplateValues
                    }
                ]),
        ]
    }

    /// Where to look at the scenario that was walked through.
    private static let places: [[Piece]] = [
        [
            .link("The tour of its ten steps", to: Place.tour.rawValue), .text(" · "),
            .link("the sample bundle, packed", to: "/sample"), .text(" · "),
            .link("proofs of its files", to: Place.artifacts.rawValue), .text(" · "),
            .link("the report", to: "/report?format=html"),
        ]
    ]

    /// The ten steps with what to check at each, and what they have shown.
    func tour(_ checklist: [UInt8]?) -> [PageBlock] {
        var blocks: [PageBlock] = [.title(Place.tour.title)]
        for account in played.accounts {
            blocks += [
                .section(
                    id: "step-\(account.number)", "\(account.number). \(account.title)",
                    [[.text(account.summary)]]),
                .verbatim(account.lines.joined(separator: "\n")),
                .template(
                    "reading",
                    ["pieces": account.documents.map { DocumentPages.piece($0).values }]),
            ]
        }
        if let checklist {
            blocks += [
                .section(id: "checklist", "What this has shown"),
                .verbatim(String(decoding: checklist, as: UTF8.self)),
            ]
        }
        return blocks
    }

    /// The answers of a form as a file in Markdown.
    static func answers(_ form: FormFields) -> [UInt8] {
        var text = "# Before a pilot\n"
        for (index, item) in PilotForm.all.enumerated() {
            let answer = form["answer-\(index + 1)"] ?? []
            // A browser ends a line by two bytes.
            let lines = answer.filter { $0 != 13 }
                .split(separator: 10, omittingEmptySubsequences: false)
                .map { "> " + printable(Array($0)) }
            text += "\n## \(index + 1). \(item.question)\n\n\(lines.joined(separator: "\n"))\n"
        }
        return Array(text.utf8)
    }
}
