package import CloseoutEncodings
package import CloseoutOpenSSL

/// What goes to the systems that people watch: ids, digests and counts, and no text that a person wrote but the
/// name and version of the release.
package struct DeliveryEvent: Hashable, Sendable {
    /// What happened.
    package enum Kind: String, CaseIterable, Hashable, Sendable {
        /// A bundle was closed out.
        case closeout
        /// The retention of a bundle is not as it should be.
        case retentionAlert = "retention-alert"
        /// The decision on a release was made.
        case decision
        /// A person tries a route.
        case test
    }

    /// What it says of the release.
    package enum Outcome: String, CaseIterable, Hashable, Sendable {
        case readyForRelease = "ready_for_release"
        case readyWithAcceptedRisk = "ready_with_accepted_risk"
        case blocked
        case pass, fail, unknown

        /// The three words that every receiver knows.
        package var verdict: Verdict {
            switch self {
            case .readyForRelease, .pass: .pass
            case .readyWithAcceptedRisk, .unknown: .warning
            case .blocked, .fail: .fail
            }
        }

        /// The outcome in words of a sentence.
        var words: String {
            switch self {
            case .readyForRelease: "ready for release"
            case .readyWithAcceptedRisk: "ready with accepted risk"
            case .blocked: "blocked"
            case .pass: "pass"
            case .fail: "fail"
            case .unknown: "unknown"
            }
        }
    }

    /// An outcome as receivers sort it.
    package enum Verdict: String, CaseIterable, Hashable, Sendable {
        case pass, warning, fail
    }

    /// How grave it is.
    package enum Severity: String, CaseIterable, Hashable, Sendable {
        case info, low, medium, high, critical
    }

    /// How many criteria or findings have which result.
    package struct Counts: Hashable, Sendable {
        /// Those that pass.
        package var pass: Int
        /// Those that fail.
        package var fail: Int
        /// Those that are not established.
        package var unknown: Int
        /// Those that fail and whose risk is accepted; they are among the failed ones.
        package var accepted: Int

        package init(pass: Int = 0, fail: Int = 0, unknown: Int = 0, accepted: Int = 0) {
            self.pass = pass
            self.fail = fail
            self.unknown = unknown
            self.accepted = accepted
        }
    }

    /// What happened.
    package let kind: Kind
    /// The id of the event, the same over all routes, attempts and retries.
    package let id: String
    /// When it happened.
    package let at: Instant
    /// The name of the release: text of others.
    package let releaseName: String
    /// The version of the release: text of others.
    package let releaseVersion: String
    /// The id of the bundle: the digest of its seal.
    package let bundle: SHA256Digest
    /// The digest of the record that says it; nil where there is none.
    package let record: SHA256Digest?
    /// What it says of the release.
    package let outcome: Outcome
    /// How grave it is.
    package let severity: Severity
    /// How many criteria or findings have which result.
    package let counts: Counts
    /// The ids of the findings, ascending.
    package let findings: [String]

    /// States an event; the findings are brought into order, each once.
    package init(
        kind: Kind, id: String, at: Instant, releaseName: String, releaseVersion: String,
        bundle: SHA256Digest, record: SHA256Digest? = nil, outcome: Outcome, severity: Severity,
        counts: Counts = Counts(), findings: [String] = []
    ) {
        self.kind = kind
        self.id = id
        self.at = at
        self.releaseName = releaseName
        self.releaseVersion = releaseVersion
        self.bundle = bundle
        self.record = record
        self.outcome = outcome
        self.severity = severity
        self.counts = counts
        self.findings = Set(findings).sorted()
    }
}

extension DeliveryEvent {
    /// The type as receivers of hooks have it: letters, digits, `_` and `.`.
    var type: String { "closeout." + kind.rawValue.replacing("-", with: "_") }

    /// The event as data for machines, with at most so many findings.
    func data(_ cutter: inout Cutter) -> JSON {
        let findings = cutter.list(self.findings, most: Self.mostFindings)
        var members: [JSONMember] = [
            JSONMember("kind", JSON(kind.rawValue)), JSONMember("event", JSON(id)),
            JSONMember("at", JSON(at.description)),
            JSONMember(
                "release",
                [
                    "name": JSON(cutter.text(releaseName, most: Self.longestName)),
                    "version": JSON(cutter.text(releaseVersion, most: Self.longestName)),
                ]),
            JSONMember("bundle", JSON(bundle.hex)), JSONMember("outcome", JSON(outcome.rawValue)),
            JSONMember("severity", JSON(severity.rawValue)), JSONMember("counts", counts.json),
            JSONMember(
                "findings",
                .array(findings.map { JSON(cutter.text($0, most: Self.longestFinding)) })),
            JSONMember("findings_left_out", .integer(Int64(self.findings.count - findings.count))),
        ]
        if let record { members.append(JSONMember("record", JSON(record.hex))) }
        return .object(members)
    }

    /// The most findings that are named.
    static let mostFindings = 50
    /// The most characters of a name or version.
    static let longestName = 200
    /// The most characters of a finding's id.
    static let longestFinding = 128
}

extension DeliveryEvent.Counts {
    var json: JSON {
        [
            "pass": .integer(Int64(pass)), "fail": .integer(Int64(fail)),
            "unknown": .integer(Int64(unknown)), "accepted": .integer(Int64(accepted)),
        ]
    }
}
