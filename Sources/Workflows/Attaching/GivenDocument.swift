package import CloseoutFiles

/// A JSON document that a person gave a command, and that is stored as an attachment.
package struct GivenDocument: Sendable {
    /// Its bytes.
    package let bytes: [UInt8]
    /// Where it came from; nil where that says no name.
    package let path: [UInt8]?

    /// States what was given.
    package init(bytes: [UInt8], path: [UInt8]?) {
        self.bytes = bytes
        self.path = path
    }

    /// Takes what was read from a path, which says no name where it is that of a pipe.
    package init(_ input: NamedInput, at path: [UInt8]) {
        self.init(bytes: input.bytes, path: input.isPipe ? nil : path)
    }
}
