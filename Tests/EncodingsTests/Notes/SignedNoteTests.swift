import CloseoutEncodings
import Testing

@Suite struct SignedNoteTests {
    static let published = [
        NoteVectors.goNote, NoteVectors.c2spNote, NoteVectors.c2spCosigned, NoteVectors.pixelNote,
        NoteVectors.sigsumNote,
    ]

    @Test("reads published notes and writes the same bytes", arguments: published)
    func roundTrip(note: String) throws {
        let bytes = Array(note.utf8)
        let signed = try SignedNote(parsing: bytes)
        #expect(signed.encoded == bytes)
        #expect(try SignedNote(text: signed.text, signatures: signed.signatures) == signed)
    }

    @Test("takes apart the examples of C2SP")
    func parts() throws {
        let note = try SignedNote(parsing: Array(NoteVectors.c2spNote.utf8))
        #expect(
            String(decoding: note.text, as: UTF8.self).hasSuffix("sole:\n\ned è subito sera.\n"))
        #expect(note.signatures.map(\.name) == [Array("quasimodo.example/salvatore".utf8)])
        #expect(note.signatures.map(\.keyID) == [[0x36, 0x7B, 0xA0, 0x4B]])
        #expect(note.signatures.map(\.bytes.count) == [64])
        let cosigned = try SignedNote(parsing: Array(NoteVectors.c2spCosigned.utf8))
        #expect(cosigned.signatures.map(\.bytes.count) == [64, 72])
        #expect(cosigned.signatures[1].name == Array("witness.example.com/w1".utf8))
    }

    @Test(
        "refuses anything but the exact form, with place and cause",
        arguments: [
            ("", NoteError.noSignatures), ("\n", .noSignatures), ("text\n", .noSignatures),
            ("text\n\n", .noSignatures), ("text\n\n\n", .noSignatures),
            ("text\n\n— a AAAAAAA=", .noSignatures), ("text\n— a AAAAAAA=\n", .noSignatures),
            ("\n\n", .noSignatures),
            ("text\n\n— a AAAAAAA=\nmore\n", .malformedSignature(line: 4)),
            ("te\nxt\n\n— a AAAAAAA=\n- a AAAAAAA=\n", .malformedSignature(line: 5)),
            ("text\n\n–– a AAAAAAA=\n", .malformedSignature(line: 3)),
            ("text\n\n—a AAAAAAA=\n", .malformedSignature(line: 3)),
            ("text\n\n— AAAAAAA=\n", .malformedSignature(line: 3)),
            ("text\n\n—  AAAAAAA=\n", .malformedSignature(line: 3)),
            ("text\n\n— a  AAAAAAA=\n", .malformedSignature(line: 3)),
            ("text\n\n— a AAAAAAA= \n", .malformedSignature(line: 3)),
            ("text\n\n— a b AAAAAAA=\n", .malformedSignature(line: 3)),
            ("text\n\n— a+b AAAAAAA=\n", .malformedSignature(line: 3)),
            ("text\n\n— a\u{A0}b AAAAAAA=\n", .malformedSignature(line: 3)),
            ("text\n\n— a\u{3000} AAAAAAA=\n", .malformedSignature(line: 3)),
            ("text\n\n— a AAAAAA==\n", .malformedSignature(line: 3)),
            ("text\n\n— a AAAAAAB=\n", .malformedSignature(line: 3)),
            ("text\n\n— a AAAAAAA\n", .malformedSignature(line: 3)),
            ("text\n\n— a AAAAA-A=\n", .malformedSignature(line: 3)),
            ("te\rxt\n\n— a AAAAAAA=\n", .controlCharacter(offset: 2)),
            ("text\n\n— a AAAAAAA=\r\n", .controlCharacter(offset: 20)),
            ("te\txt\n\n— a AAAAAAA=\n", .controlCharacter(offset: 2)),
            ("te\0xt\n\n— a AAAAAAA=\n", .controlCharacter(offset: 2)),
        ])
    func refuses(text: String, error: NoteError) {
        #expect(throws: error) { try SignedNote(parsing: Array(text.utf8)) }
    }

    @Test("refuses a note that is not UTF-8, in its text or in a name")
    func invalidUTF8() {
        let signature = Array("\n\n\u{2014} a AAAAAAA=\n".utf8)
        #expect(throws: NoteError.invalidUTF8(offset: 1)) {
            try SignedNote(parsing: [0x61, 0xFF] + signature)
        }
        #expect(throws: NoteError.malformedName([0xFF])) {
            try NoteSignature(name: [0xFF], keyID: [0, 0, 0, 0], bytes: [0])
        }
    }

    @Test("takes a hundred signatures and a megabyte, and no more")
    func limits() throws {
        let line = "\u{2014} a AAAAAAA=\n"
        let hundred = "text\n\n" + String(repeating: line, count: 100)
        let note = try SignedNote(parsing: Array(hundred.utf8))
        #expect(note.signatures.count == 100)
        #expect(throws: NoteError.tooManySignatures(limit: 100)) {
            try SignedNote(parsing: Array((hundred + line).utf8))
        }
        #expect(throws: NoteError.tooManySignatures(limit: 100)) {
            var note = note
            try note.append(note.signatures[0])
        }
        let large = String(repeating: "a", count: 1 << 20) + "\n\n" + line
        #expect(throws: NoteError.tooLarge(limit: 1 << 20)) {
            try SignedNote(parsing: Array(large.utf8))
        }
    }

    @Test("makes no note that it would not read")
    func construction() {
        #expect(throws: NoteError.unterminatedText) { try SignedNote(text: Array("a".utf8)) }
        #expect(throws: NoteError.unterminatedText) { try SignedNote(text: []) }
        #expect(throws: NoteError.controlCharacter(offset: 1)) {
            try SignedNote(text: Array("a\r\n".utf8))
        }
        for name in ["", "a b", "a+b", "a\u{2003}b", "a\nb"] {
            #expect(throws: NoteError.malformedName(Array(name.utf8))) {
                try NoteSignature(name: Array(name.utf8), keyID: [0, 0, 0, 0], bytes: [0])
            }
        }
        #expect(throws: NoteError.malformedSignature(line: 0)) {
            try NoteSignature(name: [0x61], keyID: [0, 0, 0], bytes: [0])
        }
        #expect(throws: NoteError.malformedSignature(line: 0)) {
            try NoteSignature(name: [0x61], keyID: [0, 0, 0, 0], bytes: [])
        }
    }

    @Test("a text may end in blank lines and look like signatures")
    func confusingText() throws {
        let text = Array("a\n\n\u{2014} b AAAAAAA=\n\n".utf8)
        let signature = try NoteSignature(name: [0x63], keyID: [1, 2, 3, 4], bytes: [5])
        let note = try SignedNote(text: text, signatures: [signature])
        #expect(try SignedNote(parsing: note.encoded) == note)
    }
}
