package import CloseoutEncodings

/// What one kind of record says beside the header; each kind is one conforming type in `Kinds`.
package protocol RecordBody: Equatable, Sendable {
    /// The members of the record's object that the kind adds.
    var members: [JSONMember] { get }
    /// Which files the record may and must link to.
    var linkRules: [LinkRule] { get }
    /// Takes the kind's fields out of a record's object.
    ///
    /// - Throws: `JSONShapeError` that names the field.
    init(taking reader: inout JSONObjectReader) throws(JSONShapeError)
}

/// How often a record links to files of one meaning (docs/records.md, "Links").
package struct LinkRule: Equatable, Sendable {
    /// What the file is to the record.
    package let kind: String
    /// How many there may be.
    package let count: ClosedRange<Int>
    /// The kinds of record that the file may be, in any version; nil where it may be any logged file.
    package let targets: [RecordKind]?

    package init(_ kind: String, _ count: ClosedRange<Int>, to targets: [RecordKind]? = nil) {
        self.kind = kind
        self.count = count
        self.targets = targets
    }

    /// As many as a record may have.
    package static let any = 0...mostLinks
    /// At least one.
    package static let some = 1...mostLinks
    /// How many links a record may have.
    package static let mostLinks = 1024
    /// The link to what a record undoes or takes the place of.
    package static let supersedes = "supersedes"
    /// The link to the file of another system that the record was taken from: the record says what
    /// that file says, and is asserted until those sign it whom its kind needs.
    package static let source = LinkRule("source", 0...1)
}

extension RecordBody {
    /// What is wrong with the links, in words; nil where they keep the rules.
    func defect(in links: [RecordLink]) -> String? {
        if links.count > LinkRule.mostLinks { return "links has more than \(LinkRule.mostLinks)" }
        for (index, link) in links.enumerated()
        where !linkRules.contains(where: { $0.kind.utf8.elementsEqual(link.kind.utf8) }) {
            let kind = printable(link.kind)
            return "links[\(index)].kind is \(kind), which this record does not have"
        }
        for rule in linkRules {
            let count = links.count { $0.kind.utf8.elementsEqual(rule.kind.utf8) }
            guard rule.count.contains(count) else {
                let demanded =
                    rule.count.upperBound == 0
                    ? "none"
                    : count < rule.count.lowerBound
                        ? "at least \(rule.count.lowerBound)"
                        : "at most \(rule.count.upperBound)"
                return "links has \(count) of kind \(rule.kind), and must have \(demanded)"
            }
        }
        return nil
    }
}
