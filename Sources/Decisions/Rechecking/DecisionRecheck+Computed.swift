package import CloseoutBundles
package import CloseoutEncodings
import CloseoutOpenSSL
package import CloseoutRecords
import CloseoutVerification

extension DecisionRecheck {
    /// Whether the computed records that the decision links to are what its log gives.
    func computed(
        _ report: Report, _ sources: RetentionSources
    ) throws -> Finding {
        var checked = 0
        for link in record.header.links {
            guard let linked = recheck.state.record(link.digest), linked.isComputed else {
                continue
            }
            checked += 1
            if try linked.body != expected(linked.body, report, sources) {
                let kind = linked.signed.record.kind.name
                return finding(
                    .decisionComputed, .fail, "its log gives another \(kind) than it links to")
            }
        }
        return checked > 0
            ? finding(
                .decisionComputed, .pass,
                counted(checked, "computed record is", "computed records are")
                    + " what its log gives")
            : finding(.decisionComputed, .notApplicable, "it links to no computed record")
    }

    /// What a computed record would say; nil where it is about another log.
    private func expected(
        _ body: Record.Body, _ report: Report, _ sources: RetentionSources
    ) throws -> Record.Body? {
        let log = recheck.inspection.contents.log
        switch body {
        case .closeoutSummary(let summary):
            guard try isPrefix(summary.log) else { return nil }
            return .closeoutSummary(
                CloseoutSummary(
                    of: decision.results, asOf: decision.asOf, log, first: summary.log))
        case .retentionHealth(let health):
            guard try isPrefix(health.log) else { return nil }
            return .retentionHealth(
                CloseoutDecisions.retentionHealth(report, log: health.log, by: sources))
        case .artifactBundle(let bundle):
            guard try isPrefix(bundle.log) else { return nil }
            return .artifactBundle(ArtifactBundle(log, first: bundle.log))
        default: return nil
        }
    }

    private func isPrefix(_ log: LogPrefix) throws -> Bool {
        try log.size <= decision.log.size && recheck.inspection.prefix(log.size) == log
    }
}

extension CloseoutSummary {
    /// What the results of a decision leave open, and how many records and attachments it could
    /// rest on.
    package init(
        of results: [ReleaseDecision.Criterion], asOf: Instant, _ log: BundleLog,
        first part: LogPrefix
    ) {
        let entries = log.entries.prefix(part.size)
        self.init(
            blockers: results.filter(\.blocks).map(\.id),
            records: entries.count { $0.kind == .evidence },
            attachments: entries.count { $0.kind == .attachment }, log: part, asOf: asOf)
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

extension ResolvedRecord {
    /// Whether `close` computes records of this kind.
    fileprivate var isComputed: Bool { signed.record.kind.isComputed }
}
