package import Bundles
import Encodings
import OpenSSL
package import Records
package import Verification

extension DecisionRecheck {
    /// The computed records that the decision links to are what its log gives.
    mutating func checkComputed(
        _ report: Report, _ sources: RetentionSources, _ made: Decision
    ) throws {
        let log = recheck.inspection.contents.log
        var checked = 0
        for link in record.header.links {
            guard let linked = recheck.state.record(link.digest) else { continue }
            let expected: Record.Body?
            switch linked.body {
            case .closeoutSummary(let summary):
                expected =
                    try isPrefix(summary.log)
                    ? .closeoutSummary(
                        CloseoutSummary(of: made, log, first: summary.log)) : nil
            case .retentionHealth(let health):
                expected =
                    try isPrefix(health.log)
                    ? .retentionHealth(
                        Decisions.retentionHealth(
                            report, log: health.log, classes: sources.classes,
                            observations: sources.observations)) : nil
            case .artifactBundle(let bundle):
                expected =
                    try isPrefix(bundle.log)
                    ? .artifactBundle(ArtifactBundle(log, first: bundle.log)) : nil
            default: continue
            }
            checked += 1
            if linked.body != expected {
                add(
                    .decisionComputed, .fail,
                    "the \(linked.signed.record.kind.name) that it links to is not what its log gives"
                )
            }
        }
        guard !findings.contains(where: { $0.id == .decisionComputed }) else { return }
        if checked > 0 {
            add(.decisionComputed, .pass, "\(checked) computed records are what its log gives")
        } else {
            add(.decisionComputed, .notApplicable, "it links to no computed record")
        }
    }

    private func isPrefix(_ log: LogPrefix) throws -> Bool {
        try log.size <= decision.log.size && recheck.inspection.prefix(log.size) == log
    }
}

extension CloseoutSummary {
    /// What a decision leaves open, and how many records and attachments it could rest on.
    package init(of decision: Decision, _ log: BundleLog, first part: LogPrefix) {
        let entries = log.entries.prefix(part.size)
        self.init(
            blockers: decision.results.filter(\.blocks).map(\.id),
            records: entries.count { $0.kind == .evidence },
            attachments: entries.count { $0.kind == .attachment }, log: part, asOf: decision.asOf)
    }
}

extension ArtifactBundle {
    /// The first entries of a log, with their digests.
    package init(_ log: BundleLog, first part: LogPrefix) {
        self.init(
            log: part,
            entries: log.entries.prefix(part.size).map {
                Entry(path: $0.path, digest: $0.digest)
            })
    }
}
