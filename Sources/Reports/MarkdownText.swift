/// Text of any origin as Markdown that shows it and does nothing else (docs/reports.md,
/// "Markdown").
enum MarkdownText {
    /// Prose: what would be markup is escaped with a backslash.
    ///
    /// Names of users and numbers of tickets become links by an `@` or `#` behind the parser's
    /// back,
    /// and formulas by a `$`, so that those are written as code or as a reference.
    static func prose(_ text: String) -> String {
        var out = ""
        var last: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            if isMention(scalar) != isMention(last) { out += "`" }
            out += isMention(scalar) ? String(scalar) : escaped(scalar, behind: last)
            last = scalar
        }
        return isMention(last) ? out + "`" : out
    }

    /// Whether a scalar is put in code; those in a row are in one span.
    private static func isMention(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "@" || scalar == "#"
    }

    private static func escaped(
        _ scalar: Unicode.Scalar, behind last: Unicode.Scalar
    ) -> String {
        switch scalar {
        case "$": "&#36;"
        case ".": last == "w" ? "\\." : "."
        case ":": isDigit(last) ? ":" : "\\:"
        case "\\", "`", "*", "_", "{", "}", "[", "]", "<", ">", "|", "~", "&": "\\\(scalar)"
        default: visible(scalar)
        }
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar >= "0" && scalar <= "9"
    }

    /// Names, paths and ids: in a span of code, which nothing within it can end.
    ///
    /// A vertical bar is escaped, as a cell of a table demands.
    static func code(_ text: String) -> String {
        var shown = ""
        var run = 0
        var longest = 0
        for scalar in text.unicodeScalars {
            shown += scalar == "|" ? "\\|" : visible(scalar)
            run = scalar == "`" ? run + 1 : 0
            longest = max(longest, run)
        }
        guard !text.isEmpty else { return "" }
        let fence = String(repeating: "`", count: longest + 1)
        let pad = longest > 0 || text.utf8.first == 0x20 || text.utf8.last == 0x20 ? " " : ""
        return fence + pad + shown + pad + fence
    }
}
