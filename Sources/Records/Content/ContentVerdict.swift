package import CloseoutOpenSSL

/// What the content of a piece of evidence means for a release.
package enum ContentVerdict: Equatable, Sendable {
    /// It says nothing against the release; the text says what.
    case good(String)
    /// It speaks against the release; the text says how.
    case bad(String)
    /// It is unknown; the text says why.
    case unknown(String)

    /// What it says, behind the name of the file.
    package var reason: String {
        switch self {
        case .good(let reason), .bad(let reason), .unknown(let reason): reason
        }
    }

    /// Whether it speaks against the release.
    package var isBad: Bool { if case .bad = self { true } else { false } }
}

/// What a bill of materials names of the shipped files.
package struct ShippedNames: Equatable, Sendable {
    /// The SHA-256 of shipped files.
    package var digests: Set<SHA256Digest> = []
    /// Their names, without folders.
    package var names: Set<[UInt8]> = []

    /// Begins with none.
    package init() {}
}

extension EvidenceContent {
    /// What the content means.
    ///
    /// - Parameter shipped: Those of the shipped files that any bill of materials names; nil where the
    ///   manifest was not read.
    /// - Returns: Whether it speaks against the release.
    package func verdict(shipped: ShippedNames?) -> ContentVerdict {
        switch body {
        case .otherForm: .unknown("is neither XML nor a JSON object")
        case .unreadable(let reason): .unknown(reason)
        case .statement: .unknown("is a statement, whose predicate is not evaluated")
        case .tests(let totals): totals.verdict
        case .results(let totals): totals.verdict
        case .parts(let parts): parts.verdict(shipped)
        }
    }
}

/// How many tests a report has.
package struct TestTotals: Equatable, Sendable {
    /// The test cases.
    package var cases = 0
    /// Those that were skipped.
    package var skipped = 0
    /// Failures and errors: those that are listed, or those that a suite counts, where these are more.
    package var failed = 0

    var verdict: ContentVerdict {
        let ran = cases - skipped
        if failed > 0 {
            return .bad("reports \(counted(failed, "failure")) in \(counted(cases, "test"))")
        }
        guard ran > 0 else { return .unknown("reports no test that ran") }
        return .good(
            "reports \(counted(ran, "test")) that passed"
                + (skipped > 0 ? ", and \(skipped) skipped" : ""))
    }
}

/// How many results an analysis has.
package struct AnalysisTotals: Equatable, Sendable {
    /// The results of any level.
    package var results = 0
    /// Those of the level `error`.
    package var errors = 0
    /// Why the file does not say everything; nil where it does.
    package var gap: String?

    var verdict: ContentVerdict {
        if errors > 0 {
            return .bad("has \(counted(errors, "result")) of the level error, of \(results)")
        }
        if let gap { return .unknown(gap) }
        return .good("has no result of the level error, of \(results)")
    }
}

/// What a bill of materials lists.
package struct MaterialParts: Equatable, Sendable {
    /// How many parts it lists.
    package var count = 0
    /// The SHA-256 that it gives of parts.
    package var digests: Set<SHA256Digest> = []
    /// The names, without folders, of the parts of which it gives none.
    package var names: Set<[UInt8]> = []

    func verdict(_ shipped: ShippedNames?) -> ContentVerdict {
        guard count > 0 else { return .bad("lists no part") }
        guard let shipped else {
            return .unknown("cannot be compared with the manifest, which was not read")
        }
        let found = digests.intersection(shipped.digests).count
        let named = names.intersection(shipped.names).count
        guard found + named > 0 else {
            return .bad("names none of the shipped files, in \(counted(count, "part"))")
        }
        return .good(
            found > 0
                ? "names \(found) of the shipped files by SHA-256"
                : "names \(named) of the shipped files by name")
    }
}

/// A number of things in words, where more than one have an s.
private func counted(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
}
