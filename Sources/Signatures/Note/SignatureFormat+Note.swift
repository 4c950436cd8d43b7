import CloseoutEncodings

extension SignatureFormat {
    /// A C2SP signed note, whose text is the signed content itself.
    package static let note = SignatureFormat(
        name: "note", fileExtension: "note", mediaType: "application/vnd.closeout.signed-note",
        recognition: .byContent { (try? SignedNote(parsing: $0)) != nil },
        read: { file throws(SignatureError) in
            let note: SignedNote
            do throws(NoteError) {
                note = try SignedNote(parsing: file)
            } catch { throw .note(error) }
            return note.signatures.map { .keyed(NoteLine(text: note.text, signature: $0)) }
        })
}
