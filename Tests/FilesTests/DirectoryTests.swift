import Files
import Testing

/// A directory in the system's temporary folder, removed afterwards.
func withScratchDirectory(_ body: (borrowing Directory) throws -> Void) throws {
    let parent = try Directory.open(Array("/tmp".utf8))
    let name = Array("closeout-files-\(UInt64.random(in: 0 ... .max))".utf8)
    try parent.makeDirectory(name)
    defer { try? parent.removeTree(name) }
    try body(parent.open(name))
}

@Suite("Directory")
struct DirectoryTests {
    @Test("reads back what was written under a new name")
    func roundTrip() throws {
        try withScratchDirectory { directory in
            try directory.write(new: Array("a".utf8), [1, 2, 3])
            #expect(try directory.read(Array("a".utf8), limit: 3) == [1, 2, 3])
        }
    }
}
