import CloseoutDecisions
import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutVerification

extension Report {
    /// What failed, or was not checked, each with what to do; nil where nothing is so.
    func problems(_ status: CheckStatus, id: String, _ title: String) -> ReportSection? {
        let found = findings.filter { $0.status == status }
        guard !found.isEmpty else { return nil }
        return findings(found, id: id, title, counted(found.count, "finding"))
    }

    /// Findings, a row each.
    func findings(
        _ found: [Finding], id: String, _ title: String, _ caption: String
    ) -> ReportSection {
        var section = ReportSection(id: id, title)
        section.caption = caption
        section.titles = ("Check", ["Subject", "Reason"], "What to do")
        section.body = "What was found"
        section.rows = found.map { finding in
            let hint = finding.hint ?? finding.id.explanation.hint
            return ReportRow(
                lead: [.code(finding.id.rawValue)], status: finding.status.span,
                cells: [
                    [.code(finding.subject)],
                    [.text(finding.reason + (finding.isRequired ? "" : " (for information)"))],
                ],
                notes: finding.status.isProblem ? [ReportNote(ReportNote.hint, .text(hint))] : [])
        }
        return section
    }

    /// A recorded decision: when, by whom, whether it was recomputed, and what has changed since.
    func section(
        of decision: RecordedDecision, number: Int, _ people: SignerNames
    ) -> ReportSection {
        var section = ReportSection(
            id: "decided-\(number)",
            stating: [.status(decision.heading, style: decision.styleClass)])
        let signed: [ReportSpan] =
            decision.operators.isEmpty
            ? [.text("asserted")] : [.text("signed by ")] + people.spans(decision.operators)
        section.paragraphs = [signed + [.text(decision.historyBehindSigners)]]
        if let hint = decision.hint { section.paragraphs.append([.text("hint: \(hint)")]) }
        section.paragraphs.append([.text("record "), .digest(decision.digest, nil)])
        section.caption = "Changes since then"
        section.titles = ("Subject", ["Since then"], "")
        section.body = "Change"
        section.rows = decision.sinceThen.map { change in
            ReportRow(
                lead: [.text(change.subject)],
                cells: [
                    [
                        .text(
                            "\(shown(change.was)) → \(shown(change.now)): \(change.reason)")
                    ]
                ])
        }
        return section
    }

    /// What the release would be now, criterion by criterion, with what would have to change; an
    /// accepted failure is reported as a failure.
    func section(of decision: Decision, _ names: DigestNames) -> ReportSection {
        let risks = risksByRecord
        let criteria = decision.criteria
        var section = ReportSection(
            id: "decision",
            stating: [
                .text("\(presentWords): "),
                .status(decision.outcome.rawValue, style: decision.outcome.styleClass),
            ])
        section.paragraphs = [
            [.text("because \(decision.reason)")],
            [
                .text("criteria "), .code("\(criteria.id) \(criteria.version)"), .text(", "),
                .digest(criteria.digest, nil),
            ],
        ]
        section.caption = "Criteria and their results"
        section.titles = ("Criterion", ["Title"], "Reason and evidence")
        section.body = "Result"
        section.statusTitle = "Status"
        section.showsStatus = true
        section.rows = decision.results.map { row($0, risks, names) }
        if !decision.obstacles.isEmpty {
            section.remarks.append(
                [.text("what would have to change for \(decision.next.rawValue):")])
            section.remarks += decision.obstacles.flatMap(\.remedies)
        }
        if !decision.notes.isEmpty {
            section.remarks.append([.text("remarks:")])
            section.remarks += decision.notes.map { [.text("  \($0)")] }
        }
        return section
    }

    private func row(
        _ result: CriterionResult, _ risks: [SHA256Digest: RiskLine], _ names: DigestNames
    ) -> ReportRow {
        var notes = [ReportNote(nil, .text(result.reason))]
        if !result.evidence.isEmpty {
            let spans = result.evidence.enumerated().flatMap { index, digest in
                (index > 0 ? [ReportSpan.text(", ")] : []) + [names.span(digest)]
            }
            notes.append(ReportNote("evidence", spans))
        }
        notes += result.findings.map { finding in
            ReportNote(
                "finding", .id(finding.id, name: finding.check),
                .text(
                    ": \(finding.check), \(finding.severity.rawValue), "
                        + CheckStatus(finding.status).words))
        }
        notes += result.acceptances.map { acceptance in
            ReportNote(
                "accepted risk",
                [names.span(acceptance.record), .text(" until \(acceptance.expires)")]
                    + (risks[acceptance.record].map { [.text(": \($0.words)")] } ?? []))
        }
        return ReportRow(
            anchor: nil, lead: [.code(result.id)],
            status: .status(result.words, style: result.styleClass),
            cells: [[.text(printable(result.title))]], notes: notes)
    }

    /// Each signature with its signer, and whether it counts.
    func signatureSection(_ people: SignerNames) -> ReportSection? {
        guard !signatures.isEmpty else { return nil }
        var section = ReportSection(id: "signatures", "Signatures")
        section.caption = "Signatures in the order of the log"
        section.titles = ("File", ["Signature"], "Remarks")
        section.body = "Made by"
        section.statusTitle = "Counts"
        section.hasLeadsInText = false
        section.rows = signatures.map { line in
            ReportRow(
                anchor: line.digest?.anchor, lead: [.code(line.path)],
                status: line.counts
                    ? .status("counts", style: CheckStatus.pass.rawValue)
                    : .status("does not count", style: CheckStatus.unknown.rawValue),
                cells: [
                    (line.operator.map { [people.span($0), .text(" ")] } ?? [])
                        + [.text(line.account)]
                ],
                notes: line.remark.map { [ReportNote("remark", .text($0))] } ?? [])
        }
        return section
    }

    /// Each record with its state and who signed it.
    func recordSection(_ people: SignerNames) -> ReportSection? {
        guard let evidence, !evidence.records.isEmpty else { return nil }
        var section = ReportSection(id: "records", "Records")
        section.caption = "Records in the order of the log"
        section.titles = ("Record", ["Signed by", "State"], "Visibility")
        section.body = "Signed by"
        section.rows = zip(evidence.records, evidence.lines).map { record, line in
            ReportRow(
                anchor: line.digest.anchor,
                lead: [.digest(line.digest, record.name)],
                cells: [
                    line.signers.isEmpty ? [.text("not signed")] : people.spans(line.signers),
                    [.text(line.state)],
                ],
                notes: line.visibility == .restricted
                    ? [ReportNote(nil, .text(line.visibility.rawValue))] : [])
        }
        return section
    }

    /// The accepted risks with who answers for each, and on which conditions.
    func riskSection(_ people: SignerNames) -> ReportSection? {
        let risks = riskLines
        guard !risks.isEmpty else { return nil }
        let names = findingNames
        var section = ReportSection(id: "risks", "Accepted risks")
        section.caption = "Risks in the order of the log"
        section.titles = ("Finding", ["Until"], "Conditions")
        section.body = "Conditions"
        section.statusTitle = "Status"
        section.showsStatus = true
        section.rows = risks.map { risk in
            ReportRow(
                lead: [
                    names[risk.acceptance.finding].map {
                        .id(risk.acceptance.finding, name: $0)
                    } ?? .code(printable(risk.acceptance.finding))
                ],
                status: .status(risk.status.rawValue, style: risk.styleClass),
                cells: [[.text("until \(risk.acceptance.expires)")]],
                notes: risk.details.map { ReportNote($0.name, .text($0.value)) })
        }
        return section
    }

    /// The checks of the findings that a decision rests on, by the ids of the findings.
    var findingNames: [String: String] {
        let findings = (decision?.now?.results ?? []).flatMap(\.findings)
        return Dictionary(findings.map { ($0.id, $0.check) }, uniquingKeysWith: { $1 })
    }

    /// What was verified, under which policy, at which time.
    func verifiedSection(_ names: DigestNames) -> ReportSection {
        var rows: [(String, [ReportSpan])] = [
            (
                "Verification time",
                [.text("\(asOf)" + (isAsOfGiven ? ", given with --as-of" : " (now)"))]
            ),
            ("Policy", policy.map { [.digest($0, nil)] } ?? [.text("no policy file")]),
        ]
        if let logSize { rows.append(("Log size", [.text(grouped(logSize))])) }
        if let release {
            rows.append(("Seal", [.digest(release.seal, nil)]))
            rows.append(("Sealed, as the bundle says", [.text("\(release.created)")]))
            rows.append(
                (
                    "Content",
                    [
                        .text(
                            [
                                counted(release.totals.files, "file"),
                                counted(
                                    release.totals.directories, "directory", "directories"),
                                counted(release.totals.symlinks, "symbolic link"),
                                byteCount(release.totals.bytes),
                            ].joined(separator: ", "))
                    ]
                ))
        }
        rows += notLookedAt.map { ("Not looked at", [.text($0)]) }
        var section = ReportSection(id: "verified", "What was verified")
        section.caption = "Release, time and policy"
        section.titles = ("Property", ["Value"], "")
        section.body = "Value"
        section.rows = rows.map { ReportRow(lead: [.text($0)], cells: [$1]) }
        return section
    }

    /// The names of the checks that passed and that did not apply, a row for each family.
    var familySection: ReportSection {
        var section = ReportSection(id: "checks", "Checks")
        section.caption = "Checks by family"
        section.titles = ("Family", ["Passed", "Not applicable"], "")
        section.rows = families.map { family in
            ReportRow(
                lead: [.text(family.name)],
                cells: [CheckStatus.pass, .notApplicable].map {
                    [.text(family.names($0).joined(separator: ", "))]
                })
        }
        return section
    }
}

extension CriterionResult {
    /// What would make it pass, and what would accept it, a line each.
    fileprivate var remedies: [[ReportSpan]] {
        let line: [ReportSpan] = [.text("  "), .code(id), .text("  \(remedy ?? reason)")]
        guard canBeAccepted, !isAccepted else { return [line] }
        let command = RemedyCommand.propose.with(
            ["--finding \(id)"] + evidence.map { "--evidence \($0.short)" })
        return [line, [.text("      or, with an accepted risk: \(command)")]]
    }
}

extension Explanation {
    /// The remedy as hints are written: in lower case, one sentence without a full stop.
    fileprivate var hint: String {
        let lower = remedy.prefix(1).lowercased() + remedy.dropFirst()
        return lower.contains(". ") ? lower : String(lower.dropLast())
    }
}

extension CheckStatus {
    /// The status in words, with its style.
    var span: ReportSpan { .status(words, style: rawValue) }
}

/// A status of a record, as a person reads it.
private func shown(_ status: String) -> String {
    CheckStatus(rawValue: status)?.words ?? status
}

extension RiskLine {
    /// The class of the style sheet for its status.
    fileprivate var styleClass: String {
        switch status {
        case .accepted: "accepted"
        case .proposed: CheckStatus.unknown.rawValue
        case .expired, .revoked: CheckStatus.fail.rawValue
        }
    }
}

extension SignatureLine {
    /// Who is behind it and for which role, for the line of a signer.
    var signer: String {
        (roles.isEmpty ? "" : "in the \(rolesWords) ")
            + "with key \(key ?? claimedKey ?? "unknown")"
    }

    /// The roles that it counts for, in words.
    var rolesWords: String {
        (roles.count == 1 ? "role " : "roles ")
            + roles.map { "\"\($0)\"" }.joined(separator: " and ")
    }

    /// The key, whether the signature counts and for what, what proves its time, format and
    /// algorithm.
    var account: String {
        let name =
            self.operator != nil
            ? "(\(key ?? "unknown key"))" : claimedKey.map { "claims \($0)" } ?? "unknown key"
        var parts = [counts ? "valid, counts for the \(rolesWords)" : "not counted: \(reason)"]
        if let provenTime {
            parts.append(
                "signed before \(provenTime)" + (provenBy.map { ", proven by \($0)" } ?? ""))
        }
        if let keyOwnEnd { parts.append("its owner ended its key at \(keyOwnEnd)") }
        let form = [Self.formats[format] ?? format, algorithm.map(Self.name(ofAlgorithm:))]
            .compactMap(\.self).joined(separator: ", ")
        return "\(name): \(parts.joined(separator: "; ")) [\(form)]"
    }

    /// The signature on one line: who signed, whether it counts, format and algorithm.
    package var text: String {
        let who = self.operator.map { "\($0) " } ?? ""
        return who + account + (remark.map { "; remark: \($0)" } ?? "")
    }

    /// Formats by the names that people know.
    private static let formats = [
        "dsse": "DSSE", "cms": "CMS", "ssh": "SSH", "openpgp": "OpenPGP",
        "openpgp-cleartext": "OpenPGP cleartext", "aws-kms": "AWS KMS",
        "azure-keyvault": "Azure Key Vault", "vault": "Vault", "note": "signed note",
    ]

    /// The algorithm by the name that people know, such as `ECDSA P-256 SHA-256`.
    private static func name(ofAlgorithm algorithm: String) -> String {
        algorithm.split(separator: "-").map { part in
            switch part {
            case "ed25519": "Ed25519"
            case "pkcs1": "PKCS #1"
            case "p256", "p384", "p521": "P-\(part.dropFirst())"
            case "sha256", "sha384", "sha512": "SHA-\(part.dropFirst(3))"
            default: part.uppercased()
            }
        }.joined(separator: " ").replacing("ML DSA ", with: "ML-DSA-")
    }
}
