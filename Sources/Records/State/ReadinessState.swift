package import CloseoutOpenSSL

/// What shows that the release is ready (docs/records.md, "State").
package struct ReadinessState: Equatable, Sendable {
    /// The digests of attachments that are not empty, by what they show, in log order.
    package private(set) var evidence: [Readiness.Evidence: [SHA256Digest]] = [:]
    /// What is shown by a file that shows something else as well, for a reason that its record gives.
    package private(set) var shared: Set<Readiness.Evidence> = []
    /// What only a link to something else than that refers to: a file of another kind, an empty one.
    package private(set) var misled: Set<Readiness.Evidence> = []
    /// What is only referred to, by what it would show.
    package private(set) var asserted: [Readiness.Evidence: [String]] = [:]
    /// What only a file of another system links or refers to.
    package private(set) var imported: Set<Readiness.Evidence> = []
    /// The digests of the readiness records, in log order.
    package private(set) var records: [SHA256Digest] = []

    mutating func add(
        _ readiness: Readiness, _ record: ResolvedRecord, _ attachments: Set<SHA256Digest>
    ) {
        records.append(record.digest)
        guard record.status.counts else {
            imported.formUnion(readiness.references.map(\.evidence))
            imported.formUnion(
                Readiness.Evidence.allCases.filter { !record.header.links($0.rawValue).isEmpty })
            return
        }
        for kind in Readiness.Evidence.allCases {
            let linked = record.header.links(kind.rawValue)
            let shown = linked.filter(attachments.contains)
            if !shown.isEmpty { evidence[kind, default: []] += shown }
            if !shown.isEmpty, readiness.sharedBecause != nil { shared.insert(kind) }
            if shown.count < linked.count { misled.insert(kind) }
        }
        for item in readiness.references {
            asserted[item.evidence, default: []].append(item.reference)
        }
    }

    /// What else a file shows already than one thing.
    package func others(shownBy file: SHA256Digest, than kind: Readiness.Evidence)
        -> [Readiness.Evidence]
    {
        Readiness.Evidence.allCases.filter { $0 != kind && evidence[$0]?.contains(file) == true }
    }

    /// Gives kinds of evidence files of their own, in the order given, so that each that comes first
    /// goes short last: which kinds have one.
    ///
    /// A kind that is shared needs none. More files never leave more kinds without one.
    package func served(_ kinds: [Readiness.Evidence]) -> Set<Readiness.Evidence> {
        var owners: [SHA256Digest: Readiness.Evidence] = [:]
        /// Finds a file for a kind; whoever has it finds another.
        func serve(_ kind: Readiness.Evidence, _ seen: inout Set<SHA256Digest>) -> Bool {
            for file in evidence[kind] ?? [] where seen.insert(file).inserted {
                guard let owner = owners[file] else {
                    owners[file] = kind
                    return true
                }
                guard serve(owner, &seen) else { continue }
                owners[file] = kind
                return true
            }
            return false
        }
        var served = shared
        for kind in kinds where !served.contains(kind) {
            var seen: Set<SHA256Digest> = []
            if serve(kind, &seen) { served.insert(kind) }
        }
        return served
    }
}
