/// The result of reading a manifest.
package struct ManifestReading: Sendable {
    /// The manifest; nil when its lines are not a sorted list of entries.
    ///
    /// With defects it may still be looked at, so that every difference can be reported; nothing in it
    /// is to be believed.
    package let manifest: Manifest?
    /// The first 1,000 defects in the order of the lines; none when the manifest is as it must be.
    package let defects: [ManifestDefect]
    /// How many defects there are.
    package let defectCount: Int
}

/// Collects defects, and keeps the first of them.
struct DefectList: Sendable {
    private var form = Part()
    private var content = Part()

    /// Defects of one sort.
    private struct Part {
        /// How many are reported.
        static let most = 1000

        var first: [ManifestDefect] = []
        var count = 0

        mutating func append(_ defects: [ManifestDefect], of count: Int) {
            first += defects.prefix(Self.most - first.count)
            self.count += count
        }
    }

    /// True when the lines are a sorted list of entries.
    var leavesEntries: Bool { form.count == 0 }

    mutating func append(_ defect: ManifestDefect) {
        if defect.reason.leavesEntries {
            content.append([defect], of: 1)
        } else {
            form.append([defect], of: 1)
        }
    }

    /// Adds what entries say of each other, in the order of their lines, to what is there already.
    mutating func merge(_ defects: [ManifestDefect]) {
        content.first = Array(
            (content.first + defects).sorted { $0.line < $1.line }.prefix(Part.most))
        content.count += defects.count
    }

    static func += (list: inout DefectList, other: DefectList) {
        list.form.append(other.form.first, of: other.form.count)
        list.content.append(other.content.first, of: other.content.count)
    }

    /// The reading that ends with these defects; what entries say of each other counts only where
    /// all are entries.
    func reading(_ manifest: Manifest) -> ManifestReading {
        let part = leavesEntries ? content : form
        return ManifestReading(
            manifest: leavesEntries ? manifest : nil, defects: part.first, defectCount: part.count)
    }
}
