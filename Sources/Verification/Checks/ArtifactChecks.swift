import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests

/// The family `artifact`: what was shipped is what was sealed (docs/manifest.md).
extension Findings {
    /// How often the verdict on a folder of artifacts is reported file by file, before the rest is
    /// only counted.
    static let reportedDifferences = 100_000

    /// Reports every difference between a folder and the manifest.
    mutating func checkTree(_ differences: [ArtifactDifference], allowsExcluded: Bool) {
        let modes = differences.filter(\.isOfMode)
        if modes.count > 1, modes.count == differences.count {
            fail(
                .artifactMode, "artifacts",
                "all contents match, \(grouped(modes.count)) modes differ",
                hint: "chmod them, or --modes ignore for media that lose modes")
            return
        }
        for difference in differences.prefix(Self.reportedDifferences) {
            if allowsExcluded, difference.kind == .excluded { continue }
            add(Self.finding(difference))
        }
        if differences.count > Self.reportedDifferences {
            fail(.artifactDigest, "artifacts", "\(grouped(differences.count)) differences in all")
        }
    }

    /// Ends the family for a whole folder.
    mutating func concludeTree(_ manifest: Manifest, ignoringModes: Bool) {
        let totals = manifest.totals
        let subject = "\(grouped(totals.files)) files"
        conclude(.artifactMissing, "\(grouped(totals.entries)) entries", "are all there")
        conclude(.artifactUnexpected, "artifacts", "hold nothing else")
        conclude(.artifactType, "\(grouped(totals.entries)) entries", "have their types")
        // What was not read has no size and no digest that could be right.
        if holdsNothing(
            against: .artifactMissing, .artifactType, .artifactUnreadable, .artifactUnstable)
        {
            conclude(.artifactSize, subject, "have their sizes")
            if holdsNothing(against: .artifactSize) {
                conclude(.artifactDigest, subject, "have their SHA-256")
            }
        }
        conclude(.artifactLinkTarget, "\(grouped(totals.symlinks)) links", "have their targets")
        if ignoringModes || manifest.header.modes == .ignore {
            notApplicable(.artifactMode, subject, "modes are not compared")
        } else {
            conclude(.artifactMode, subject, "have their modes")
        }
        conclude(.artifactExcluded, "artifacts", "hold nothing that an exclude hides")
        conclude(.artifactUnreadable, "artifacts", "could all be read")
        conclude(.artifactUnstable, "artifacts", "did not change while they were read")
    }

    /// Compares one chosen file with its entry.
    mutating func checkChosen(
        _ chosen: VerificationRequest.ChosenFile, against entry: ManifestEntry, modes: ModeRule
    ) {
        let subject = printable(chosen.file)
        let name = Path.split(chosen.file).name ?? chosen.file
        if chosen.path == nil, name != entry.name {
            fail(
                .artifactName, subject,
                "is named otherwise than its entry \(printable(entry.path))",
                hint: "name its path in the release: --file FILE=PATH")
        } else if let path = chosen.path, path != entry.path {
            fail(
                .artifactName, subject,
                "is given as \(printable(path)), not \(printable(entry.path))")
        }
        conclude(.artifactName, subject, "has the name of its entry")
        guard entry.kind.type == .file else {
            unknown(
                .artifactGiven, subject,
                "is a \(entry.kind.type.rawValue) in the manifest, which says nothing of its contents",
                hint: "name the files themselves, or give --artifacts DIR")
            return
        }
        let differences: [ArtifactDifference]
        do {
            differences = try compareFile(entry, at: chosen.file, modes: modes)
        } catch {
            unknown(.artifactUnreadable, subject, Self.problem(error))
            return
        }
        for difference in differences { add(Self.finding(difference, at: subject)) }
        if modes != .ignore { conclude(.artifactMode, subject, "has its mode") }
        guard differences.allSatisfy(\.isOfMode) else { return }
        conclude(.artifactType, subject, "has its type")
        conclude(.artifactSize, subject, "has its size")
        conclude(.artifactDigest, subject, "has its SHA-256")
        conclude(.artifactUnreadable, subject, "could be read")
        conclude(.artifactUnstable, subject, "did not change while it was read")
    }

    static func problem(_ error: ManifestError) -> String {
        if case .file(let error) = error { return error.problem }
        return "\(error)"
    }

    private static func finding(
        _ difference: ArtifactDifference, at place: String? = nil
    ) -> Finding {
        let subject = place ?? printable(difference.path)
        if difference.kind == .excluded {
            return Finding(
                .artifactExcluded, .unknown, subject,
                "is hidden by an exclude of the manifest, so nothing is known of it",
                hint: "remove it, or accept it with --allow-excluded")
        }
        return Finding(difference.id, difference.status, subject, difference.problem)
    }
}

extension ArtifactDifference {
    /// The check that the difference is against.
    fileprivate var id: CheckID {
        switch kind {
        case .missing: .artifactMissing
        case .unexpected, .notUTF8, .pathTooLong: .artifactUnexpected
        case .type: .artifactType
        case .size: .artifactSize
        case .digest: .artifactDigest
        case .mode: .artifactMode
        case .linkTarget: .artifactLinkTarget
        case .excluded: .artifactExcluded
        case .unreadable: .artifactUnreadable
        case .changedWhileRead: .artifactUnstable
        }
    }

    /// What cannot be looked at is not known to be wrong.
    fileprivate var status: CheckStatus {
        switch kind {
        case .unreadable, .changedWhileRead: .unknown
        default: .fail
        }
    }

    /// The difference in words that follow the path.
    fileprivate var problem: String {
        switch kind {
        case .missing(let type): "is missing: the manifest has a \(type.rawValue)"
        case .unexpected(let kind): "is not in the manifest: found a \(kind.rawValue)"
        case .type(let expected, let found):
            "has another type: expected a \(expected.rawValue), found a \(found.rawValue)"
        case .size(let expected, let found):
            "has another size: expected \(grouped(expected)) bytes, found \(grouped(found))"
        case .digest(let expected, let found):
            "has another SHA-256: expected \(expected.hex), found \(found.hex)"
        case .mode(let expected, let found):
            "has another mode: expected \(octal(expected)), found \(octal(found))"
        case .linkTarget(let expected, let found):
            "has another target: expected \(printable(expected)), found \(printable(found))"
        case .excluded: "is hidden by an exclude of the manifest"
        case .unreadable(let cause): cause.problem
        case .changedWhileRead: "changed while it was read"
        case .notUTF8: "has a name that is not UTF-8, which no manifest lists"
        case .pathTooLong: "has a path longer than any that a manifest lists"
        }
    }

    /// Whether only the mode differs.
    fileprivate var isOfMode: Bool {
        if case .mode = kind { return true }
        return false
    }
}

/// A mode as four octal digits.
func octal(_ mode: UInt16) -> String {
    let digits = String(mode, radix: 8)
    return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
}
