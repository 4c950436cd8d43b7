internal import CloseoutEncodings

/// The first line of a manifest: by what rules it was made (docs/manifest.md, "Header").
package struct ManifestHeader: Equatable, Sendable {
    /// What of a file's mode the entries hold.
    package let modes: ModeRule
    /// The patterns that kept paths out, ascending by their bytes.
    package let excludes: [Glob]
    /// Whether links may lead out of the root.
    package let outsideLinks: Bool

    /// The value of `kind`.
    package static let kind = "closeout/manifest/v1"
    /// The most patterns.
    package static let mostExcludes = 256

    /// Sets the rules; the patterns are sorted, and equal ones kept once.
    package init(modes: ModeRule, excludes: [Glob], outsideLinks: Bool) {
        self.modes = modes
        let sorted = excludes.sorted { $0.pattern.lexicographicallyPrecedes($1.pattern) }
        self.excludes = zip(sorted.indices, sorted)
            .filter { $0 == 0 || sorted[$0 - 1].pattern != $1.pattern }.map(\.1)
        self.outsideLinks = outsideLinks
    }

    /// Reads a header line without its LF.
    ///
    /// - Throws: `ManifestDefect.Reason` that says why it is none: not canonical JSON, another
    ///   kind, a pattern that is none or out of order.
    package init(parsing line: [UInt8]) throws(ManifestDefect.Reason) {
        do {
            var reader = try JSONObjectReader(JSON(parsingCanonical: line))
            try reader.required("kind").demand(Self.kind)
            try reader.required("algorithm").demand("sha256")
            let modes = try reader.required("modes")
            guard let rule = ModeRule(rawValue: try modes.string()) else {
                throw modes.invalid("neither executable, exact nor ignore")
            }
            self.modes = rule
            outsideLinks = try reader.required("outside_links").bool()
            excludes = try Self.globs(reader.required("excludes"))
            try reader.finish()
        } catch {
            throw .header("\(error)")
        }
    }

    /// The line without its LF, in canonical JSON.
    package var line: [UInt8] {
        let header: JSON = [
            "algorithm": "sha256",
            "excludes": .array(excludes.map { .string($0.pattern) }),
            "kind": JSON(Self.kind),
            "modes": JSON(modes.rawValue),
            "outside_links": .bool(outsideLinks),
        ]
        return header.canonicalBytes
    }

    private static func globs(_ item: JSONItem) throws(JSONShapeError) -> [Glob] {
        let items = try item.array()
        guard items.count <= mostExcludes else {
            throw item.invalid("more than \(mostExcludes) patterns")
        }
        var globs: [Glob] = []
        for item in items {
            let pattern = try item.bytes()
            let glob: Glob
            do { glob = try Glob(pattern) } catch { throw item.invalid(error.rawValue) }
            if let last = globs.last, !last.pattern.lexicographicallyPrecedes(pattern) {
                throw item.invalid("not above the pattern before it")
            }
            globs.append(glob)
        }
        return globs
    }
}

extension JSONItem {
    /// Demands that the value be exactly this string.
    func demand(_ text: String) throws(JSONShapeError) {
        guard try bytes().isEqual(to: text) else { throw invalid("not \(text)") }
    }
}
