import ArgumentParser
import CloseoutBundles
import CloseoutDecisions
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutVerification

/// A file of evidence that was stored, and what it is.
struct StoredEvidence {
    let path: [UInt8]
    let file: StoredFile
    /// What it says, where its form is known.
    let content: EvidenceContent
}

extension BundleAppending {
    /// Stores a file as an attachment, and its name and media type where it has some.
    ///
    /// - Parameters:
    ///   - path: The file; a pipe has no name that is kept.
    ///   - mediaType: What its bytes are; by default what content and name tell.
    ///   - by: Who stores it, as they say.
    ///   - context: The clock, and where warnings go.
    /// - Returns: The attachment, and what it is.
    mutating func addEvidence(
        at path: [UInt8], mediaType: String? = nil, by: String? = nil, _ context: Context
    ) throws -> StoredEvidence {
        let isNameless = (try? isPipe(path)) ?? false
        let file = try add(.attachment(at: path), at: context.now)
        let bytes = try bytes(of: file, limit: EvidenceContent.largestFile)
        let content =
            bytes.map { EvidenceContent(of: $0) } ?? .unread("is larger than what is read")
        let stored = StoredEvidence(path: path, file: file, content: content)
        let name = Path.split(path).name ?? path
        guard !isNameless || mediaType != nil else { return stored }
        let type = mediaType ?? content.mediaType ?? MediaType.attachment(named: name).name
        guard !isNameless, let description = AttachmentDescription(name: name, mediaType: type)
        else {
            context.console.warning(
                "\(printable(path)) is stored without its name: "
                    + (isNameless ? "a pipe has none" : "it is no plain file name in UTF-8"),
                hint: "`closeout show BUNDLE --evidence` lists it by its path")
            return stored
        }
        _ = try describe(file, as: description, by: by, at: context.now)
        return stored
    }
}

/// Tells what evidence that was stored is, what it serves, and what speaks against the release in it
/// (docs/command-line.md, "add").
struct EvidenceTelling {
    /// The path of the bundle.
    let bundle: [UInt8]
    /// The criteria by which releases are decided on, where they are known.
    let criteria: Criteria?

    /// Tells what each file serves, and how it is linked; of more than 16 files nothing.
    func tell(_ evidence: [StoredEvidence], _ console: Console) throws {
        var options: [String] = []
        for item in evidence {
            guard let form = item.content.form, let kind = item.content.serves else { continue }
            console.note(
                "\(printable(item.path)): \(form.words), which can serve \(kind.rawValue)"
                    + (try serving(kind)))
            options.append("--\(kind.rawValue) \(shellQuoted(item.path))")
        }
        guard !options.isEmpty else { return }
        console.note(
            "to link it: closeout record readiness \(shellQuoted(bundle)) "
                + options.joined(separator: " "))
    }

    /// Warns of content that speaks against the release, or that does not fit what it is linked as.
    ///
    /// - Parameters:
    ///   - evidence: What was stored.
    ///   - kinds: What each file is linked as; what its form serves, where that is empty.
    ///   - console: Where warnings go.
    func warn(
        _ evidence: [StoredEvidence], as kinds: [Readiness.Evidence?] = [], _ console: Console
    ) throws {
        let contents = Dictionary(
            evidence.map { ($0.file.digest, $0.content) }, uniquingKeysWith: { first, _ in first })
        let parts = contents.values.compactMap { content -> MaterialParts? in
            if case .parts(let parts) = content.body { parts } else { nil }
        }
        var shipped: ShippedNames?
        if !parts.isEmpty {
            let reader = try BundleReader(opening: bundle)
            shipped = try reader.shippedNames(
                among: parts, manifest: try reader.contents().log.first(.manifest))
        }
        for (index, item) in evidence.enumerated() {
            let linked = kinds.isEmpty ? nil : kinds[index]
            if let linked, EvidenceContents.kinds.contains(linked),
                let serves = item.content.serves,
                serves != linked, let form = item.content.form
            {
                console.warning(
                    "\(printable(item.path)) is \(form.words), and is linked as \(linked.rawValue)",
                    hint: "it can serve \(serves.rawValue): --\(serves.rawValue) FILE")
            }
            guard case .bad(let reason) = item.content.verdict(shipped: shipped) else { continue }
            console.warning(
                "\(printable(item.path)) \(reason)",
                hint: "what is stored stays; criteria with the check evidence.content fail by it")
        }
    }

    /// The criteria that ask for a kind: those of the policy, else of the profiles.
    private func serving(_ kind: Readiness.Evidence) throws -> String {
        let all =
            try criteria.map { [$0] }
            ?? Profile.allCases.map { profile in
                try profile.criteria()
            }
        let named = all.flatMap { criteria in
            criteria.criteria.filter { $0.check.asks(for: kind) }.map {
                "\($0.id) of \(printable(Array(criteria.id.utf8)))"
            }
        }
        return named.isEmpty ? "" : ": \(named.joined(separator: ", "))"
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

/// Reads a media type from the command line.
@Sendable func mediaTypeArgument(_ text: String) throws -> String {
    guard AttachmentDescription.isMediaType(Array(text.utf8)) else {
        throw ValidationError("it is no media type such as application/json")
    }
    return text
}
