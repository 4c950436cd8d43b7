import CloseoutEncodings

/// An event in a few lines for people, before a provider escapes and cuts them.
///
/// Names of others are one line each: what a terminal would hide or obey is escaped (`printable`).
struct EventText {
    /// One sentence without a full stop.
    let title: String
    /// Names with their values.
    let facts: [(name: String, value: String)]

    init(_ event: DeliveryEvent, _ cutter: inout Cutter) {
        let name = cutter.text(printable(event.releaseName), most: DeliveryEvent.longestName)
        let version = cutter.text(printable(event.releaseVersion), most: DeliveryEvent.longestName)
        let release = "\(name) \(version)"
        title =
            switch event.kind {
            case .closeout: "Closeout of \(release): \(event.outcome.words)"
            case .retentionAlert: "Retention alert for \(release): \(event.outcome.words)"
            case .decision: "Decision on \(release): \(event.outcome.words)"
            case .test: "Test of a route of Closeout: nothing is to be done"
            }
        let counts = event.counts
        let named = cutter.list(event.findings, most: Self.mostFindings).map {
            cutter.text(printable($0), most: DeliveryEvent.longestFinding)
        }
        let more = event.findings.count - named.count
        var facts: [(String, String)] = [
            ("Release", name), ("Version", version), ("Outcome", event.outcome.words),
            ("Severity", event.severity.rawValue),
            (
                "Results",
                "\(counts.pass) pass, \(counts.fail) fail, \(counts.unknown) unknown, "
                    + "\(counts.accepted) accepted"
            ),
            ("Bundle", event.bundle.hex), ("Event", printable(event.id)),
            ("At", event.at.description),
        ]
        if let record = event.record { facts.append(("Record", record.hex)) }
        if !named.isEmpty {
            facts.append(
                ("Findings", named.joined(separator: ", ") + (more > 0 ? " (+\(more) more)" : "")))
        }
        self.facts = facts
    }

    /// The most findings that are named to people.
    static let mostFindings = 10
}

/// Shortens texts and lists to what a provider takes, and counts how often it had to.
struct Cutter {
    /// How many texts were shortened and list elements left out.
    private(set) var count = 0

    /// The text, or its beginning with an ellipsis; characters are counted as UTF-16 code units, as most do.
    mutating func text(_ text: String, most: Int) -> String {
        guard text.utf16.count > most else { return text }
        count += 1
        var (kept, size) = ("", 0)
        for scalar in text.unicodeScalars {
            size += scalar.value > 0xffff ? 2 : 1
            guard size < most else { break }
            kept.unicodeScalars.append(scalar)
        }
        return kept + "…"
    }

    /// The text, or its beginning with an ellipsis, in at most so many bytes of UTF-8.
    mutating func bytes(_ text: String, most: Int) -> String {
        guard text.utf8.count > most else { return text }
        count += 1
        var (kept, size) = ("", 3)
        for scalar in text.unicodeScalars {
            size += UTF8.width(scalar)
            guard size <= most else { break }
            kept.unicodeScalars.append(scalar)
        }
        return kept + "…"
    }

    /// The first elements.
    mutating func list<Element>(_ elements: [Element], most: Int) -> [Element] {
        count += max(0, elements.count - most)
        return Array(elements.prefix(most))
    }
}
