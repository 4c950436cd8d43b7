import CloseoutEncodings

/// A report as `--format json` prints it.
struct ReportReading {
    /// The whole document.
    let json: JSON
    /// VERIFIED, FAILED or INCOMPLETE.
    let verdict: String
    /// The first line of the text form.
    let headline: String
    private let findings: [(status: String, line: Line)]

    /// A finding's check and what it is about.
    struct Line: Equatable {
        let id: String
        let subject: String
    }

    /// Reads the document, which must be one canonical line.
    init(parsing bytes: [UInt8]) throws {
        json = try JSON(parsingCanonical: Array(bytes.dropLast()))
        verdict = json["verdict"]?.text ?? ""
        headline = json["headline"]?.text ?? ""
        findings = (json["checks"]?.elements ?? []).map { check in
            (
                check["status"]?.text ?? "",
                Line(id: check["id"]?.text ?? "", subject: check["subject"]?.text ?? "")
            )
        }
    }

    /// The findings of one status.
    func findings(_ status: String) -> [Line] {
        findings.filter { $0.status == status }.map(\.line)
    }

    /// The checks with a finding of one status.
    func checks(_ status: String) -> Set<String> {
        Set(findings(status).map(\.id))
    }
}

extension JSON {
    /// The text of a string.
    var text: String? {
        guard case .string(let bytes) = self else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The elements of an array.
    var elements: [JSON]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }
}
