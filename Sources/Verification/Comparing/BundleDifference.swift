package import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL

/// In what two bundles differ (docs/command-line.md, "diff").
package struct BundleDifference: Sendable {
    /// The lines that only one of two bundles has.
    struct Lines: Equatable {
        let topic: ComparedBundle.Topic
        let removed: [String]
        let added: [String]
    }

    private let first: ComparedBundle
    private let second: ComparedBundle
    private let files: [ManifestDifference]
    private let lines: [Lines]

    /// Compares two bundles.
    package init(_ first: ComparedBundle, _ second: ComparedBundle) {
        self.first = first
        self.second = second
        files =
            if let old = first.manifest, let new = second.manifest {
                ManifestDifference.all(old, new)
            } else { [] }
        let modes = CarriedModes.lines(
            first.modes, second.modes, files.isEmpty ? first.manifest : nil)
        lines = ComparedBundle.Topic.allCases.compactMap { topic in
            if topic == .modes {
                guard !modes.removed.isEmpty else { return nil }
                return Lines(topic: topic, removed: modes.removed, added: modes.added)
            }
            let (old, new) = (first.lines[topic] ?? [], second.lines[topic] ?? [])
            let removed = Self.lines(of: old, without: new)
            let added = Self.lines(of: new, without: old)
            if removed.isEmpty, added.isEmpty { return nil }
            return Lines(topic: topic, removed: removed, added: added)
        }
    }

    /// Whether nothing was found in which they differ; they are the same only where all could be
    /// read
    /// too, and neither failed.
    package var isEmpty: Bool { files.isEmpty && lines.isEmpty }

    /// Whether they are the same, byte for byte and in their verdict.
    package var isSame: Bool { isEmpty && !isInDoubt && unread.isEmpty }

    /// Whether verifying either found something wrong, so that it need not hold what it says.
    package var isInDoubt: Bool {
        [first, second].contains { $0.report.verdict == .failed }
    }

    /// The files that could not be read, and so not compared.
    package var unread: [String] {
        var unread: [String] = []
        for subject in first.unread + second.unread where !unread.contains(subject) {
            unread.append(subject)
        }
        if unread.isEmpty, first.manifest == nil || second.manifest == nil {
            unread.append("manifest.jsonl")
        }
        return unread
    }

    /// The lines of one list that another has not, as often as it has more of them.
    private static func lines(of lines: [String], without others: [String]) -> [String] {
        // By their bytes: to a String, two forms of one character are the same.
        var rest: [[UInt8]: Int] = [:]
        for line in others { rest[Array(line.utf8), default: 0] += 1 }
        return lines.filter { line in
            let key = Array(line.utf8)
            guard let count = rest[key], count > 0 else { return true }
            rest[key] = count - 1
            return false
        }
    }

    /// The differences, a line each: `-` for what the first has, `+` for what the second has.
    package var text: String {
        var text = "--- \(first.report.headline)\n+++ \(second.report.headline)\n"
        for part in lines {
            text += "\n\(part.topic.rawValue):\n"
            for line in part.removed { text += "- \(line)\n" }
            for line in part.added { text += "+ \(line)\n" }
        }
        if !files.isEmpty { text += "\nfiles:\n" }
        for file in files {
            if let kind = file.first { text += "- \(Self.words(file.path, kind))\n" }
            if let kind = file.second { text += "+ \(Self.words(file.path, kind))\n" }
        }
        for subject in unread {
            text += "\nnot compared, because it could not be read: \(subject)\n"
        }
        if isInDoubt {
            text += "\na bundle that failed need not hold what it says: verify it\n"
        } else if isSame {
            text += "\nno difference\n"
        }
        return text
    }

    private static func words(_ path: [UInt8], _ kind: ManifestEntry.Kind) -> String {
        switch kind {
        case .directory: "\(printable(path))  folder"
        case .symlink(let target): "\(printable(path))  link to \(printable(target))"
        case .file(let mode, let size, let digest):
            "\(printable(path))  \(mode.map(octal) ?? "-")  \(size) bytes  \(digest.hex)"
        }
    }

    /// The differences as a value for canonical JSON.
    package var json: JSON {
        let parts = lines.map { part -> JSON in
            [
                "topic": JSON(part.topic.rawValue),
                "removed": .array(part.removed.map { JSON($0) }),
                "added": .array(part.added.map { JSON($0) }),
            ]
        }
        return [
            "first": side(first), "second": side(second), "same": .bool(isSame),
            "differences": .array(parts),
            "files": .array(
                files.map { file in
                    [
                        "path": .string(file.path), "first": Self.json(file.first),
                        "second": Self.json(file.second),
                    ]
                }),
        ]
    }

    private func side(_ bundle: ComparedBundle) -> JSON {
        let release = bundle.report.release
        return [
            "verdict": JSON(bundle.report.verdict.rawValue),
            "headline": JSON(bundle.report.headline),
            "release": release.map { JSON("\($0.release)") } ?? .null,
            "seal": release.map { JSON($0.seal.hex) } ?? .null,
            "log_size": bundle.report.logSize.map { .integer(Int64($0)) } ?? .null,
        ]
    }

    private static func json(_ kind: ManifestEntry.Kind?) -> JSON {
        switch kind {
        case nil: return .null
        case .directory: return ["type": JSON("directory")]
        case .symlink(let target):
            return ["type": JSON("symlink"), "target": .string(target)]
        case .file(let mode, let size, let digest):
            return [
                "type": JSON("file"), "mode": mode.map { JSON(octal($0)) } ?? .null,
                "size": .integer(Int64(clamping: size)), "sha256": JSON(digest.hex),
            ]
        }
    }
}
