import CloseoutEncodings

extension KeyFormat {
    /// The text `name+keyid+key` in which logs and witnesses publish the keys of their notes.
    package static let note = KeyFormat(
        name: "note",
        recognises: { (try? NoteVerifier(vkey: withoutLineEnd($0))) != nil },
        read: { material, entry throws(JSONShapeError) in
            do {
                return .note(
                    NoteKey(verifier: try NoteVerifier(vkey: withoutLineEnd(material))))
            } catch { throw entry.invalid("key", "\(error)") }
        }, text: endingLinesInLF)
}
