import CloseoutBundles
import CloseoutFiles
import CloseoutTestSupport
import Testing

@Suite("Folders that are kept open")
struct OpenFoldersTests {
    @Test("are opened once or twice each, however deep they lie, and never many at once")
    func levels() throws {
        try withTemporaryFolder { path in
            let folders = OpenFolders(at: try Directory.open(bytes(path)))
            let depth = 700
            var levels: [[UInt8]] = [[]]
            for level in 0..<depth {
                try folders.folder(levels[level][...]).makeDirectory(bytes("d"))
                levels.append(Path.join(levels[level], bytes("d")))
                try folders.folder(levels[level + 1][...]).create(bytes("f"))
                    .write(bytes("\(level)"))
            }
            #expect(folders.openings == depth)
            // The way back, as a manifest lists what comes behind `d` in each folder.
            for level in levels.dropLast().reversed() {
                try folders.folder(level[...]).makeDirectory(bytes("e"))
                _ = try folders.folder(Path.join(level, bytes("e"))[...])
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
            var made: [[UInt8]] = [[]]
            for number in 0..<400 {
                let above = made.randomElement(using: &random) ?? []
                // Names that begin alike, as those of neighbours do.
                let name = bytes(String(repeating: "n", count: 1 + number % 3) + "\(number % 7)")
                guard !made.contains(Path.join(above, name)) else { continue }
                try folders.folder(above[...]).makeDirectory(name)
                made.append(Path.join(above, name))
                let some = made.randomElement(using: &random) ?? []
                let found = try folders.folder(some[...]).status().identity
                let wanted = Path.join(bytes(path), some)
                #expect(try found == Directory.open(wanted).status().identity)
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
