package import CloseoutEncodings

/// What shows that the release is ready (docs/records.md, "readiness").
///
/// A link to an attachment is evidence; a bare reference says only that some exists elsewhere.
package struct Readiness: RecordBody {
    /// What a piece of evidence is; the words are those of links and of bare references.
    package enum Evidence: String, CaseIterable, Sendable {
        case summary, approval
        case releaseRecord = "release-record"
        case closurePacket = "closure-packet"
        case auditorExport = "auditor-export"
        case archiveHealth = "archive-health"
        case alert, tests, sbom, provenance, scan, change, documentation
    }

    /// A reference to evidence that is not in the bundle: asserted.
    package struct Reference: Equatable, Sendable {
        /// What the evidence is.
        package let evidence: Evidence
        /// Where it is, in words that only its keeper can follow.
        package let reference: String

        package init(_ evidence: Evidence, _ reference: String) {
            self.evidence = evidence
            self.reference = reference
        }
    }

    /// What is only referred to, in the order given.
    package let references: [Reference]
    /// Why files that are linked may show something else as well; nil where each shows one thing.
    package let sharedBecause: String?

    /// States what is only referred to; what is in the bundle are the record's links.
    package init(references: [Reference], sharedBecause: String? = nil) {
        self.references = references
        self.sharedBecause = sharedBecause
    }

    /// Which files the record may and must link to.
    package var linkRules: [LinkRule] {
        Evidence.allCases.map { LinkRule($0.rawValue, LinkRule.any) } + [.source]
    }

    /// The fields as members of the record's object.
    package var members: [JSONMember] {
        let list = references.map { item -> JSON in
            ["kind": JSON(item.evidence.rawValue), "reference": JSON(item.reference)]
        }
        return present([
            ("references", references.isEmpty ? nil : .array(list)),
            ("shared_because", sharedBecause.map { JSON($0) }),
        ])
    }

    /// Takes the fields of the first version out of a record's object.
    ///
    /// - Throws: `JSONShapeError` that names the field.
    package init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        self.init(references: try Self.references(&reader))
    }

    /// Takes the fields of the second version, which says why files are shared.
    ///
    /// - Throws: `JSONShapeError` that names the field.
    package init(takingShared reader: inout JSONObjectReader) throws(JSONShapeError) {
        let reason = try reader.text("shared_because")
        guard reason.utf8.contains(where: { $0 > UInt8(ascii: " ") }) else {
            throw reader.invalid("shared_because", "must hold a reason")
        }
        self.init(references: try Self.references(&reader), sharedBecause: reason)
    }

    private static func references(
        _ reader: inout JSONObjectReader
    ) throws(JSONShapeError) -> [Reference] {
        var references: [Reference] = []
        if let list = reader.optional("references") {
            for item in try list.array() {
                var reader = try item.object()
                references.append(
                    Reference(try reader.choice("kind"), try reader.text("reference")))
                try reader.finish()
            }
            guard !references.isEmpty else { throw list.invalid("empty") }
        }
        return references
    }
}
