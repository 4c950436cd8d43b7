import CloseoutEncodings

/// Writes HTML or XML; text within a tag or between two is escaped here.
///
/// Names of elements and attributes are literals of the program. A line of the result begins with a
/// tag: text never does.
struct MarkupWriter {
    /// What an element without content looks like.
    enum Dialect {
        case html, xml
    }

    typealias Attributes = KeyValuePairs<StaticString, String>

    private let dialect: Dialect
    private(set) var bytes: [UInt8]

    /// Begins a document with the line that its dialect wants.
    init(_ dialect: Dialect) {
        self.dialect = dialect
        switch dialect {
        case .html: bytes = Array("<!DOCTYPE html>\n".utf8)
        case .xml: bytes = Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".utf8)
        }
    }

    /// Begins a part of a document, which `append` puts into its place.
    init(partOf dialect: Dialect) {
        self.dialect = dialect
        bytes = []
    }

    /// Writes what another writer has written of the same document.
    mutating func append(_ part: [UInt8]) {
        bytes += part
    }

    /// An element on lines of its own, with others within.
    mutating func block<Failure: Error>(
        _ name: StaticString, _ attributes: Attributes = [:],
        _ content: (inout MarkupWriter) throws(Failure) -> Void
    ) throws(Failure) {
        open(name, attributes)
        bytes.append(Self.lineFeed)
        try content(&self)
        close(name)
        bytes.append(Self.lineFeed)
    }

    /// An element on one line.
    mutating func line(
        _ name: StaticString, _ attributes: Attributes = [:],
        _ content: (inout MarkupWriter) -> Void
    ) {
        open(name, attributes)
        content(&self)
        close(name)
        bytes.append(Self.lineFeed)
    }

    /// An element on one line that holds text.
    mutating func line(
        _ name: StaticString, _ attributes: Attributes = [:], text content: String
    ) {
        line(name, attributes) { $0.text(content) }
    }

    /// An element within a line that holds text.
    mutating func span(
        _ name: StaticString, _ attributes: Attributes = [:], text content: String
    ) {
        open(name, attributes)
        text(content)
        close(name)
    }

    /// An element that holds lines, each of which begins with words of the program.
    mutating func lines(_ name: StaticString, _ lines: [String]) {
        line(name) { page in
            for (index, content) in lines.enumerated() {
                if index > 0 { page.literal("\n") }
                page.text(content)
            }
        }
    }

    /// An element without content, on a line.
    mutating func empty(_ name: StaticString, _ attributes: Attributes) {
        open(name, attributes, end: dialect == .xml ? "/>" : ">")
        bytes.append(Self.lineFeed)
    }

    /// Text within an element.
    mutating func text(_ content: String) {
        for scalar in content.unicodeScalars { append(escaped: scalar) }
    }

    /// What the program itself brings along, and which is written as it is.
    mutating func literal(_ content: StaticString) {
        bytes += content.description.utf8
    }

    /// Begins an element within a line, which `close` ends.
    mutating func open(
        _ name: StaticString, _ attributes: Attributes, end: StaticString = ">"
    ) {
        bytes.append(UInt8(ascii: "<"))
        literal(name)
        for (key, value) in attributes {
            bytes.append(UInt8(ascii: " "))
            literal(key)
            bytes += "=\"".utf8
            text(value)
            bytes.append(UInt8(ascii: "\""))
        }
        literal(end)
    }

    /// Ends an element within a line.
    mutating func close(_ name: StaticString) {
        bytes += "</".utf8
        literal(name)
        bytes.append(UInt8(ascii: ">"))
    }

    private mutating func append(escaped scalar: Unicode.Scalar) {
        switch scalar {
        case "&": bytes += "&amp;".utf8
        case "<": bytes += "&lt;".utf8
        case ">": bytes += "&gt;".utf8
        case "\"": bytes += "&quot;".utf8
        case "'": bytes += "&#39;".utf8
        default: bytes += visible(scalar).utf8
        }
    }

    private static let lineFeed = UInt8(ascii: "\n")
}

/// A scalar as it is, or `\u{…}` where it would not be seen, break the line, or not be carried by
/// XML.
///
/// What a report says was made printable before; this holds where it was not.
func visible(_ scalar: Unicode.Scalar) -> String {
    isVisible(scalar) ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
}
