import Encodings
package import OpenSSL
package import Records

/// What retention is judged by beside the bundle's records (docs/retention.md, "Health").
package struct RetentionSources: Equatable, Sendable {
    /// The retention classes, where there is a table of them.
    package var classes: RetentionClasses?
    /// What storage providers reported.
    package var observations: [Observations]

    /// Takes sources that were given.
    package init(classes: RetentionClasses? = nil, observations: [Observations] = []) {
        self.classes = classes
        self.observations = observations
    }

    /// The attachments that a health record rests on: its table of classes and its observations.
    package static func named(by health: StandingRecord?) -> [SHA256Digest] {
        guard let header = health?.header else { return [] }
        return header.links(Self.classesLink) + header.links(Self.observationsLink)
    }

    /// Reads the sources that a health record rests on; nil where one of them is not at hand or
    /// cannot be read.
    ///
    /// - Parameters:
    ///   - health: The record; without one there are no sources.
    ///   - attachments: The bytes of attachments, by digest.
    package init?(of health: StandingRecord?, in attachments: [SHA256Digest: [UInt8]]) {
        self.init()
        guard let header = health?.header else { return }
        for digest in header.links(Self.classesLink) {
            guard let bytes = attachments[digest],
                let classes = try? RetentionClasses(parsing: bytes)
            else { return nil }
            self.classes = classes
        }
        for digest in header.links(Self.observationsLink) {
            guard let bytes = attachments[digest],
                let found = try? Observations(parsing: bytes)
            else { return nil }
            observations.append(found)
        }
    }

    /// The link kinds of a health record.
    package static let classesLink = "classes"
    /// The link kind that names what a provider reported.
    package static let observationsLink = "observations"
}

extension EvidenceState {
    /// The newest retention health record that a decision of the log links to.
    package var latestHealth: StandingRecord? {
        decisions.last { $0.standing.counts }.flatMap(health)
    }

    /// The retention health record that a decision links to.
    package func health(of decision: StandingRecord) -> StandingRecord? {
        decision.header.links(ReleaseDecision.health).first.flatMap(record)
    }
}
