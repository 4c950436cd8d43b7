import Files
import TestSupport
import Testing

@testable import Bundles

@Suite("Folders that are kept open")
struct OpenFoldersTests {
    @Test("are opened once or twice each, however deep they lie, and never many at once")
    func levels() throws {
        try withTemporaryFolder { path in
            let folders = OpenFolders(at: try Directory.open(bytes(path)))
            let depth = 700
            var names: [ArraySlice<UInt8>] = []
            for level in 0..<depth {
                try folders.folder(names).makeDirectory(bytes("d"))
                names.append(bytes("d")[...])
                try folders.folder(names).create(bytes("f")).write(bytes("\(level)"))
            }
            #expect(folders.openings == depth)
            // The way back, as a manifest lists what comes behind `d` in each folder.
            for _ in 0..<depth {
                names.removeLast()
                try folders.folder(names).makeDirectory(bytes("e"))
                _ = try folders.folder(names + [bytes("e")[...]])
            }
            #expect(folders.openings <= 4 * depth)
            #expect(OpenFolders.mostOpen < 128)
        }
    }

    @Test("lead where their names lead, from wherever the last one was")
    func anywhere() throws {
        try withTemporaryFolder { path in
            let folders = OpenFolders(at: try Directory.open(bytes(path)))
            var random = SplitMix64(seed: 11)
            var made: [[ArraySlice<UInt8>]] = [[]]
            for number in 0..<400 {
                let above = made.randomElement(using: &random) ?? []
                let name = bytes("n\(number)")
                try folders.folder(above).makeDirectory(name)
                made.append(above + [name[...]])
                let some = made.randomElement(using: &random) ?? []
                let found = try folders.folder(some).status().identity
                let wanted = some.reduce(path) { $0 + "/" + text(Array($1)) }
                #expect(try found == Directory.open(bytes(wanted)).status().identity)
            }
        }
    }

    private func withTemporaryFolder(_ body: (String) throws -> Void) throws {
        let path = try makeTemporaryFolder()
        defer { try? Directory.open(bytes("/tmp")).removeTree(bytes(String(path.dropFirst(5)))) }
        try body(path)
    }

    private func makeTemporaryFolder() throws -> String {
        let name = "closeout-folders-\(UInt64.random(in: 0 ... .max))"
        try makeDirectory("/tmp/" + name)
        return "/tmp/" + name
    }
}
