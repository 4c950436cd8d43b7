/// One attribute of an element.
package struct XMLAttribute: Equatable, Sendable {
    /// Its name, with its prefix, as UTF-8.
    package let name: [UInt8]
    /// Its value, with references replaced, as UTF-8.
    package let value: [UInt8]
}

/// One piece of a document.
package enum XMLEvent: Equatable, Sendable {
    /// An element begins: its name, and its attributes in the order of the document.
    case start([UInt8], [XMLAttribute])
    /// The element of this name ends.
    case end([UInt8])
    /// Text within an element; one run of text can come in several pieces.
    case text([UInt8])
}

/// Why bytes are not a document that is read, and where.
package struct XMLError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The index of the first byte that is wrong; the count of bytes where the document ends early.
    package let offset: Int
    /// What is wrong there.
    package let reason: Reason

    package init(offset: Int, reason: Reason) {
        self.offset = offset
        self.reason = reason
    }

    /// What can be wrong with a document.
    package enum Reason: Equatable, Sendable {
        /// The document has more bytes than the limit.
        case tooLarge(limit: Int)
        /// Elements are nested deeper than the limit.
        case tooDeep(limit: Int)
        /// An element has more attributes than the limit.
        case tooManyAttributes(limit: Int)
        /// The bytes are not UTF-8.
        case invalidUTF8
        /// The declaration names another encoding than UTF-8.
        case encoding
        /// The declaration is not of its form.
        case declaration
        /// A declaration that is not at the beginning.
        case misplacedDeclaration
        /// There is a document type declaration, which could define entities.
        case documentType
        /// An entity that is none of the five.
        case unknownEntity
        /// A character that no document may hold.
        case forbiddenCharacter
        /// An element has an attribute twice.
        case duplicateAttribute
        /// The end of another element than the one that is open.
        case wrongEnd
        /// Text, or a second element, outside the one element of the document.
        case outsideRoot
        /// A byte that is not allowed here.
        case unexpected
        /// The document ends in the middle of something.
        case unexpectedEnd
    }

    /// The cause and its place.
    package var description: String { "\(reason) at byte \(offset)" }
}

extension XMLError.Reason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooLarge(let limit): "XML document larger than \(limit) bytes"
        case .tooDeep(let limit): "more than \(limit) elements within each other"
        case .tooManyAttributes(let limit): "more than \(limit) attributes of one element"
        case .invalidUTF8: "bytes that are no UTF-8"
        case .encoding: "another encoding than UTF-8"
        case .declaration: "an XML declaration that is not of its form"
        case .misplacedDeclaration: "an XML declaration that is not the first thing of the document"
        case .documentType: "a document type declaration, which is not read"
        case .unknownEntity: "an entity that is not defined"
        case .forbiddenCharacter: "a character that XML forbids"
        case .duplicateAttribute: "an attribute that the element has already"
        case .wrongEnd: "the end of an element that is not open"
        case .outsideRoot: "something outside the one element of the document"
        case .unexpected: "something that is not allowed there"
        case .unexpectedEnd: "the end of the document too early"
        }
    }
}
