/// A piece of text that entry lines contain as it is, with the quotation mark that opens the text
/// behind it.
///
/// Writer and reader share the pieces (docs/manifest.md, "Entries").
struct LinePiece {
    let bytes: [UInt8]

    private init(_ text: String) {
        bytes = Array(text.utf8)
    }

    static let modeStart = LinePiece(#"{"mode":""#)
    static let pathAfterMode = LinePiece(#"","path":""#)
    static let pathStart = LinePiece(#"{"path":""#)
    static let sha256 = LinePiece(#","sha256":""#)
    static let size = LinePiece(#"","size":"#)
    static let fileEnd = LinePiece(#","type":"file"}"#)
    static let directoryEnd = LinePiece(#","type":"directory"}"#)
    static let target = LinePiece(#","target":""#)
    static let symlinkEnd = LinePiece(#","type":"symlink"}"#)
}
