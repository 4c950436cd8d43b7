import CloseoutEncodings
package import CloseoutOpenSSL

/// The deliveries of a bundle (docs/records.md, "Deliveries and retries").
package struct DeliveryState: Equatable, Sendable {
    /// What identifies a delivery: the same id over another route is another delivery.
    package struct Key: Hashable, Sendable {
        let event: DeliveryRecord.Event
        let route: [UInt8]
        let id: [UInt8]

        init(_ delivery: DeliveryRecord) {
            event = delivery.event
            route = Array(delivery.route.utf8)
            id = Array(delivery.delivery.utf8)
        }
    }

    /// The status of a delivery; the later ones are worth more.
    package enum Status: Int, CaseIterable, Comparable, Sendable {
        /// Something is to be done about it.
        case open
        /// It was not made, for a reason.
        case suppressed
        /// It was sent, and nobody answers for its arrival.
        case unconfirmed
        /// The last attempt succeeded.
        case delivered

        package static func < (left: Status, right: Status) -> Bool {
            left.rawValue < right.rawValue
        }
    }

    /// One delivery over all its attempts and retries.
    package struct Item: Equatable, Sendable {
        /// Its records, in log order.
        package fileprivate(set) var records: [ResolvedRecord]
        /// Its status.
        package fileprivate(set) var status: Status
        /// The record on which that rests, and what that says.
        package fileprivate(set) var decisive: ResolvedRecord
        /// What the decisive record says.
        package fileprivate(set) var latest: DeliveryRecord
        /// Whether nothing but a file of another system says that it is settled.
        package fileprivate(set) var isImported: Bool
        /// Why it is open, where its last record says otherwise.
        package fileprivate(set) var flaw: String?
        /// The latest attempt of a record that left it open, and that record.
        fileprivate var failure: Failure?
        /// What its records of version 2 say, which a later one has to agree with.
        fileprivate var told: Told?

        /// What distinguishes it from others.
        package var key: Key { Key(latest) }

        /// Its state, in a few words.
        package var words: String {
            flaw.map { "\(latest.state.rawValue), and counts as open: \($0)" }
                ?? latest.state.rawValue
        }
    }

    /// An attempt that left a delivery open.
    fileprivate struct Failure: Equatable {
        let at: Instant
        let record: SHA256Digest
    }

    /// What records of version 2 say of one delivery.
    fileprivate struct Told: Equatable {
        /// One attempt, by what cannot change of it.
        struct Try: Hashable {
            let at: Instant
            let group: Int
            let outcome: DeliveryRecord.Attempt.Outcome
        }

        /// The last record that tells something.
        struct Tag: Equatable {
            let tag: RouteTag
            let record: SHA256Digest
        }

        let provider: [UInt8]
        var eventID: [UInt8]?
        /// The last tag by the id of its key.
        var tags: [[UInt8]: Tag] = [:]
        /// The last record that has an attempt.
        var attempts: [Try: SHA256Digest] = [:]

        init(_ delivery: DeliveryRecord) {
            provider = Array(delivery.provider.utf8)
        }

        /// Takes in what a record says; the first word on provider and event stays.
        mutating func add(
            _ delivery: DeliveryRecord, _ details: DeliveryRecord.Details, _ record: SHA256Digest
        ) {
            eventID = eventID ?? details.eventID.map { Array($0.utf8) }
            if let tag = details.routeTag { tags[tag.key] = Tag(tag: tag, record: record) }
            for attempt in delivery.tries { attempts[attempt] = record }
        }
    }

    /// What a record says by itself, for one that names it.
    private struct Word: Equatable {
        let key: Key
        let status: Status
        let last: DeliveryRecord.Attempt?
        let details: DeliveryRecord.Details?
    }

    /// All deliveries, in the order of their first records.
    package private(set) var items: [Item] = []

    private var places: [Key: Int] = [:]
    private var words: [SHA256Digest: Word] = [:]

    /// The deliveries that are not settled.
    package var open: [Item] { items.filter { $0.status == .open } }

    /// What a record is about; nil where it is none of a delivery.
    func key(of record: SHA256Digest) -> Key? { words[record]?.key }

    /// What a record gives its delivery by itself; nil where it is none of a delivery.
    func status(of record: SHA256Digest) -> Status? { words[record]?.status }

    /// The last attempt of which a record tells; nil where it is none of a delivery, or tells of none.
    package func lastAttempt(of record: SHA256Digest) -> DeliveryRecord.Attempt? {
        words[record]?.last
    }

    /// What version 2 says of a delivery in a record; nil where it is none of a delivery, or of version 1.
    func details(of record: SHA256Digest) -> DeliveryRecord.Details? { words[record]?.details }

    /// Takes in a record of a delivery: the next event of the state machine.
    mutating func add(_ delivery: DeliveryRecord, _ record: ResolvedRecord) {
        let key = Key(delivery)
        let flaw = flaw(of: delivery, record.header)
        let status = flaw == nil ? status(of: delivery, record.header) : .open
        let isImported = status != .open && !record.status.counts
        words[record.digest] = Word(
            key: key, status: isImported ? .open : status,
            last: delivery.attempts.reversed().max { $0.at < $1.at }, details: delivery.details)
        let place = places[key] ?? items.count
        if place == items.count {
            places[key] = place
            items.append(
                Item(
                    records: [], status: status, decisive: record, latest: delivery,
                    isImported: isImported))
        }
        items[place].records.append(record)
        if status == .open, let at = delivery.attempts.map(\.at).max(),
            items[place].failure.map({ $0.at <= at }) ?? true
        {
            items[place].failure = Failure(at: at, record: record.digest)
        }
        if let details = delivery.details {
            var told = items[place].told ?? Told(delivery)
            told.add(delivery, details, record.digest)
            items[place].told = told
        }
        guard items[place].yields(to: status, isImported: isImported) else { return }
        items[place].status = status
        items[place].decisive = record
        items[place].latest = delivery
        items[place].isImported = isImported
        items[place].flaw = delivery.state.isSettled ? flaw : nil
    }

    /// The status that a record gives its delivery, by itself.
    private func status(of delivery: DeliveryRecord, _ header: RecordHeader) -> Status {
        switch delivery.state {
        case .failed, .unknownOutcome: .open
        case .suppressed: .suppressed
        case .acceptedUnconfirmed, .sentUnconfirmed: .unconfirmed
        case .delivered: .delivered
        case .duplicate:
            header.links(LinkRule.supersedes).map { words[$0]?.status ?? .open }.min() ?? .open
        }
    }

    /// Why a record does not settle its delivery although it says so, in one sentence without a full
    /// stop; or why its attempts cannot be so.
    func flaw(of delivery: DeliveryRecord, _ header: RecordHeader) -> String? {
        let attempts = delivery.attempts
        if zip(attempts, attempts.dropFirst()).contains(where: { $0.at > $1.at }) {
            return "its attempts are not in the order of their times"
        }
        if let last = attempts.last(where: { $0.outcome == .success }), let status = last.status,
            !(200...299).contains(status), !(status == 409 && last.details?.assurance == .duplicate)
        {
            return "an attempt succeeded with the status \(status)"
        }
        guard delivery.state.isSettled else { return nil }
        if let assurance = attempts.last?.details?.assurance,
            delivery.state != .duplicate, delivery.state != assurance.state
        {
            return "its last attempt is \(assurance.rawValue)"
        }
        switch (delivery.state, attempts.last?.outcome) {
        case (.delivered, .success?), (.suppressed, _), (.duplicate, _): break
        case (.delivered, _): return "its last attempt did not succeed"
        case (_, .success?), (_, .unknownOutcome?): break
        case (_, _): return "its last attempt failed"
        }
        let named = Set(header.links(LinkRule.supersedes))
        if delivery.state == .duplicate, let flaw = flaw(ofDuplicate: delivery, named) {
            return flaw
        }
        if let flaw = contradiction(of: delivery, header, named) { return flaw }
        guard let last = attempts.last?.at,
            let failure = places[Key(delivery)].flatMap({ items[$0].failure }),
            last < failure.at, !named.contains(failure.record)
        else { return nil }
        return "its last attempt is before that of \(failure.at) which left the delivery open, "
            + "and it does not supersede the record of that, \(failure.record.hex)"
    }

    /// Why a record of version 2, or one of version 1 after it, does not agree with itself or with the records of
    /// version 2 before it.
    private func contradiction(
        of delivery: DeliveryRecord, _ header: RecordHeader, _ named: Set<SHA256Digest>
    ) -> String? {
        let told = places[Key(delivery)].flatMap { items[$0].told }
        guard let details = delivery.details else {
            // A file of another system settles nothing, whatever it says.
            return told == nil || !header.links(LinkRule.source.kind).isEmpty
                ? nil : "an earlier record of it is of version 2, and this one is of version 1"
        }
        if let last = delivery.attempts.map(\.at).max(), last > header.at {
            return "its last attempt is at \(last), and the record itself says \(header.at)"
        }
        guard let told else { return nil }
        guard delivery.provider.utf8.elementsEqual(told.provider) else {
            return "an earlier record of it has another provider"
        }
        if let earlier = told.eventID, let own = details.eventID, !own.utf8.elementsEqual(earlier) {
            return "an earlier record of it has another event_id"
        }
        if let own = details.routeTag, let earlier = told.tags[own.key], earlier.tag != own,
            !named.contains(earlier.record)
        {
            return "the route_tag is another than in the earlier record \(earlier.record.hex), "
                + "which it does not supersede"
        }
        // One that was suppressed has no attempts by its form.
        guard delivery.state != .suppressed else { return nil }
        let own = Set(delivery.tries)
        let left = told.attempts.filter { !own.contains($0.key) && !named.contains($0.value) }
        return left.min { ($0.key.at, $0.value) < ($1.key.at, $1.value) }.map {
            "it leaves out the attempt of \($0.key.at) that the earlier record \($0.value.hex) has, "
                + "which it does not supersede"
        }
    }

    /// The records of version 2 that have an attempt which a new record of their delivery leaves out, or another route
    /// tag: those that it has to supersede.
    package func contradicted(by delivery: DeliveryRecord) -> [SHA256Digest] {
        guard let details = delivery.details,
            let told = places[Key(delivery)].flatMap({ items[$0].told })
        else { return [] }
        let own = Set(delivery.tries)
        var records = Set(told.attempts.filter { !own.contains($0.key) }.values)
        if let tag = details.routeTag, let earlier = told.tags[tag.key], earlier.tag != tag {
            records.insert(earlier.record)
        }
        return records.sorted()
    }

    /// Why a duplicate does not name a delivery that the receiver has.
    private func flaw(ofDuplicate delivery: DeliveryRecord, _ named: Set<SHA256Digest>) -> String? {
        guard !named.isEmpty else {
            return "it names by supersedes no delivery that the receiver has"
        }
        let key = Key(delivery)
        for digest in named {
            guard let word = words[digest], word.key.event == key.event,
                word.key.route == key.route
            else { return "it names a record of another event or route" }
            guard word.status != .open else { return "it names a delivery that is open itself" }
        }
        return nil
    }
}

extension DeliveryState.Item {
    /// Whether a later record decides in the place of those before it.
    ///
    /// What an import says to be settled settles nothing that is on record otherwise, and what is
    /// weaker than an earlier word takes nothing from that.
    fileprivate func yields(to status: DeliveryState.Status, isImported: Bool) -> Bool {
        if isImported { return self.isImported && status > self.status }
        return self.isImported || status == .open || status > self.status
    }
}

extension DeliveryRecord {
    /// The attempts of a record of version 2.
    fileprivate var tries: [DeliveryState.Told.Try] {
        attempts.map {
            DeliveryState.Told.Try(at: $0.at, group: $0.details?.group ?? 1, outcome: $0.outcome)
        }
    }
}

extension DeliveryRecord.Attempt.Details.Assurance {
    /// The state that a delivery has whose last attempt succeeded so.
    fileprivate var state: DeliveryRecord.State {
        switch self {
        case .delivered, .duplicate: .delivered
        case .acceptedUnconfirmed: .acceptedUnconfirmed
        case .sentUnconfirmed: .sentUnconfirmed
        }
    }
}
