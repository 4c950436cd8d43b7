/// What is to be cleared up before a trial becomes a pilot (docs/trial.md, "Questions").
struct DiscoveryQuestion: Sendable {
    /// What is asked.
    let question: String
    /// The file of a trial that answers it.
    let file: String
    /// Where in the file.
    let place: String

    /// All questions.
    static let all = [
        DiscoveryQuestion(
            question: "Which system holds the record of a release?",
            file: "readiness/release-record.txt",
            place: "its export is stored by `closeout record readiness --release-record FILE`"),
        DiscoveryQuestion(
            question: "Which SIEM, ITSM, ChatOps, GRC systems or webhooks are notified?",
            file: "criteria.json",
            place: "C4 and C8: `routes` names each route that must be served"),
        DiscoveryQuestion(
            question: "How long is what kept, from which event, how strictly?",
            file: "classes.json",
            place: "`classes`: `minimum`, `basis` and `mode` of each retention class"),
        DiscoveryQuestion(
            question: "Which groups ask, approve, hold, accept risks, review retries, decide?",
            file: "trust.json",
            place: "`roles`: the keys of each group; an operator is one team"),
        DiscoveryQuestion(
            question: "Which compliance reports or policy packs must the release answer?",
            file: "criteria.json",
            place: "`maps_to` of each criterion: the ids of the controls that it answers"),
    ]

    /// The questions for a person.
    static var text: String {
        all.map { "\($0.question)\n  \($0.file): \($0.place)\n" }.joined(separator: "\n")
    }
}
