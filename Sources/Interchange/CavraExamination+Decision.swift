import CloseoutEncodings

extension CavraExamination {
    mutating func examineRetries() {
        for (index, entry) in (package.plan?.entries ?? []).enumerated() {
            let place = "\(CavraSectionName.plan.rawValue) entry \(index)"
            let missing = [
                entry.owner == nil ? "owner" : nil,
                entry.resolveBy == nil ? "date by which it is to be resolved" : nil,
                package.isDelivery(entry.delivery) ? nil : "delivery in the package",
            ].compactMap(\.self)
            if !missing.isEmpty {
                add(.planIncomplete, at: place, "has no \(missing.joined(separator: ", no "))")
            }
            if let by = entry.resolveBy, asOf > by.instant {
                add(
                    .planOverdue, at: by.place,
                    "was to be resolved by \(printable(by.text)), and it is \(asOf)")
            }
        }
        guard let run = package.run else { return }
        if run.reviewer == nil { add(.reviewerAbsent, .run, "names nobody who reviewed it") }
        if run.isLive {
            add(.runLive, .run, "says that something was sent, and no approval of a dry run")
        }
    }

    mutating func examineDecision() {
        guard let decision = package.decision else { return }
        guard let risk = decision.acceptance else {
            if decision.outcome == "ready_with_accepted_risk" {
                add(.acceptanceAbsent, .decision, "says that a risk is accepted, and not which")
            }
            return
        }
        let elements: [(String, Bool)] = [
            ("owner", risk.owner != nil), ("external reference", risk.reference != nil),
            ("affected release", risk.release != nil), ("reason", risk.reason != nil),
            ("expiry", risk.expires != nil), ("compensating control", risk.control != nil),
            ("reference to evidence", !risk.evidence.isEmpty),
        ]
        for (name, isThere) in elements where !isThere {
            add(.acceptanceIncomplete, at: risk.place, "has no \(name)")
        }
        if let expires = risk.expires, asOf > expires.instant {
            add(
                .acceptanceExpired, at: expires.place,
                "expired on \(printable(expires.text)), and it is \(asOf)")
        }
    }

    /// How each time was read that left something open, and what is later than the result.
    mutating func examineTimes() {
        let times =
            [
                package.generatedAt, package.retention?.until,
                package.decision?.acceptance?.expires,
            ].compactMap(\.self) + (package.plan?.entries ?? []).compactMap(\.resolveBy)
        for time in times {
            let read = "read as \(time.instant)"
            switch time.reading {
            case .exact: continue
            case .date:
                add(
                    .timeRead, at: time.place,
                    "\(printable(time.text)) is a date and no instant: \(read), the first second of "
                        + "that day in UTC, as CAVRA reads it")
            case .withoutZone:
                add(
                    .timeRead, at: time.place,
                    "\(printable(time.text)) has no zone: \(read), in UTC")
            }
        }
        if let made = package.generatedAt, made.instant > asOf {
            add(
                .timeFuture, at: made.place,
                "the package says that it was made at \(made.instant), and it is \(asOf)")
        }
    }

    mutating func examineForm() {
        for name in CavraSectionName.allCases
        where name.isInSample && !package.sections.contains(name) {
            add(.sectionAbsent, name, "is not in the package")
        }
        for (named, places) in package.names.sorted(by: { $0.key < $1.key }) {
            guard let first = places.first,
                let other = places.first(where: { $0.value != first.value })
            else { continue }
            add(
                .nameMismatch, at: other.place,
                "names another \(named) than \(first.place): \(printable(other.value)) and "
                    + printable(first.value))
        }
        for place in package.unread {
            add(.fieldUnread, at: place, "is not known, and was not read")
        }
    }
}
