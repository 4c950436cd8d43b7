/// What is wrong with a manifest, and where (docs/checks.md, family `manifest`).
package struct ManifestDefect: Equatable, Sendable {
    /// What is wrong.
    package enum Reason: Error, Equatable, Sendable, CustomStringConvertible {
        /// The first line is not a header; the text says why.
        case header(String)
        /// The last line does not end in LF.
        case unterminated
        /// There are more entries than a manifest may have.
        case tooManyEntries
        /// The line is not the canonical form of an entry.
        case notAnEntry
        /// The path is empty, absolute, too long, or has a component that is empty, `.` or `..`.
        case badPath
        /// The mode is not one that the header's rule gives.
        case badMode
        /// The path is that of the line before.
        case duplicate
        /// The path is below that of the line before.
        case order
        /// No entry lists the directory that holds the path.
        case noParent
        /// The link leads out of the root, or on and on, and the header does not allow it.
        case outsideLink(target: [UInt8])
        /// There is no file.
        case noFiles
    }

    /// The number of the line, the header's being 1.
    package let line: Int
    /// The path of the entry, where it is known.
    package let path: [UInt8]?
    /// What is wrong.
    package let reason: Reason
}

extension ManifestDefect.Reason {
    /// True when the lines can still be looked at as a sorted list of entries.
    var leavesEntries: Bool {
        switch self {
        case .noParent, .outsideLink, .noFiles: true
        default: false
        }
    }

    package var description: String { problem }

    /// What is wrong, in words.
    package var problem: String {
        switch self {
        case .header(let reason): "the first line is not a header: \(reason)"
        case .unterminated: "the last line does not end in a line feed"
        case .tooManyEntries: "there are more than \(Manifest.mostEntries) entries"
        case .notAnEntry: "the line is not the canonical form of an entry"
        case .badPath: "the path is not relative and plain"
        case .badMode: "the mode does not follow the header's rule"
        case .duplicate: "the path is listed twice"
        case .order: "the line is out of order"
        case .noParent: "the directory that holds it is not listed"
        case .outsideLink: "the link leads out of the root"
        case .noFiles: "no file is listed"
        }
    }
}
