import CloseoutFiles
import CloseoutTestSupport
import Testing

@Suite("A file that is read at any place")
struct PositionedFileTests {
    @Test("gives as many bytes as there are, wherever it is asked")
    func reading() async throws {
        try await withTemporaryDirectory { path in
            try writeFile("0123456789", to: path + "/file")
            let file = try PositionedFile(opening: Array((path + "/file").utf8))
            #expect(try file.read(at: 3, count: 4) == Array("3456".utf8))
            #expect(try file.read(at: 8, count: 100) == Array("89".utf8))
            #expect(try file.read(at: 10, count: 1) == [])
            #expect(try file.read(at: 1000, count: 1) == [])
            try file.confirmUnchanged()
        }
    }

    @Test("shows when it was cut or written to")
    func changes() async throws {
        try await withTemporaryDirectory { path in
            try writeFile("0123456789", to: path + "/file")
            let file = try PositionedFile(opening: Array((path + "/file").utf8))
            try await runSuccessfully("truncate", ["-s", "5", path + "/file"])
            #expect(throws: FileError.self) { try file.confirmUnchanged() }
            #expect(throws: FileError.self) { try file.read(at: 4, count: 6) }
        }
    }

    @Test("is a regular file and nothing else")
    func regular() async throws {
        try await withTemporaryDirectory { path in
            try await runSuccessfully("mkfifo", [path + "/fifo"])
            for name in ["", "/fifo", "/nothing"] {
                #expect(throws: FileError.self) {
                    try PositionedFile(opening: Array((path + name).utf8))
                }
            }
        }
    }
}

@Suite("Links and modes")
struct LinkingTests {
    @Test("a link is made as it is said, and never over anything")
    func links() async throws {
        try await withTemporaryDirectory { path in
            let directory = try Directory.open(Array(path.utf8))
            let name = Array("link".utf8)
            try directory.makeLink(name, to: Array("../nowhere".utf8))
            #expect(try directory.readLink(name) == Array("../nowhere".utf8))
            #expect(throws: FileError.self) { try directory.makeLink(name, to: [0x61]) }
            #expect(throws: FileError.self) { try directory.makeLink([0x62], to: [0x61, 0]) }
            #expect(throws: FileError.self) {
                try directory.makeLink(Array("../link".utf8), to: [0x61])
            }
        }
    }

    @Test("a file gets the permission bits that it is given, and neither setuid, setgid nor sticky")
    func permissions() async throws {
        try await withTemporaryDirectory { path in
            let directory = try Directory.open(Array(path.utf8))
            try directory.create([0x61], permissions: 0).setPermissions(0o7757)
            #expect(try directory.status(of: [0x61]).mode == 0o757)
        }
    }
}
