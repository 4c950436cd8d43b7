import CloseoutEncodings
import CloseoutOpenSSL
import Testing

@Suite struct CheckpointTests {
    private static let root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

    @Test("reads the example of C2SP and writes the same text")
    func example() throws {
        let note = try SignedNote(parsing: Array(NoteVectors.c2spCosigned.utf8))
        let checkpoint = try Checkpoint(parsing: note.text)
        #expect(checkpoint.origin == Array("example.com/behind-the-sofa".utf8))
        #expect(checkpoint.size == 20_852_163)
        #expect(checkpoint.root.hex.hasPrefix("0ac5186a91863e8e1d90c808014aa89b"))
        #expect(checkpoint.text == note.text)
    }

    @Test(
        "reads sizes from zero to the largest and writes them the same",
        arguments: [0, 1, UInt64.max])
    func sizes(size: UInt64) throws {
        let checkpoint = Checkpoint(
            origin: Array("closeout/v1/00".utf8), size: size, root: try Merkle.emptyRoot())
        #expect(try Checkpoint(parsing: checkpoint.text) == checkpoint)
        #expect(checkpoint.text == Array("closeout/v1/00\n\(size)\n\(Self.root)\n".utf8))
    }

    @Test(
        "refuses every other text, naming the line",
        arguments: [
            ("", 1), ("a", 1), ("a\n", 2), ("a\n1\n", 3), ("a\n1\n\(root)", 3),
            ("\n1\n\(root)\n", 1),
            ("a\n\n\(root)\n", 2), ("a\n01\n\(root)\n", 2), ("a\n-1\n\(root)\n", 2),
            ("a\n+1\n\(root)\n", 2), ("a\n1 \n\(root)\n", 2), ("a\n1_0\n\(root)\n", 2),
            ("a\n0x1\n\(root)\n", 2), ("a\n18446744073709551616\n\(root)\n", 2),
            ("a\n١\n\(root)\n", 2),
            ("a\n1\n\n", 3), ("a\n1\n47DE\n", 3), ("a\n1\n\(root.dropLast())\n", 3),
            ("a\n1\n\(root.replacing("+", with: "-").replacing("/", with: "_"))\n", 3),
            ("a\n1\n\(root)\nextension\n", 4), ("a\n1\n\(root)\n\n", 4), ("a\n1\n\(root)\nx", 4),
        ] as [(String, Int)])
    func refuses(text: String, line: Int) {
        let error = #expect(throws: NoteError.self) {
            try Checkpoint(parsing: Array(text.utf8))
        }
        guard case .malformedCheckpoint(let found, _) = error else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        #expect(found == line)
    }
}
