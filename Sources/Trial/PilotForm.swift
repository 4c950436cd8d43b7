/// The two files of a trial that a person goes on with: the questions to clear up before a pilot, and
/// what the trial has shown (docs/trial.md, "Questions").
package enum PilotForm {
    /// The form with the questions.
    static let questions = "questions.md"
    /// The list of what was shown.
    static let checklist = "checklist.md"

    /// What is to be cleared up before a trial becomes a pilot.
    package struct Question: Sendable {
        /// What is asked.
        package let question: String
        /// The file of a trial that answers it for the synthetic release.
        package let file: String
        /// Where in the file.
        package let place: String
    }

    /// All questions.
    package static let all = [
        Question(
            question: "Which system holds the record of a release?",
            file: "readiness/release-record.txt",
            place: "its export is stored by `closeout record readiness --release-record FILE`"),
        Question(
            question: "Which SIEM, ITSM, ChatOps, GRC systems or webhooks are notified?",
            file: "criteria.json",
            place: "C4 and C8: `routes` names each route that must be served"),
        Question(
            question: "How long is what kept, from which event, how strictly?",
            file: "classes.json",
            place: "`classes`: `minimum`, `basis` and `mode` of each retention class"),
        Question(
            question: "Which groups ask, approve, hold, accept risks, review retries, decide?",
            file: "trust.json",
            place: "`roles`: the keys of each group; an operator is one team"),
        Question(
            question: "Which compliance reports or policy packs must the release answer?",
            file: "criteria.json",
            place: "`maps_to` of each criterion: the ids of the controls that it answers"),
    ]

    /// The questions for a person at a terminal.
    package static var text: String {
        all.map { "\($0.question)\n  \($0.file): \($0.place)\n" }.joined(separator: "\n")
    }

    /// The questions as a form in Markdown.
    static var form: String {
        let head = """
            # Before a pilot

            Each question names the file of this folder that answers it for the synthetic release, and
            the place in it. Write down your own answer, who gives it, and by when.

            """
        return head
            + all.enumerated().map { index, item in
                """

                ## \(index + 1). \(item.question)

                In this trial: `\(item.file)`, \(item.place).

                - Answer:
                - Who answers for it:
                - By when:

                """
            }.joined()
    }
}

/// A list of what a trial has shown, and of what only a person can confirm.
struct Checklist {
    /// A thing that was to be shown.
    struct Item {
        let isShown: Bool
        let text: String

        init(_ isShown: Bool, _ text: String) {
            self.isShown = isShown
            self.text = text
        }
    }

    /// The parts of a trial: what is to be shown by itself, and what a person confirms.
    let parts: [(title: String, items: [Item], forYou: String)]

    /// The list in Markdown.
    func text(of scenario: Scenario) -> String {
        var lines = [
            "# What this trial has shown", "",
            "Scenario \(scenario.name): \(scenario.title)", "",
            "A ticked line is proven by this run, with what proves it; one that is not ticked is what the",
            "scenario leaves open. The last line of each part is yours to tick.",
        ]
        for part in parts {
            lines += ["", "## \(part.title)", ""]
            lines += part.items.map { "- [\($0.isShown ? "x" : " ")] \($0.text)" }
            lines.append("- [ ] You: \(part.forYou)")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
