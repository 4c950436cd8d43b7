import CloseoutOpenSSL
import CloseoutRecords
import CloseoutVerification

extension CriteriaExamination {
    /// Everything of an event was delivered, and to each route that is named.
    func deliveries(_ event: DeliveryRecord.Event, _ routes: [String]) -> CheckOutcome {
        settled(event, routes, from: .delivered)
    }

    /// What retention's findings call for was delivered, or suppressed with a reason, and no alert
    /// is
    /// left open.
    func alerts(_ routes: [String]) -> CheckOutcome {
        let isReported = state.deliveries.items.contains { $0.latest.event == .retentionAlert }
        guard isReported || report.integrity == .verified else { return unverified(seal) }
        guard health.findings.isEmpty else {
            return settled(.retentionAlert, routes, from: .suppressed)
        }
        guard !items(.retentionAlert).isEmpty else {
            return .notApplicable("retention has no finding that calls for an alert")
        }
        return settled(.retentionAlert, [], from: .suppressed)
    }

    /// The deliveries of an event that are known by more than a file of another system.
    private func items(_ event: DeliveryRecord.Event) -> [DeliveryState.Item] {
        state.deliveries.items.filter { $0.latest.event == event && !$0.isImported }
    }

    /// Each delivery of an event has reached some status or a better one, and there is one on each
    /// route that is named.
    ///
    /// What is absent and what is open are failures of their own, each with its evidence, so that
    /// an
    /// acceptance of one does not lapse with the other.
    private func settled(
        _ event: DeliveryRecord.Event, _ routes: [String], from status: DeliveryState.Status
    ) -> CheckOutcome {
        let items = items(event)
        let open = items.filter { $0.status < status }
        let missing = routes.filter { route in !items.contains { $0.isOver(route) } }
        guard items.isEmpty || !missing.isEmpty || !open.isEmpty else {
            return .pass(
                items.map { "\($0.latest.route) \($0.words)" }.joined(separator: ", "),
                items.flatMap(\.evidence))
        }
        let imported = state.deliveries.items.filter {
            $0.latest.event == event && $0.isImported && $0.status >= status
        }
        let isReported = missing.allSatisfy { route in imported.contains { $0.isOver(route) } }
        if open.isEmpty, !imported.isEmpty, isReported { return imports(imported) }
        var reasons = open.map { "\($0.name) is \($0.words)" }
        if items.isEmpty {
            reasons.append("no delivery of it is recorded")
        } else if !missing.isEmpty {
            reasons.append("nothing went to \(missing.joined(separator: ", "))")
        }
        let isAbsent = items.isEmpty || !missing.isEmpty
        let parts = (isAbsent ? [seal] : []) + open.map(\.evidence)
        var outcome = CheckOutcome.fail(
            reasons.joined(separator: "; "), parts.flatMap(\.self),
            remedy: open.isEmpty
                ? deliveryRemedy : "\(deliveryRemedy); where it failed, by a retry-plan")
        outcome.parts = parts
        return outcome
    }

    private var deliveryRemedy: String {
        "deliver it: \(RemedyCommand.deliver.rawValue); or record what another system delivered: "
            + RemedyCommand.add.rawValue
    }

    /// What nothing but files of other systems say to be settled; for all that is known it is
    /// absent.
    private func imports(_ items: [DeliveryState.Item]) -> CheckOutcome {
        var outcome = CheckOutcome.unknown(
            "only a file of another system says: "
                + items.map { "\($0.latest.route) \($0.words)" }.joined(separator: ", "),
            items.flatMap(\.evidence), remedy: deliveryRemedy)
        outcome.absence = seal
        return outcome
    }

    /// Every delivery that is open has a plan, a dry run of it, and a second operator's word, and
    /// no
    /// live run went beyond that.
    func retries() -> CheckOutcome {
        let unreviewed = state.issues.filter {
            if case .notReviewed = $0.problem { true } else { false }
        }
        guard unreviewed.isEmpty else {
            let reasons = unreviewed.map(\.problem.reason)
            return .fail(
                "a live run was not reviewed before: \(reasons.joined(separator: "; "))",
                unreviewed.map(\.record),
                remedy: "make a new bundle; what was sent cannot be unsent")
        }
        let open = state.deliveries.open
        guard !open.isEmpty else { return .notApplicable("no delivery has failed for good") }
        var defects: [String] = []
        var evidence = open.flatMap(\.evidence)
        var runs: [SHA256Digest: RetryState.Run?] = [:]
        for item in open {
            switch plan(of: item, &runs) {
            case .found(let records): evidence += records
            case .none(let defect): defects.append("\(item.name) \(defect)")
            }
        }
        guard defects.isEmpty else {
            return .fail(
                defects.joined(separator: "; "), open.flatMap(\.evidence),
                remedy:
                    "plan it, rehearse the plan, and have another person review that: "
                    + "\(RemedyCommand.plan.rawValue); or record what another system did: "
                    + RemedyCommand.addSigned.rawValue)
        }
        return .pass("each failed delivery has a plan and a reviewed dry run", evidence)
    }

    private enum Planned {
        /// The plan and its reviewed dry run.
        case found([SHA256Digest])
        /// What the newest plan lacks.
        case none(String)
    }

    /// The newest plan of an open delivery that lacks nothing.
    private func plan(
        of item: DeliveryState.Item, _ runs: inout [SHA256Digest: RetryState.Run?]
    ) -> Planned {
        var defect: String?
        for retry in state.retries.plans(for: item.key) {
            guard retry.entry.resolveBy >= state.asOf else {
                defect = defect ?? "was to be resolved by \(retry.entry.resolveBy)"
                continue
            }
            let digest = retry.plan.digest
            let run = runs[digest] ?? state.retries.reviewedDryRun(of: digest)
            runs[digest] = .some(run)
            if let run { return .found([digest, run.record.digest]) }
            defect =
                defect
                ?? "has a plan of which no dry run is reviewed that sends just what it retries"
        }
        if let defect { return .none(defect) }
        if state.retries.isUsedUp(item.key) {
            return .none("has a plan that a live run has used up, and needs a new one")
        }
        return .none(
            state.retries.isPlanned(item.latest.delivery)
                ? "has a plan that is about another record" : "has no plan")
    }
}

extension DeliveryState.Item {
    /// The delivery and the route over which it goes.
    fileprivate var name: String { "\(latest.delivery) over \(latest.route)" }

    fileprivate func isOver(_ route: String) -> Bool {
        latest.route.utf8.elementsEqual(route.utf8)
    }

    /// The record on which the state of the delivery rests.
    var evidence: [SHA256Digest] { [decisive.digest] }
}
