package import CloseoutBundles
package import CloseoutDecisions
import CloseoutEncodings
import CloseoutOpenSSL
package import CloseoutRecords
import CloseoutVerification

/// What a person should know of evidence that was stored: what it is and can serve, and what in it
/// speaks against the release (docs/command-line.md, "add").
package struct EvidenceRemarks {
    /// The path of the bundle.
    let bundle: [UInt8]
    let stored: [StoredEvidence]

    /// Looks at what was stored.
    package init(_ stored: [StoredEvidence], in bundle: [UInt8]) {
        self.stored = stored
        self.bundle = bundle
    }

    /// Notes what each file of a known form can serve, and the command that links them.
    ///
    /// - Parameters:
    ///   - criteria: By what releases are decided on, where it is known; else the profiles are named.
    ///   - receipt: Takes the notes.
    /// - Throws: `CriteriaError` never: the profiles are read like any criteria.
    package func tellUse(_ criteria: Criteria?, _ receipt: inout Receipt) throws {
        let all = try criteria.map { [$0] } ?? Profile.allCases.map { try $0.criteria() }
        var options: [String] = []
        for item in stored {
            guard let form = item.content.form, let kind = item.content.serves else { continue }
            let asking = all.flatMap { criteria in
                criteria.criteria.filter { $0.check.asks(for: kind) }.map {
                    "\($0.id) of \(printable(criteria.id))"
                }
            }
            receipt.note(
                "\(printable(item.path)): \(form.words), which can serve \(kind.rawValue)"
                    + (asking.isEmpty ? "" : ": \(asking.joined(separator: ", "))"))
            options.append("--\(kind.rawValue) \(shellQuoted(item.path))")
        }
        guard !options.isEmpty else { return }
        receipt.note(
            "to link it: closeout record readiness \(shellQuoted(bundle)) "
                + options.joined(separator: " "))
    }

    /// Warns of content that speaks against the release, or that does not fit what it is linked as.
    ///
    /// - Parameters:
    ///   - kinds: What each file is linked as; empty where it is not linked.
    ///   - bundle: The bundle, whose manifest is read where a bill of materials is among the files.
    ///   - receipt: Takes the warnings.
    /// - Throws: `BundleError` where the manifest cannot be hashed.
    package func warn(
        as kinds: [Readiness.Evidence?] = [], in bundle: inout BundleAppending,
        _ receipt: inout Receipt
    ) throws {
        let parts = stored.compactMap { item -> MaterialParts? in
            if case .parts(let parts) = item.content.body { parts } else { nil }
        }
        let shipped =
            parts.isEmpty
            ? nil
            : ShippedNames(among: parts, in: try bundle.manifest(), bundle.log.first(.manifest))
        for (index, item) in stored.enumerated() {
            let name = printable(item.path)
            if !kinds.isEmpty, let linked = kinds[index], EvidenceContent.kinds.contains(linked),
                let serves = item.content.serves, serves != linked, let form = item.content.form
            {
                receipt.warn(
                    "\(name) is \(form.words), and is linked as \(linked.rawValue)",
                    hint: "it can serve \(serves.rawValue): --\(serves.rawValue) FILE")
            }
            switch item.content.verdict(shipped: shipped) {
            case .good: break
            case .bad(let reason):
                receipt.warn(
                    "\(name) \(reason)",
                    hint:
                        "what is stored stays; criteria with the check evidence.content fail by it")
            case .unknown(let reason):
                // Of a file that is linked as nothing it is said only where its form shows something.
                let linked = kinds.isEmpty ? item.content.serves : kinds[index]
                guard let linked, EvidenceContent.kinds.contains(linked),
                    item.content.body != .otherForm
                else { break }
                receipt.warn(
                    "\(name) \(reason)",
                    hint:
                        "what it says of \(linked.rawValue) is unknown, and criteria with the check "
                        + "evidence.content are unknown by it")
            }
        }
    }
}

extension CriterionCheck {
    /// Whether it demands evidence of a kind.
    fileprivate func asks(for kind: Readiness.Evidence) -> Bool {
        switch self {
        case .readinessComplete(let kinds), .evidenceContent(let kinds): kinds.contains(kind)
        default: false
        }
    }
}
