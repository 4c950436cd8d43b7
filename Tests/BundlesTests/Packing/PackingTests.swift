import CloseoutBundles
import CloseoutFiles
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("Packing a bundle", .requires("tar"))
struct PackingTests {
    @Test("writes headers as a second hand writes them, whatever the path is")
    func headers() throws {
        let long = String(repeating: "l", count: 101)
        for (member, raw) in [
            (
                ArchiveMember(path: bytes("p/a b"), kind: .file(size: 3, mode: 0o755)),
                [RawMember("p/a b", "abc").with { $0.mode = "0000755" }]
            ),
            (ArchiveMember(path: bytes("p"), kind: .directory), [RawMember.folder("p")]),
            (
                ArchiveMember(path: bytes("p/l"), kind: .symlink(target: bytes("x"))),
                [.link("p/l", to: "x")]
            ),
            (
                ArchiveMember(path: bytes("p/é"), kind: .symlink(target: bytes(long))),
                [
                    .records(
                        RefusedArchive.record("linkpath", long)
                            + RefusedArchive.record("path", "p/é")),
                    .link("pax-path", to: "pax-linkpath"),
                ]
            ),
            (
                ArchiveMember(
                    path: bytes("p/big"), kind: .file(size: 8_589_934_592, mode: 0o644)),
                [
                    .records(RefusedArchive.record("size", "8589934592")),
                    RawMember("p/big"),
                ]
            ),
        ] {
            let expected = raw.flatMap {
                Array($0.bytes.prefix(512 + ($0.type == 0x78 ? 1024 : 0)))
            }
            #expect(member.header == expected, "\(text(member.path))")
        }
    }

    @Test("reads a file beyond 8 GiB by its record, and demands all of its bytes")
    func hugeFile() throws {
        let member = ArchiveMember(
            path: bytes("p-1.closeout/big"), kind: .file(size: 8_589_934_592, mode: 0o644))
        let head = RawMember.folder("p-1.closeout").bytes + member.header
        let whole = SparseBytes(head: head, count: head.count + member.size + 1024)
        var reader = ArchiveReader(whole)
        #expect(try reader.next()?.inner == [])
        #expect(try reader.next()?.member == member)
        #expect(try reader.next() == nil)
        var cut = ArchiveReader(SparseBytes(head: head, count: whole.count - 1025))
        #expect(try cut.next() != nil)
        #expect(throws: ArchiveError.self) { try cut.next() }
    }

    /// Some bytes, and zeros behind them.
    private struct SparseBytes: ArchiveBytes {
        let head: [UInt8]
        let count: Int

        func bytes(at offset: Int, count: Int) -> [UInt8] {
            let there = max(0, min(count, self.count - offset))
            let known = head.dropFirst(offset).prefix(there)
            return Array(known) + [UInt8](repeating: 0, count: there - known.count)
        }
    }

    @Test("and unpacking it gives the same files")
    func roundTrip() async throws {
        try await Place.withBundle { place in
            try place.add("evidence")
            try place.commit(with: PrivateKey.generate(.ed25519))
            try await place.pack()
            try await place.unpack(to: "/out")
            #expect(try readTree(place.path + "/out") == place.files())
            let contents = try BundleReader(opening: bytes(place.packed)).contents()
            #expect(contents.log.size == 5 && contents.unlisted.isEmpty)
            #expect(contents.files(.attachment).first?.reading.size == 8)
        }
    }

    @Test("and unpacking it is refused where a shipped file has another mode than the manifest's")
    func otherMode() async throws {
        try await Place.withBundle { place in
            try await place.pack(.folder(bytes(place.tree)))
            let packed = try readFile(place.packed)
            var reader = ArchiveReader(packed)
            var other: [UInt8] = []
            while let (found, member) = try reader.next().map({ ($0, $0.member) }) {
                var written = member
                if case .file(let size, let mode) = member.kind,
                    found.inner.starts(with: "artifacts/".utf8)
                {
                    written = ArchiveMember(
                        path: member.path, kind: .file(size: size, mode: mode ^ 0o111))
                }
                other += written.header + packed[found.offset..<found.offset + member.size]
                other += [UInt8](repeating: 0, count: ArchiveFormat.padding(behind: member.size))
            }
            try writeFile(other + ArchiveFormat.end, to: place.packed)
            await #expect(throws: BundleError.self) { try await place.unpack(to: "/out") }
            try writeFile(packed, to: place.packed)
            try await place.unpack(to: "/out")
        }
    }

    @Test("is refused where a file is not what log or manifest says, and leaves nothing")
    func untrue() async throws {
        for spoil in [
            "echo x >> README.txt", "rm SHA256SUMS", "echo x > extra", "mkdir more",
            "printf 'x%.0s' $(seq 1000) > manifest.jsonl", "rm attachments/*",
            "ln -sf README.txt checkpoint", "echo x >> log.jsonl",
            "echo changed > ../tree/tool", "rm ../tree/tool", "ln -sf a ../tree/tool",
        ] {
            try await Place.withBundle { place in
                try place.add("evidence")
                try await runSuccessfully("sh", ["-c", spoil], workingDirectory: place.bundle)
                await #expect(throws: (any Error).self, "\(spoil)") {
                    try await place.pack(.folder(bytes(place.tree)))
                }
                #expect(try place.names(place.path) == ["payments-1.4.0.closeout", "tree"])
            }
        }
    }

    @Test("and unpacking it leave nothing where the disk refuses any one change")
    func refusedChanges() async throws {
        try await Place.withBundle { place in
            try place.add("evidence")
            let before = try place.names(place.path)
            let tree = ArtifactChoice.folder(bytes(place.tree))
            let packing = try await recordingChanges { try await place.pack(tree) }.count
            #expect(packing > 3)
            try await runSuccessfully("mv", [place.packed, place.path + "/kept"])
            for number in 0..<packing {
                #expect(await failingChange(number) { try await place.pack(tree) })
                #expect(try place.names(place.path) == ["kept"] + before, "change \(number)")
            }
            try await runSuccessfully("mv", [place.path + "/kept", place.packed])
            let present = try place.names(place.path)
            let changes = try await recordingChanges {
                try await place.unpack(to: "/out", .folder(bytes(place.path + "/shipped")))
            }
            try await runSuccessfully("rm", ["-r", place.path + "/out", place.path + "/shipped"])
            for number in changes.indices {
                let threw = await failingChange(number) {
                    try await place.unpack(to: "/out", .folder(bytes(place.path + "/shipped")))
                }
                #expect(threw)
                #expect(try place.names(place.path) == present, "change \(number)")
            }
        }
    }

    @Test("and unpacking it leave all of it or nothing after a loss of power before any change")
    func crashes() async throws {
        try await Place.withBundle { place in
            try place.add("evidence")
            try await expectAllOrNothing("packed.tar", at: place.path) {
                try await place.pack(.folder(bytes(place.tree)))
            }
            try await expectAllOrNothing("out", at: place.path) {
                try await place.unpack(to: "/out")
            }
        }
    }

    /// Does some work, and stops it before each of its changes: what is at a name is whole, or not
    /// there.
    private func expectAllOrNothing(
        _ name: String, at path: String, _ work: () async throws -> Void
    ) async throws {
        func found(_ tree: [[UInt8]: SimulatedDisk.Item]) -> [[UInt8]: SimulatedDisk.Item] {
            tree.filter { $0.key == bytes(name) || $0.key.starts(with: bytes(name + "/")) }
        }
        var disk = try SimulatedDisk(reading: bytes(path))
        let changes = try await recordingChanges(work)
        let whole = found(try readTree(path))
        #expect(changes.count > 3 && !whole.isEmpty)
        for (number, change) in changes.enumerated() {
            disk.apply(change)
            let survivals: [SimulatedDisk.Survival] =
                [.nothingUnsynced, .everything, .namesWithoutData, .dataWithoutNames]
                + (0..<8).map { .some(seed: UInt64(number * 8 + $0)) }
            for survival in survivals {
                let left = found(disk.tree(survival))
                #expect(left.isEmpty || left == whole, "change \(number), \(survival)")
            }
        }
        #expect(found(disk.tree(.nothingUnsynced)) == whole)
    }

    @Test("never overwrites, and unpacking neither")
    func existing() async throws {
        try await Place.withBundle { place in
            try await place.pack()
            let packed = try readFile(place.packed)
            await #expect(throws: BundleError.self) { try await place.pack() }
            #expect(try readFile(place.packed) == packed)
            try makeDirectory(place.path + "/out")
            await #expect(throws: BundleError.self) { try await place.unpack(to: "/out") }
            #expect(try place.names(place.path + "/out") == [])
        }
    }

    @Test("refuses shipped files that no archive can hold")
    func unpackable() async throws {
        for make in ["echo x > TOOL", "ln -s ../x l", "ln -s /etc l"] {
            try await Place.make { place in
                try await runSuccessfully("sh", ["-c", make], workingDirectory: place.tree)
                try await place.freeze(allowingOutsideLinks: true)
                await #expect(throws: BundleError.self, "\(make)") {
                    try await place.pack(.folder(bytes(place.tree)))
                }
                try await place.pack(.none)
            }
        }
    }
}

extension Place {
    /// Where the packed bundle goes.
    var packed: String { path + "/packed.tar" }

    /// Packs the bundle.
    func pack(_ artifacts: ArtifactChoice = .ofBundle) async throws {
        let packer = try await BundlePacker(bundle: bundlePath, artifacts: artifacts)
        try packer.write(to: BundleTarget(bytes(packed)))
    }

    /// Unpacks it into a folder of the place.
    func unpack(to name: String, _ artifacts: ArtifactChoice = .ofBundle) async throws {
        let unpacker = try await BundleUnpacker(bundle: bytes(packed), artifacts: artifacts)
        try unpacker.write(to: BundleTarget(bytes(path + name)))
    }
}
