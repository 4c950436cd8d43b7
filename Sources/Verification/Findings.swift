/// The findings of one verification as they are made.
struct Findings {
    private(set) var all: [Finding] = []

    mutating func add(_ finding: Finding) {
        all.append(finding)
    }

    mutating func fail(
        _ id: CheckID, _ subject: String, _ reason: String, hint: String? = nil
    ) {
        all.append(Finding(id, .fail, subject, reason, hint: hint))
    }

    mutating func unknown(
        _ id: CheckID, _ subject: String, _ reason: String, hint: String? = nil
    ) {
        all.append(Finding(id, .unknown, subject, reason, hint: hint))
    }

    mutating func notApplicable(_ id: CheckID, _ subject: String, _ reason: String) {
        all.append(Finding(id, .notApplicable, subject, reason))
    }

    /// Ends a check that was carried out: it passes where nothing was found against it.
    mutating func conclude(_ id: CheckID, _ subject: String, _ reason: String) {
        guard !all.contains(where: { $0.id == id && $0.isRequired }) else { return }
        all.append(Finding(id, .pass, subject, reason))
    }

    /// Whether something required was found wrong in a check of these.
    func holdsFailure(_ ids: CheckID...) -> Bool {
        all.contains { ids.contains($0.id) && $0.isRequired && $0.status == .fail }
    }
}
