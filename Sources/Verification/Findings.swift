/// The findings of one verification as they are made.
struct Findings {
    private(set) var all: [Finding] = []
    /// The subjects that `bundle.file-type` has reported, as bytes.
    private var irregular: Set<[UInt8]> = []

    mutating func add(_ finding: Finding) {
        if finding.id == .bundleFileType { irregular.insert(Array(finding.subject.utf8)) }
        all.append(finding)
    }

    /// Adds what was found by itself.
    mutating func add(_ others: Findings) {
        all += others.all
        irregular.formUnion(others.irregular)
    }

    mutating func fail(
        _ id: CheckID, _ subject: String, _ reason: String, hint: String? = nil
    ) {
        add(Finding(id, .fail, subject, reason, hint: hint))
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

    /// Ends a check that acts on nothing by itself: it passes where it has no finding.
    mutating func concludeUnchecked(_ id: CheckID, _ subject: String, _ reason: String) {
        guard !all.contains(where: { $0.id == id }) else { return }
        all.append(Finding(id, .pass, subject, reason, isRequired: false))
    }

    /// Whether `bundle.file-type` has reported this subject already.
    func isIrregular(_ subject: String) -> Bool {
        irregular.contains(Array(subject.utf8))
    }

    /// Whether nothing required was found against any of these checks.
    func holdsNothing(against ids: CheckID...) -> Bool {
        !all.contains { ids.contains($0.id) && $0.isRequired && $0.status.isProblem }
    }

    /// Says of the checks of a family that have reported nothing that they are not about this
    /// request.
    mutating func leaveOut(family: String, _ subject: String, _ reason: String) {
        leaveOut(CheckID.allCases.filter { $0.family == family }, subject, reason)
    }

    /// Says of those of these checks that have reported nothing that there is nothing to report.
    mutating func leaveOut(_ ids: [CheckID], _ subject: String, _ reason: String) {
        let reported = Set(all.map(\.id))
        for id in ids where !reported.contains(id) { notApplicable(id, subject, reason) }
    }

    /// Whether something required was found wrong in a check of these.
    func holdsFailure(_ ids: CheckID...) -> Bool {
        all.contains { ids.contains($0.id) && $0.isRequired && $0.status == .fail }
    }
}
