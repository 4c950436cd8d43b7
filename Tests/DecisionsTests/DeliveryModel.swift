import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords

/// What a log's deliveries, plans, runs and reviews come to, written down a second time and in another
/// way: by looking back from each question over all records, with no state kept.
///
/// Nothing here is imported, and every record is signed where it stands or not at all. A dry run that
/// was denied is never approved again.
struct DeliveryModel {
    let records: [SignedRecord]
    let asOf: Instant

    struct Identity: Hashable {
        let event: String
        let route: String
        let id: String
    }

    private func delivery(_ index: Int) -> DeliveryRecord? {
        if case .delivery(let body) = records[index].record.body { body } else { nil }
    }

    private func plan(_ index: Int) -> RetryPlan? {
        if case .retryPlan(let body) = records[index].record.body { body } else { nil }
    }

    private func run(_ index: Int, _ mode: RetryRun.Mode) -> RetryRun? {
        guard case .retryRun(let body) = records[index].record.body else { return nil }
        return body.mode == mode ? body : nil
    }

    private func links(_ index: Int, _ kind: String) -> [Int] {
        records[index].record.header.links(kind).compactMap { digest in
            records[..<index].firstIndex { $0.digest == digest }
        }
    }

    func identity(_ index: Int) -> Identity? {
        delivery(index).map {
            Identity(event: $0.event.rawValue, route: $0.route, id: $0.delivery)
        }
    }

    var identities: Set<Identity> { Set(records.indices.compactMap(identity)) }

    // MARK: Deliveries

    /// 0 open, 1 suppressed, 2 unconfirmed, 3 delivered.
    func worth(_ index: Int) -> Int {
        guard let body = delivery(index) else { return 0 }
        let times = body.attempts.map(\.at)
        guard times == times.sorted() else { return 0 }
        let end = body.attempts.last?.outcome
        let named = links(index, "supersedes")
        let own: Int
        if let assurance = body.attempts.last?.details?.assurance,
            [.delivered, .acceptedUnconfirmed, .sentUnconfirmed].contains(body.state)
        {
            let said = assurance == .duplicate ? "delivered" : assurance.rawValue
            guard said == body.state.rawValue else { return 0 }
        }
        switch body.state {
        case .failed, .unknownOutcome: return 0
        case .suppressed: own = 1
        case .acceptedUnconfirmed, .sentUnconfirmed:
            own = end == .success || end == .unknownOutcome ? 2 : 0
        case .delivered: own = end == .success ? 3 : 0
        case .duplicate:
            let isSame = named.allSatisfy {
                identity($0)?.event == identity(index)?.event
                    && identity($0)?.route == identity(index)?.route
            }
            own = isSame ? named.map(worth).min() ?? 0 : 0
        }
        guard own > 0, !isContradicted(index, named) else { return 0 }
        guard let last = times.last else { return own }
        let failures = records[..<index].indices.filter {
            identity($0) == identity(index) && worth($0) == 0
        }
        let latest = failures.compactMap { delivery($0)?.attempts.map(\.at).max() }.max()
        guard let latest, last < latest else { return own }
        let newest = failures.last { delivery($0)?.attempts.map(\.at).max() == latest }
        return newest.map(named.contains) == true ? own : 0
    }

    /// Whether a record does not agree with itself, or with a record of version 2 before it.
    private func isContradicted(_ index: Int, _ named: [Int]) -> Bool {
        guard let body = delivery(index) else { return false }
        let earlier = records[..<index].indices.filter {
            identity($0) == identity(index) && delivery($0)?.details != nil
        }
        guard let details = body.details else { return !earlier.isEmpty }
        if body.attempts.contains(where: { $0.at > records[index].record.header.at }) {
            return true
        }
        let told = earlier.compactMap(delivery)
        if let first = told.first, first.provider != body.provider { return true }
        if let event = details.eventID,
            let first = told.lazy.compactMap({ $0.details?.eventID }).first, first != event
        {
            return true
        }
        let tagged = earlier.last { other in
            delivery(other)?.details?.routeTag.map { $0.key == details.routeTag?.key } ?? false
        }
        if let tagged, delivery(tagged)?.details?.routeTag != details.routeTag,
            !named.contains(tagged)
        {
            return true
        }
        guard body.state != .suppressed else { return false }
        func tries(_ record: Int) -> [String] {
            delivery(record)?.attempts.map { "\($0.at) \($0.details?.group ?? 0) \($0.outcome)" }
                ?? []
        }
        return earlier.flatMap(tries).contains { attempt in
            let last = earlier.last { tries($0).contains(attempt) }
            return !tries(index).contains(attempt) && last.map { !named.contains($0) } ?? false
        }
    }

    /// What a delivery comes to: the best word since it was last open.
    func worth(of identity: Identity) -> Int {
        let own = records.indices.filter { self.identity($0) == identity }
        let settled = own.reversed().prefix { worth($0) > 0 }
        return settled.map(worth).max() ?? 0
    }

    /// The records that say of themselves that an attempt succeeded at the end, by which a delivery is
    /// delivered.
    func isWitnessed(_ index: Int) -> Bool {
        guard let body = delivery(index) else { return false }
        if body.state == .delivered { return body.attempts.last?.outcome == .success }
        return body.state == .duplicate && links(index, "supersedes").contains(where: isWitnessed)
    }

    func isWitnessed(_ identity: Identity) -> Bool {
        records.indices.contains { self.identity($0) == identity && isWitnessed($0) }
    }

    // MARK: Retries

    private func isApproved(_ dryRun: Int, before end: Int) -> Bool {
        var isApproved = false
        for index in records[..<end].indices {
            guard case .retryReview(let review) = records[index].record.body,
                links(index, "run") == [dryRun]
            else { continue }
            if review.decision == .denied { return false }
            if isSigned(index) { isApproved = true }
        }
        return isApproved
    }

    private func isSigned(_ index: Int) -> Bool { !records[index].signers.counted.isEmpty }

    private func sent(_ run: RetryRun) -> [String] {
        run.results.filter { $0.outcome != .skipped }.map(\.delivery)
    }

    private func isExact(_ dryRun: Int, _ plan: RetryPlan) -> Bool {
        guard let body = run(dryRun, .dryRun) else { return false }
        let names = body.results.map(\.delivery)
        let retried = plan.entries.filter { $0.action == .retry }.map(\.delivery)
        return Set(names).count == names.count
            && Set(names).isSubset(of: plan.entries.map(\.delivery))
            && Set(sent(body)) == Set(retried)
    }

    /// Whether a plan has the schedule that follows, computed in another way than by halves of products.
    private func isRight(_ index: Int) -> Bool {
        guard let plan = plan(index) else { return false }
        guard plan.isScheduled else { return true }
        let linked = links(index, "delivery").compactMap(delivery)
        return plan.entries.allSatisfy { entry in
            let tries = linked.filter { $0.delivery == entry.delivery }.flatMap {
                $0.attempts.reversed()
            }
            guard let last = tries.max(by: { $0.at < $1.at }), entry.lastAttempt == last.at else {
                return false
            }
            return entry.action != .retry || entry.nextAttempts == times(after: last, entry, index)
        }
    }

    private func times(
        after last: DeliveryRecord.Attempt, _ entry: RetryPlan.Entry, _ index: Int
    ) -> [Instant] {
        var time = last.at.secondsSince1970
        var times: [Int64] = []
        for (place, bound) in [30, 60, 120, 240, 480, 960, 1920, 3840, 7680, 15360].enumerated() {
            let message = Array("\(entry.delivery)\u{0}\(place + 1)".utf8)
            let key = records[index].record.header.seal.bytes
            guard let code = try? HMAC.sha256(key: key, over: message) else { return [] }
            let draw = code[..<8].reduce(UInt128(0)) { $0 * 256 + UInt128($1) }
            time += max(1, Int64(draw * UInt128(bound) / (UInt128(1) << 64)))
            if place == 0, let details = last.details, let asked = details.retryAfter,
                let ended = details.ended
            {
                time = max(time, ended.secondsSince1970 + min(asked, 86_400))
            }
            times.append(time)
        }
        let end = min(last.at.secondsSince1970 + 259_200, entry.resolveBy.secondsSince1970)
        return times.prefix { $0 <= end }.compactMap { Instant(secondsSince1970: $0) }
    }

    /// Whether a live run goes beyond what was reviewed.
    func isBeyond(_ index: Int) -> Bool {
        guard let body = run(index, .live) else { return false }
        guard let planIndex = links(index, "plan").first, let plan = plan(planIndex),
            let review = links(index, "review").first, isSigned(review),
            let dryRun = links(review, "run").first, let rehearsed = run(dryRun, .dryRun),
            links(dryRun, "plan") == [planIndex], isApproved(dryRun, before: index),
            case .retryReview(let word) = records[review].record.body, word.decision == .approved,
            isRight(planIndex), !body.isDetailed || links(index, "dry-run") == [dryRun]
        else { return true }
        let names = body.results.map(\.delivery)
        let isUsed = records[..<index].indices.contains {
            run($0, .live) != nil && links($0, "plan") == [planIndex]
        }
        let isReplaced = records[..<index].indices.contains {
            self.plan($0) != nil && links($0, "supersedes").contains(planIndex)
        }
        return isUsed || isReplaced || !isBorneOut(index, by: rehearsed) || !isExact(dryRun, plan)
            || Set(names).count != names.count
            || !Set(names).isSubset(of: plan.entries.map(\.delivery))
            || !Set(sent(body)).isSubset(of: sent(rehearsed))
    }

    /// Whether the records that a live run names show what it says, and what its dry run showed.
    private func isBorneOut(_ index: Int, by dryRun: RetryRun) -> Bool {
        guard let body = run(index, .live) else { return true }
        let named = links(index, "delivery").filter { delivery($0)?.details != nil }
        for record in named {
            guard let body = delivery(record), let details = body.details,
                let shown = dryRun.results.last(where: { $0.delivery == body.delivery })?.rehearsal
            else { continue }
            guard details.routeTag == shown.routeTag, details.commitments == shown.commitments
            else { return false }
        }
        return !body.isDetailed
            || body.results.allSatisfy { result in
                let own = named.filter { delivery($0)?.delivery == result.delivery }
                switch result.outcome {
                case .delivered: return own.contains { worth($0) > 0 }
                case .failed: return !own.isEmpty
                case .skipped, .wouldSend: return true
                }
            }
    }

    private func isPlanned(_ identity: Identity) -> Bool {
        records.indices.contains { index in
            guard let plan = plan(index), isRight(index),
                let entry = plan.entries.first(where: { $0.delivery == identity.id })
            else { return false }
            let meant = Set(links(index, "delivery").compactMap(self.identity))
                .filter { $0.id == identity.id }
            let later = records.indices.filter { $0 > index }
            let isGone = later.contains {
                self.plan($0) != nil && links($0, "supersedes").contains(index)
                    || run($0, .live) != nil && links($0, "plan") == [index]
            }
            return meant == [identity] && entry.resolveBy >= asOf && !isGone
                && later.contains {
                    links($0, "plan") == [index] && isExact($0, plan)
                        && isApproved($0, before: records.count)
                }
        }
    }

    // MARK: Criteria

    var delivered: CriterionStatus {
        let closeout = identities.filter { $0.event == "closeout" }
        return !closeout.isEmpty && closeout.allSatisfy { worth(of: $0) == 3 } ? .pass : .fail
    }

    /// Where retention has a finding that calls for an alert.
    var alerted: CriterionStatus {
        let alerts = identities.filter { $0.event == "retention-alert" }
        return !alerts.isEmpty && alerts.allSatisfy { worth(of: $0) > 0 } ? .pass : .fail
    }

    var retried: CriterionStatus {
        if records.indices.contains(where: isBeyond) { return .fail }
        let open = identities.filter { worth(of: $0) == 0 }
        return open.isEmpty ? .notApplicable : open.allSatisfy(isPlanned) ? .pass : .fail
    }
}
