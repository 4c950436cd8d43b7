import CloseoutBundles
import CloseoutTestSupport
import Testing

/// An archive that is refused, and a part of the reason.
struct RefusedArchive: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    let reason: String

    init(_ title: String, _ reason: String, _ bytes: [UInt8]) {
        testDescription = title
        self.bytes = bytes
        self.reason = reason
    }

    init(_ title: String, _ reason: String, _ members: RawMember...) {
        self.init(title, reason, archive(members))
    }

    private static let file = RawMember("p-1.closeout/seal.json", "{}")
    private static let artifacts = RawMember.folder("p-1.closeout/artifacts")
    private static let long = "p-1.closeout/" + String(repeating: "l", count: 100)

    static let all = types + paths + links + headers + lengths

    private static let types =
        [
            ("1", "hard link"), ("3", "device"), ("4", "device"), ("6", "FIFO"),
            ("7", "unknown type"),
            ("g", "global pax header"), ("L", "long name"), ("K", "long name"), ("S", "sparse"),
            ("\0", "unknown type"), ("X", "unknown type"),
        ].map { type, reason in
            RefusedArchive(
                "type \(type.utf8.first ?? 0)", reason,
                file.with { $0.type = type.utf8.first ?? 0 })
        }

    private static let paths = [
        RefusedArchive("absolute", "absolute", RawMember("/p-1.closeout/a")),
        RefusedArchive("climbing", "climbs", RawMember("p-1.closeout/../a")),
        RefusedArchive("climbing at its end", "climbs", .folder("p-1.closeout/a/..")),
        RefusedArchive("with a dot", "empty component", RawMember("p-1.closeout/./a")),
        RefusedArchive("with two slashes", "empty component", RawMember("p-1.closeout//a")),
        RefusedArchive(
            "with a slash behind a file", "empty component", RawMember("p-1.closeout/a/")),
        RefusedArchive("empty", "empty component", RawMember("")),
        RefusedArchive("outside the top", "outside the top", RawMember("q-1.closeout/a")),
        RefusedArchive("beside the top", "outside the top", RawMember("p-1.closeoutside")),
        RefusedArchive("not text", "another form", RawMember("").with { $0.name = [0x70, 0xFF] }),
        RefusedArchive(
            "not text in a record", "not text",
            .records("").with {
                $0.contents = Array("15 path=p/".utf8) + [0xFF, 0xFE, 0xFD, 0xFC, 0x0A]
            },
            RawMember("pax-path")),
        RefusedArchive("twice", "appears twice", file, file),
        RefusedArchive("out of order", "ascend", file, RawMember("p-1.closeout/log.jsonl")),
        RefusedArchive(
            "behind the artifacts", "ascend", artifacts, RawMember("p-1.closeout/seal.json")),
        RefusedArchive(
            "in a folder that is not there", "has no entry before",
            RawMember("p-1.closeout/evidence/a")),
        RefusedArchive(
            "in a file", "has no entry before", RawMember("p-1.closeout/a"),
            RawMember("p-1.closeout/a/b")),
        RefusedArchive(
            "in a link", "has no entry before", artifacts,
            .link("p-1.closeout/artifacts/l", to: "x"), RawMember("p-1.closeout/artifacts/l/b")),
        RefusedArchive(
            "in a folder of another case", "has no entry before", artifacts,
            .folder("p-1.closeout/artifacts/A"), RawMember("p-1.closeout/artifacts/a/b")),
        RefusedArchive(
            "one but for case", "case or Unicode", artifacts, RawMember("p-1.closeout/artifacts/A"),
            RawMember("p-1.closeout/artifacts/a")),
        RefusedArchive(
            "one but for normalisation", "case or Unicode",
            archive([artifacts], end: []) + paxFile("p-1.closeout/artifacts/e\u{301}")
                + paxFile("p-1.closeout/artifacts/é") + [UInt8](repeating: 0, count: 1024)),
    ]

    private static let links = [
        RefusedArchive("link in the bundle", "outside artifacts", .link("p-1.closeout/a", to: "b")),
        RefusedArchive(
            "link for the artifacts", "outside artifacts",
            .link("p-1.closeout/artifacts", to: "elsewhere")),
        RefusedArchive(
            "absolute link", "leads out", artifacts, .link("p-1.closeout/artifacts/l", to: "/etc")),
        RefusedArchive(
            "climbing link", "leads out", artifacts,
            .link("p-1.closeout/artifacts/l", to: "x/../../seal.json")),
        RefusedArchive(
            "link to nothing", "not text", artifacts, .link("p-1.closeout/artifacts/l", to: "")),
    ]

    private static let headers = [
        RefusedArchive("wrong checksum", "checksum", file.with { $0.checksumError = 1 }),
        RefusedArchive("another mode", "mode", file.with { $0.mode = "0000600" }),
        RefusedArchive("setuid", "mode", file.with { $0.mode = "0004644" }),
        RefusedArchive("an owner", "another form", file.with { $0.owner = "0001750" }),
        RefusedArchive("an owner's name", "another form", file.with { $0.ownerName = "root" }),
        RefusedArchive("a time", "another form", file.with { $0.time = "00000000001" }),
        RefusedArchive("the magic of GNU", "another form", file.with { $0.magic = "ustar  \0" }),
        RefusedArchive("no magic", "another form", file.with { $0.magic = "" }),
        RefusedArchive("a prefix", "another form", file.with { $0.prefix = "p-1.closeout" }),
        RefusedArchive("a target of a file", "another form", file.with { $0.link = [0x61] }),
        RefusedArchive(
            "a size of a folder", "another form", artifacts.with { $0.size = "00000000001" }),
        RefusedArchive("a short number", "another form", file.with { $0.size = "2" }),
        RefusedArchive("no number", "octal", file.with { $0.size = "" }),
        RefusedArchive("a number of base 256", "octal", file.with { $0.size = "\u{80}\u{1}" }),
        RefusedArchive(
            "a folder without a slash", "slash",
            RawMember("p-1.closeout/a").with { $0.type = UInt8(ascii: "5") }),
        RefusedArchive(
            "a needless record", "another form", .records("23 path=p-1.closeout/a\n"),
            RawMember("pax-path")),
        RefusedArchive("another record", "another key", .records("11 uid=100\n"), file),
        RefusedArchive("a record of no length", "no length", .records("99 path=a\n"), file),
        RefusedArchive("a record of length 0", "no length", .records("0 path=a\n"), file),
        RefusedArchive("no record", "pax header of 0", .records(""), file),
        RefusedArchive(
            "a size in a record", "another form", .records("9 size=2\n"),
            file.with { $0.size = "00000000000" }),
        RefusedArchive(
            "a path twice", "another form",
            .records(record("path", long + "a") + record("path", long)), RawMember("pax-path")),
        RefusedArchive(
            "two pax headers", "behind another", .records(record("path", long)),
            .records(record("path", long)), RawMember("pax-path")),
        RefusedArchive(
            "an unending record", "pax header of", .records(String(repeating: "a", count: 20_000)),
            file),
    ]

    private static let lengths = [
        RefusedArchive("nothing", "cut off", []),
        RefusedArchive("zeros only", "holds nothing", [UInt8](repeating: 0, count: 1024)),
        RefusedArchive(
            "a top of two lines", "printable name",
            RawMember.records(record("path", "p\n1.closeout/")).bytes
                + RawMember("pax-path").with {
                    $0.type = UInt8(ascii: "5"); $0.mode = "0000755"
                }
                .bytes),
        RefusedArchive("no top folder", "ends in .closeout", RawMember("a").bytes),
        RefusedArchive(
            "a top of another name", "ends in .closeout", RawMember.folder("bundle").bytes),
        RefusedArchive("no end", "cut off", archive([file], end: [])),
        RefusedArchive(
            "half an end", "cut off", archive([file], end: [UInt8](repeating: 0, count: 512))),
        RefusedArchive(
            "one block of zeros", "one block",
            archive([file], end: [UInt8](repeating: 0, count: 512)) + file.bytes),
        RefusedArchive("bytes behind its end", "behind its end", archive([file]) + [0]),
        RefusedArchive(
            "a size beyond its end", "more bytes", file.with { $0.size = "77777777777" }),
        RefusedArchive(
            "contents cut off", "more bytes", Array(archive([file]).dropLast(1024 + 511))),
        RefusedArchive("padding cut off", "cut off", Array(archive([file]).dropLast(1024 + 100))),
        RefusedArchive(
            "padding that is not zero", "other bytes than zeros", file.with { $0.padding = 1 }),
        RefusedArchive("a header cut off", "cut off", Array(archive([file]).prefix(700))),
    ]

    /// A pax record.
    static func record(_ key: String, _ value: String) -> String {
        let rest = " \(key)=\(value)\n"
        let count = rest.utf8.count + 2
        return "\(count > 99 ? count + 1 : count)\(rest)"
    }

    /// An empty file with its path in a record.
    private static func paxFile(_ path: String) -> [UInt8] {
        RawMember.records(record("path", path)).bytes + RawMember("pax-path").bytes
    }
}

@Suite("A packed bundle that was not packed so")
struct ArchiveRefusalTests {
    @Test("is refused with the reason", arguments: RefusedArchive.all)
    func refused(case refused: RefusedArchive) throws {
        do {
            let read = try members(of: refused.bytes)
            Issue.record("read \(read.count) members")
        } catch ArchiveError.refused(_, let reason) {
            #expect(reason.contains(refused.reason), "\(reason)")
        }
    }

    @Test("is refused at every length but its own")
    func everyLength() throws {
        let whole = archive([
            RawMember("p-1.closeout/README.txt", "read me"), .folder("p-1.closeout/artifacts"),
            RawMember("p-1.closeout/artifacts/a", "a"),
        ])
        #expect(try members(of: whole).count == 4)
        for length in 0..<whole.count {
            #expect(throws: ArchiveError.self) { try members(of: Array(whole[..<length])) }
        }
    }

    @Test("of thousands of damaged ones is refused, or is what pack would write of its members")
    func mutated() throws {
        let long = "p-1.closeout/artifacts/" + String(repeating: "l", count: 90)
        let sample =
            archive(
                [
                    RawMember("p-1.closeout/log.jsonl", "{}\n"), .folder("p-1.closeout/signatures"),
                    RawMember("p-1.closeout/signatures/a.sig", "signature"),
                    .folder("p-1.closeout/artifacts"),
                    .link("p-1.closeout/artifacts/a", to: "b"),
                    .records(RefusedArchive.record("path", long)),
                    RawMember("pax-path", "x").with { $0.mode = "0000755" },
                ])
        #expect(try rewritten(sample) == sample)
        var accepted = 0
        let tokens = ["\0", "ustar\0" + "00", "0000644", "/../", "00000000000", "5", "2", "x"]
        for input in mutations(of: sample, seed: 17, count: 20_000, tokens: tokens) {
            guard let written = try? rewritten(input) else { continue }
            #expect(written == input)
            accepted += 1
        }
        #expect(accepted > 0 && accepted < 20_000)
    }
}
