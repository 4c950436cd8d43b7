package import CloseoutEncodings
import CloseoutOpenSSL

/// What retention is evaluated with beside the bundle's records (docs/retention.md, "Observations in
/// force").
package struct RetentionSources: Equatable, Sendable {
    /// The retention classes, where there is a table of them.
    package var classes: RetentionClasses?
    /// What storage providers reported.
    package var observations: [Observations]
    /// What they reported for decisions that do not count: it speaks against copies, and never for
    /// one.
    package private(set) var doubted: [Observations] = []

    /// Whether no provider reported a copy.
    package var isWithoutCopies: Bool { observations.isEmpty && doubted.isEmpty }

    /// Takes sources that were given.
    package init(classes: RetentionClasses? = nil, observations: [Observations] = []) {
        self.classes = classes
        self.observations = observations
    }

    /// These sources with what was given beside them: a table takes the place of the table, and an
    /// observation that of older ones of its provider.
    ///
    /// - Parameters:
    ///   - given: What was given.
    ///   - asOf: The instant at which it was.
    /// - Returns: What is in force then.
    package func adding(_ given: RetentionSources, asOf: Instant) -> RetentionSources {
        var sources = self
        sources.classes = given.classes ?? classes
        guard !given.observations.isEmpty else { return sources }
        var known = Set(observations.map(\.digest))
        let new = given.observations.filter { known.insert($0.digest).inserted }
        guard !new.isEmpty else { return sources }
        let isReplaced = { (old: Observations) in
            new.contains { $0.replaces(old, asOf: asOf) }
        }
        sources.observations.removeAll(where: isReplaced)
        sources.doubted.removeAll { old in
            isReplaced(old) || new.contains { $0.digest == old.digest }
        }
        sources.observations += new
        return sources
    }

    /// Takes in what a decision that does not count rests on.
    mutating func doubt(_ found: [Observations]) {
        guard !found.isEmpty else { return }
        var known = Set((observations + doubted).map(\.digest))
        doubted += found.filter { known.insert($0.digest).inserted }
    }
}

extension Observations {
    /// Whether this takes the place of what the same provider reported before.
    ///
    /// Nothing does that is itself of the future or passes over a copy, and anything else takes the
    /// place of what is of the future.
    fileprivate func replaces(_ old: Observations, asOf: Instant) -> Bool {
        guard provider.utf8.elementsEqual(old.provider.utf8), !isFuture(asOf),
            copiesByName.isSuperset(of: old.copiesByName)
        else { return false }
        return at > old.at || old.isFuture(asOf)
    }

    /// Which copies are reported, and of what.
    private var copiesByName: Set<[UInt8]> {
        Set(copies.map { $0.original.bytes + Array($0.name.utf8) })
    }

    /// Whether it is dated more than a wrong clock explains after an instant.
    func isFuture(_ asOf: Instant) -> Bool {
        asOf.adding(seconds: HealthExamination.tolerance).map { at > $0 } ?? false
    }
}
