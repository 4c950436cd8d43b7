package import OpenSSL

/// What shows that the release is ready (docs/records.md, "State").
package struct ReadinessState: Equatable, Sendable {
    /// The digests of logged files, by what they show, in log order.
    package private(set) var evidence: [Readiness.Evidence: [SHA256Digest]] = [:]
    /// What is only referred to, by what it would show.
    package private(set) var asserted: [Readiness.Evidence: [String]] = [:]
    /// What only a file of another system refers to.
    package private(set) var imported: Set<Readiness.Evidence> = []
    /// The digests of the readiness records, in log order.
    package private(set) var records: [SHA256Digest] = []

    mutating func add(_ readiness: Readiness, _ record: StandingRecord) {
        records.append(record.digest)
        if !record.standing.counts { imported.formUnion(readiness.references.map(\.evidence)) }
        for kind in Readiness.Evidence.allCases {
            let linked = record.header.links(kind.rawValue)
            if !linked.isEmpty { evidence[kind, default: []] += linked }
        }
        for item in readiness.references where record.standing.counts {
            asserted[item.evidence, default: []].append(item.reference)
        }
    }
}
