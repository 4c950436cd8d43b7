import CloseoutEncodings
import CloseoutWorkflows

/// Prints lines of a list as text or as JSON, one object a line.
func printed(_ lines: [(text: String, json: JSON)], as format: OutputFormat) -> [UInt8] {
    lines.flatMap { line in
        (format == .json ? line.json.printedBytes : Array(line.text.utf8))
            + [UInt8(ascii: "\n")]
    }
}

extension BundleEvidence {
    /// Says how many files were withheld, where any were: what is not listed may be among them.
    func reportWithheld(_ what: String, _ console: Console) {
        guard withheld > 0 else { return }
        console.note("\(withheld) files were withheld from this copy; \(what) may be among them")
    }

    /// Says that no signature counts, where no policy was given by which one could.
    func reportWithoutPolicy(_ isEmpty: Bool, _ console: Console) {
        guard !hasPolicy, !isEmpty else { return }
        console.note(
            "no policy was given, so no signature counts: --trust POLICY shows which do")
    }
}
