import CloseoutVerification

/// What a report says of the checks of one family.
struct CheckFamily {
    /// The part that their ids share.
    let name: String
    /// The findings, in the order of the report.
    let findings: [Finding]

    /// The names of the checks that have this outcome and no worse one, each once.
    func names(_ status: CheckStatus) -> [String] {
        var names: [String] = []
        for finding in findings where finding.status == status && !names.contains(finding.id.name) {
            if status == .pass, hasProblem(finding.id) { continue }
            names.append(finding.id.name)
        }
        return names
    }

    /// Whether none of the checks applied.
    var isIdle: Bool { findings.allSatisfy { $0.status == .notApplicable } }

    private func hasProblem(_ id: CheckID) -> Bool {
        findings.contains { $0.id == id && ($0.status == .fail || $0.status == .unknown) }
    }
}

extension Report {
    /// The findings by family, in the order of the report.
    var families: [CheckFamily] {
        var names: [String] = []
        for finding in findings where !names.contains(finding.id.family) {
            names.append(finding.id.family)
        }
        return names.map { name in
            CheckFamily(name: name, findings: findings.filter { $0.id.family == name })
        }
    }
}
