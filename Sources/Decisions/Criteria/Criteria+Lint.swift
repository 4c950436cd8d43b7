import CloseoutRecords

extension Criteria {
    /// What is likely not meant, in sentences (docs/criteria.md, "Lint").
    package func lint() -> [String] {
        var warnings: [String] = []
        if !criteria.contains(where: { $0.check == .artifactsVerified }) {
            warnings.append("no criterion demands VERIFIED artifacts")
        }
        for criterion in criteria where criterion.isWaivable {
            if acceptance.days[criterion.severity] == nil {
                warnings.append(
                    "\(criterion.id) can be accepted for any time: acceptance.max_days has no "
                        + criterion.severity.rawValue)
            }
            if criterion.severity == .critical {
                warnings.append("\(criterion.id) is critical, and can be accepted")
            }
        }
        if acceptance.most == nil, criteria.contains(where: \.isWaivable) {
            warnings.append("any number of acceptances can be used: acceptance has no max_active")
        }
        for (index, criterion) in criteria.enumerated()
        where criteria[..<index].contains(where: { $0.check == criterion.check }) {
            warnings.append("\(criterion.id) checks what an earlier criterion checks")
        }
        return warnings
    }
}
