/// Reads the part of XML 1.0 that reports of tests use, event by event, in one pass over its bytes.
///
/// Read are elements, attributes, text, CDATA sections, comments, processing instructions, the XML
/// declaration, the five predefined entities and character references, in UTF-8. There is no document
/// type declaration, so no entity can be defined, nothing is fetched, and nothing grows. What an XML
/// parser has to refuse is refused; names with a prefix are names like any other.
///
/// ```swift
/// var reader = try XMLReader(Array("<a b='1'>text</a>".utf8))
/// while let event = try reader.next() { print(event) }
/// ```
package struct XMLReader {
    /// How large and how deep a document may be.
    package struct Limits: Sendable {
        /// The most bytes.
        package let bytes: Int
        /// The most elements within each other.
        package let depth: Int
        /// The most attributes of one element.
        package let attributes: Int

        /// Sets limits; by default those of evidence.
        package init(bytes: Int = 64 * 1024 * 1024, depth: Int = 64, attributes: Int = 1024) {
            self.bytes = bytes
            self.depth = depth
            self.attributes = attributes
        }
    }

    let bytes: [UInt8]
    let limits: Limits
    var position = 0
    /// The names of the elements that are open.
    private var open: [[UInt8]] = []
    private var hasRoot = false
    /// The element that ends by itself, and whose end is still to be given.
    private var selfClosed: [UInt8]?

    /// Takes a document, with a byte order mark or without.
    ///
    /// - Throws: `XMLError` where it is too large or no UTF-8.
    package init(_ bytes: [UInt8], limits: Limits = Limits()) throws(XMLError) {
        guard bytes.count <= limits.bytes else {
            throw XMLError(offset: limits.bytes, reason: .tooLarge(limit: limits.bytes))
        }
        if let offset = firstInvalidUTF8(in: bytes) {
            throw XMLError(offset: offset, reason: .invalidUTF8)
        }
        self.bytes = bytes
        self.limits = limits
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        try declaration()
    }

    /// The next event; nil behind the document.
    ///
    /// - Throws: `XMLError` for the first byte that is wrong.
    package mutating func next() throws(XMLError) -> XMLEvent? {
        if let name = selfClosed {
            selfClosed = nil
            return .end(name)
        }
        while position < bytes.count {
            guard bytes[position] == UInt8(ascii: "<") else {
                let text = try text()
                if !open.isEmpty { return .text(text) }
                guard text.allSatisfy(Self.isBlank) else { throw error(.outsideRoot) }
                continue
            }
            if starts("<!--") {
                try skipComment()
            } else if starts("<![CDATA[") {
                return .text(try characterData())
            } else if starts("<!") {
                throw error(starts("<!DOCTYPE") ? .documentType : .unexpected)
            } else if starts("<?") {
                try skipInstruction()
            } else if starts("</") {
                return try endTag()
            } else {
                return try startTag()
            }
        }
        guard open.isEmpty, hasRoot else { throw error(.unexpectedEnd) }
        return nil
    }

    private mutating func startTag() throws(XMLError) -> XMLEvent {
        guard !hasRoot || !open.isEmpty else { throw error(.outsideRoot) }
        guard open.count < limits.depth else { throw error(.tooDeep(limit: limits.depth)) }
        position += 1
        let name = try name()
        let attributes = try attributes()
        hasRoot = true
        if take("/>") {
            selfClosed = name
        } else {
            guard take(">") else { throw unexpected }
            open.append(name)
        }
        return .start(name, attributes)
    }

    private mutating func attributes() throws(XMLError) -> [XMLAttribute] {
        var attributes: [XMLAttribute] = []
        var seen: Set<[UInt8]> = []
        while true {
            let hasBlank = skipBlanks()
            guard let byte = current, byte != UInt8(ascii: ">"), byte != UInt8(ascii: "/") else {
                return attributes
            }
            guard hasBlank else { throw error(.unexpected) }
            guard attributes.count < limits.attributes else {
                throw error(.tooManyAttributes(limit: limits.attributes))
            }
            let start = position
            let name = try name()
            guard seen.insert(name).inserted else {
                throw XMLError(offset: start, reason: .duplicateAttribute)
            }
            _ = skipBlanks()
            guard take("=") else { throw unexpected }
            _ = skipBlanks()
            attributes.append(XMLAttribute(name: name, value: try attributeValue()))
        }
    }

    private mutating func endTag() throws(XMLError) -> XMLEvent {
        let start = position
        position += 2
        let name = try name()
        _ = skipBlanks()
        guard take(">") else { throw unexpected }
        guard open.last == name else { throw XMLError(offset: start, reason: .wrongEnd) }
        open.removeLast()
        return .end(name)
    }

    /// The text up to the next markup.
    private mutating func text() throws(XMLError) -> [UInt8] {
        var text: [UInt8] = []
        while let byte = current, byte != UInt8(ascii: "<") {
            if byte == UInt8(ascii: "&") {
                guard !open.isEmpty else { throw error(.outsideRoot) }
                try reference(into: &text)
            } else if byte == UInt8(ascii: "]"), starts("]]>") {
                throw error(.unexpected)
            } else {
                try character(into: &text)
            }
        }
        return text
    }

    private mutating func characterData() throws(XMLError) -> [UInt8] {
        guard !open.isEmpty else { throw error(.outsideRoot) }
        position += 9
        var text: [UInt8] = []
        while current != UInt8(ascii: "]") || !take("]]>") { try character(into: &text) }
        return text
    }

    private mutating func skipComment() throws(XMLError) {
        position += 4
        var ignored: [UInt8] = []
        while current != UInt8(ascii: "-") || !starts("--") {
            try character(into: &ignored)
            ignored.removeAll(keepingCapacity: true)
        }
        guard take("-->") else { throw error(.unexpected) }
    }

    private mutating func skipInstruction() throws(XMLError) {
        let start = position
        position += 2
        let target = try name()
        guard !target.map({ $0 | 0x20 }).elementsEqual("xml".utf8) else {
            throw XMLError(offset: start, reason: .misplacedDeclaration)
        }
        guard !take("?>") else { return }
        guard skipBlanks() else { throw unexpected }
        var ignored: [UInt8] = []
        while current != UInt8(ascii: "?") || !take("?>") {
            try character(into: &ignored)
            ignored.removeAll(keepingCapacity: true)
        }
    }
}
