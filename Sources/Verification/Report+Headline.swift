import CloseoutBundles
import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutRecords

extension Report {
    /// The first line of every report (docs/checks.md, "First line").
    package var headline: String {
        var parts = [verdict.rawValue + nameClause + gapClause]
        if let release, verdict != .failed {
            parts.append(
                "\(counted(release.totals.files, "file")), \(byteCount(release.totals.bytes))")
        }
        parts.append(signersClause)
        if let logSize { parts.append("at log size \(logSize)") }
        parts.append("as of \(asOf)" + (isAsOfGiven ? "" : " (now)"))
        if let policy { parts.append("policy sha256:\(policy.hex)") }
        return (parts + notLookedAt + [decisionClause].compactMap(\.self)).joined(separator: " · ")
    }

    /// The first line of a report at a glance: the verdict, the release, why it is not VERIFIED,
    /// and what
    /// was not looked at.
    package var verdictLine: String {
        ([verdict.rawValue + nameClause + gapClause] + notLookedAt
            + [decisionClause].compactMap(\.self)).joined(separator: " · ")
    }

    /// What to call the signer of a line where one key was given in place of a policy, which has
    /// neither a
    /// name nor an operator; nil under a policy.
    package func givenKeyWords(_ line: SignatureLine) -> String? {
        guard policy == nil, line.key == "key", line.operator == "key",
            let fingerprint = line.fingerprint
        else { return nil }
        return "the key sha256:\(fingerprint.hex)"
    }

    /// That the decision which is recorded last was not recomputed; nil where it was, or is only
    /// asserted.
    private var decisionClause: String? {
        guard let last = decision?.recorded.last(where: { !$0.operators.isEmpty }),
            last.status == .notApplicable
        else { return nil }
        return "recorded decision \(last.outcome.rawValue) not recomputed: \(last.reason)"
    }

    /// The release's name and version, each behind a blank; empty where no seal could be read.
    package var nameClause: String {
        guard let release else { return "" }
        return " \(release.release.name) \(release.release.version)"
    }

    /// Checks whose reason says nothing without its subject, also where it is unknown.
    private static let aboutTheirSubject: Set<CheckID> = [
        .bundleDigest, .bundlePrivateKey, .artifactExcluded, .artifactUnreadable,
        .artifactUnstable, .timestampFormat, .recordWithheld, .signatureFormat, .sealFormat,
        .manifestDigest, .manifestSums, .recordLink, .decisionAsOf,
    ]

    private var gapClause: String {
        guard let gravest else { return verdict == .verified ? "" : ": a check is missing" }
        let withheld = withheldCount
        if gravest.id == .recordWithheld, withheld > 0 {
            let files = counted(withheld, "file was", "files were")
            return ": \(files) withheld from this copy\(moreClause(than: withheld, gravest))"
        }
        return ": \(subjectClause(gravest))\(gravest.reason)\(moreClause(than: 1, gravest))"
    }

    /// How many files somebody kept back, each of which is a finding of its own.
    private var withheldCount: Int {
        let list = printable(BundleLayout.withheld).utf8
        return findings.count {
            $0.id == .recordWithheld && $0.status == .unknown
                && !$0.subject.utf8.elementsEqual(list)
        }
    }

    /// How many findings are as grave as those that were named.
    private func moreClause(than reported: Int, _ gravest: Finding) -> String {
        let others = findings.count { $0.isRequired && $0.status == gravest.status } - reported
        return others > 0 ? " (and \(grouped(others)) more)" : ""
    }

    /// The subject of a finding, where the line would not say without what its reason is about.
    private func subjectClause(_ finding: Finding) -> String {
        let isSentence =
            [.decisionRecomputed, .decisionRequired].contains(finding.id)
            || finding.id == .criteriaPinned && finding.status == .unknown
        if finding.subject.hasPrefix("role ") || isSentence {
            return "\(finding.subject): "
        }
        let isChosen = finding.id == .artifactGiven && finding.subject != "artifacts"
        let isAbout =
            finding.status == .fail || isChosen || Self.aboutTheirSubject.contains(finding.id)
        return isAbout ? "\(finding.subject) " : ""
    }

    private var signersClause: String {
        let counted = signatures.filter(\.counts)
        guard !counted.isEmpty else {
            return signatures.isEmpty ? "frozen, not signed" : "no signature counts"
        }
        var names: [String] = []
        for line in counted where line.roles.contains(where: { $0 != "log" && $0 != "witness" }) {
            let name =
                givenKeyWords(line)
                ?? [line.operator, line.key.map { "(\($0))" }].compactMap(\.self)
                .joined(separator: " ")
            if !names.contains(where: { $0.utf8.elementsEqual(name.utf8) }) { names.append(name) }
        }
        guard !names.isEmpty else { return "no signature counts" }
        return "signed by \(names.joined(separator: ", "))"
    }
}

/// A count with a comma between each three digits.
package func grouped(_ count: some BinaryInteger) -> String {
    let digits = Array(String(count).utf8)
    var out: [UInt8] = []
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index).isMultiple(of: 3) { out.append(UInt8(ascii: ",")) }
        out.append(digit)
    }
    return String(decoding: out, as: UTF8.self)
}

/// A number of things in words, such as `1 record` or `2,000 records`.
///
/// - Parameters:
///   - count: How many there are.
///   - name: What one of them is called.
///   - plural: What several are called; `name` and an s where it is not given.
/// - Returns: The number with three digits in a group, and the name that fits it.
package func counted(
    _ count: some BinaryInteger, _ name: String, _ plural: String? = nil
) -> String {
    "\(grouped(count)) \(count == 1 ? name : plural ?? name + "s")"
}

/// A size in decimal units of three digits at the most: `999 B`, `1.2 kB`, `500 MB`.
package func byteCount(_ bytes: UInt64) -> String {
    let units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"]
    var scale: UInt64 = 1
    var unit = 0
    while bytes / scale >= 1000, unit + 1 < units.count {
        scale *= 1000
        unit += 1
    }
    let whole = bytes / scale
    let tenth = bytes % scale * 10 / scale
    return unit > 0 && whole < 10 ? "\(whole).\(tenth) \(units[unit])" : "\(whole) \(units[unit])"
}

/// A count with its noun, which takes an `s` for all but one.
package func counted(_ count: some BinaryInteger, _ noun: String) -> String {
    "\(grouped(count)) \(noun)\(count == 1 ? "" : "s")"
}
