package import CloseoutOpenSSL
package import CloseoutRecords

/// The tables and observations on which the decisions of a log rest, each read once.
package struct RetentionFiles: Sendable {
    /// How many bytes all of them have together that are read.
    package static let most = 8 * 1024 * 1024
    /// How many of them are read.
    package static let mostFiles = 256

    private var classes: [SHA256Digest: RetentionClasses] = [:]
    private var observations: [SHA256Digest: Observations] = [:]

    /// The link kind of a health record that names its table of classes.
    package static let classesLink = "classes"
    /// The link kind that names what a provider reported.
    package static let observationsLink = "observations"

    /// The attachments that the decisions of a log rest on.
    package static func named(in state: EvidenceState?) -> Set<SHA256Digest> {
        var named: Set<SHA256Digest> = []
        var seen: Set<SHA256Digest> = []
        for decision in state?.decisions ?? [] {
            guard let health = state?.health(of: decision), seen.insert(health.digest).inserted
            else { continue }
            let header = health.header
            named.formUnion(header.links(classesLink) + header.links(observationsLink))
        }
        return named
    }

    /// Reads those of a log; what is not at hand or cannot be read is left out.
    ///
    /// - Parameters:
    ///   - state: The state that the log's records give.
    ///   - attachments: The bytes of attachments, by digest.
    package init(of state: EvidenceState?, in attachments: [SHA256Digest: [UInt8]]) {
        for digest in Self.named(in: state) {
            guard let bytes = attachments[digest] else { continue }
            classes[digest] = try? RetentionClasses(parsing: bytes)
            observations[digest] = try? Observations(parsing: bytes)
        }
    }

    /// What a health record rests on; nil where one of the files is not there.
    func sources(of health: ResolvedRecord?) -> RetentionSources? {
        let sources = readable(health)
        let named = health?.header.links ?? []
        return named.count == sources.observations.count + (sources.classes == nil ? 0 : 1)
            ? sources : nil
    }

    /// What is in force in a log: what its decisions rested on, in their order, newer observations
    /// of a provider in the place of older ones (docs/retention.md, "Observations in force").
    package func inForce(in state: EvidenceState?) -> RetentionSources {
        var sources = RetentionSources()
        guard !classes.isEmpty || !observations.isEmpty else { return sources }
        var known: [SHA256Digest: RetentionSources] = [:]
        for record in state?.decisions ?? [] {
            guard case .decision(let decision) = record.body,
                let health = state?.health(of: record)
            else { continue }
            let rested = known[health.digest] ?? readable(health)
            known[health.digest] = rested
            if record.status.counts {
                sources = sources.adding(rested, asOf: decision.asOf)
            } else {
                sources.doubt(rested.observations)
            }
        }
        return sources
    }

    private func readable(_ health: ResolvedRecord?) -> RetentionSources {
        RetentionSources(
            classes: health?.header.links(Self.classesLink).compactMap { classes[$0] }.last,
            observations: health?.header.links(Self.observationsLink)
                .compactMap { observations[$0] } ?? [])
    }
}

extension EvidenceState {
    /// The retention health record that a decision links to.
    package func health(of decision: ResolvedRecord) -> ResolvedRecord? {
        decision.header.links(ReleaseDecision.health).first.flatMap(record)
    }
}
