import CloseoutEncodings

/// What a file of evidence says by itself: read from its bytes, and asserted like all evidence
/// (docs/criteria.md, "Content of evidence").
///
/// ```swift
/// let content = EvidenceContent(of: bytes)
/// print(content.form?.words ?? "no form that is known", content.verdict(shipping: parts))
/// ```
package struct EvidenceContent: Equatable, Sendable {
    /// The forms that are recognised.
    package enum Form: String, CaseIterable, Sendable {
        /// A report of tests.
        case junit
        /// A bill of materials of CycloneDX, in JSON.
        case cycloneDX = "cyclonedx"
        /// A bill of materials of SPDX 2, in JSON.
        case spdx
        /// Results of a static analysis or a scan.
        case sarif
        /// An in-toto statement.
        case statement = "in-toto"
        /// An in-toto statement in a DSSE envelope.
        case envelope = "dsse"
    }

    /// What is read of a file of such a form.
    package enum Body: Equatable, Sendable {
        case tests(TestTotals)
        case results(AnalysisTotals)
        case parts(MaterialParts)
        /// A statement; the text is its predicate's type.
        case statement([UInt8])
        /// It is of no form that is read.
        case otherForm
        /// It cannot be read: why, behind "it".
        case unreadable(String)
    }

    /// The kinds of evidence of which files are read.
    package static let kinds: [Readiness.Evidence] = [.tests, .sbom, .scan]
    /// The most bytes of a file that is read.
    package static let largestFile = 64 << 20
    /// The most bytes of all files that are read of one bundle.
    package static let most = 128 << 20

    /// The form; nil where it is none that is recognised.
    package let form: Form?
    /// What it says.
    package let body: Body

    /// States what a file says.
    init(form: Form?, body: Body) {
        self.form = form
        self.body = body
    }

    /// Says of a file that is not at hand why.
    package static func unread(_ reason: String) -> EvidenceContent {
        EvidenceContent(form: nil, body: .unreadable(reason))
    }

    /// Reads a file; one of another form, or a damaged one, is unreadable.
    package init(of bytes: [UInt8]) {
        guard bytes.count <= Self.largestFile else {
            self = .unread("is larger than \(Self.largestFile) bytes")
            return
        }
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        let first = text.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        switch first {
        case UInt8(ascii: "<"): self = TestReportReader.read(bytes)
        case UInt8(ascii: "{"): self = JSONEvidenceReader.read(bytes)
        default: self.init(form: nil, body: .otherForm)
        }
    }

    /// What the file shows as evidence of readiness; nil where its form does not show that.
    package var serves: Readiness.Evidence? {
        switch form {
        case .junit: .tests
        case .cycloneDX, .spdx: .sbom
        case .sarif: .scan
        case .statement, .envelope: statementServes
        case nil: nil
        }
    }

    /// A statement shows what its predicate is; what is built by whom, where that is not known.
    private var statementServes: Readiness.Evidence {
        guard case .statement(let type) = body else { return .provenance }
        func begins(_ text: String) -> Bool { type.starts(with: text.utf8) }
        if begins("https://cyclonedx.org/bom") || begins("https://spdx.dev/Document") {
            return .sbom
        }
        if begins("https://in-toto.io/attestation/test-result") { return .tests }
        if begins("https://in-toto.io/attestation/vulns") { return .scan }
        return .provenance
    }

    /// The media type of the form; nil for none.
    package var mediaType: String? {
        switch form {
        case .junit: "application/xml"
        case .cycloneDX: "application/vnd.cyclonedx+json"
        case .spdx: "application/spdx+json"
        case .sarif: "application/sarif+json"
        case .statement: "application/vnd.in-toto+json"
        case .envelope: "application/vnd.dsse.envelope.v1+json"
        case nil: nil
        }
    }
}

extension EvidenceContent.Form {
    /// Its name, as people write it.
    package var words: String {
        switch self {
        case .junit: "JUnit XML"
        case .cycloneDX: "CycloneDX JSON"
        case .spdx: "SPDX JSON"
        case .sarif: "SARIF"
        case .statement: "an in-toto statement"
        case .envelope: "an in-toto statement in a DSSE envelope"
        }
    }
}
