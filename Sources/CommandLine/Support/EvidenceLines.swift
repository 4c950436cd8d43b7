import CloseoutEncodings

/// Prints lines of a list as text or as JSON, one object a line.
func printed(_ lines: [(text: String, json: JSON)], as format: OutputFormat) -> [UInt8] {
    lines.flatMap { line in
        (format == .json ? line.json.printedBytes : Array(line.text.utf8))
            + [UInt8(ascii: "\n")]
    }
}
