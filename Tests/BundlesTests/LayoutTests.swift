import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("The layout of a bundle")
struct LayoutTests {
    @Test(
        "names files by folder and a closed grammar",
        arguments: [
            ("seal.json", true), ("manifest.jsonl", true), ("SHA256SUMS", true),
            ("README.txt", true), ("log.jsonl", false), ("checkpoint", false), ("", false),
            ("signatures/a.sig", true), ("signatures/0", true), ("signatures/", false),
            ("signatures", false), ("signatures/.a", false), ("signatures/-a", false),
            ("signatures/A", false), ("signatures/a/b", false), ("signatures/a b", false),
            ("signatures/a\u{0}", false), ("signatures/ä", false), ("/signatures/a", false),
            ("../signatures/a", false), ("artifacts/a", false), ("other/a", false),
            ("timestamps/checkpoint-5.note", true), ("evidence/a..b", true),
            ("signatures/" + String(repeating: "a", count: 128), true),
            ("signatures/" + String(repeating: "a", count: 129), false),
        ])
    func names(path: String, isAllowed: Bool) {
        #expect(BundleLayout.mayBeLogged(bytes(path)) == isAllowed)
    }

    @Test("gives every kind its own place", arguments: EntryKind.allCases)
    func kinds(kind: EntryKind) {
        for other in EntryKind.allCases {
            let path = other.fixedPath ?? (other.folder ?? []) + bytes("/a")
            #expect(kind.allows(path: path) == (kind == other))
        }
        #expect((kind.fixedPath == nil) != (kind.folder == nil))
        #expect(EntryKind.head.contains(kind) == (kind.fixedPath != nil))
    }

    @Test("the table of media types in docs/log.md is the one in the code")
    func mediaTypes() throws {
        let rows = try text(readFile(repositoryRoot + "/docs/log.md"))
            .split(separator: "\n").filter { $0.hasPrefix("| ") && $0.contains("/") }
            .map { row in
                row.split(separator: "|").map {
                    $0.split(separator: "`").filter { !$0.allSatisfy(\.isWhitespace) }.first
                        .map { $0.trimmingBlanks } ?? ""
                }
            }
        let documented = { (kind: String) in
            Set(rows.filter { $0.count == 3 && $0[0] == kind }.map { "\($0[1]) \($0[2])" })
        }
        let names = ["json", "xml", "pdf", "html", "csv", "md", "txt", "png", "zip", "gz", "bin"]
        let attachments = names.map { name -> String in
            let type = MediaType.attachment(named: bytes("report." + name))
            return "\(type.fileExtension) \(type.name)"
        }
        #expect(documented("attachment") == Set(attachments))
        let signatures = SignatureFormat.all.filter { $0.name != SignatureFormat.note.name }
            .map { "\($0.fileExtension) \($0.mediaType)" }
        #expect(documented("signature").isSuperset(of: signatures))
        let timestamps = [MediaType.note, .timestampToken]
            .map { "\($0.fileExtension) \($0.name)" }
        #expect(documented("timestamp").isSuperset(of: timestamps))
        #expect(documented("evidence") == ["json \(MediaType.record.name)"])
    }

    @Test(
        "knows evidence by its name's extension, else as octets",
        arguments: [
            ("a.json", "application/json"), ("a.tar.gz", "application/gzip"),
            (".json", "application/octet-stream"), ("json", "application/octet-stream"),
            ("a.JSON", "application/octet-stream"), ("a.exe", "application/octet-stream"),
            ("", "application/octet-stream"), ("a.json.", "application/octet-stream"),
        ])
    func attachments(name: String, type: String) {
        #expect(MediaType.attachment(named: bytes(name)).name == type)
    }

    @Test("takes the last component of a path as the bundle's name")
    func targets() throws {
        #expect(try BundleTarget(bytes("a/b/")).path == bytes("a/b"))
        #expect(try BundleTarget(bytes("b")).parent == bytes("."))
        #expect(
            try BundleTarget(for: Release(name: "team/payments", version: "1")).name
                == bytes("team_payments-1.closeout"))
        for path in ["/", ".", "..", "", "a/.."] {
            #expect(throws: BundleError.self) { try BundleTarget(bytes(path)) }
        }
    }

    @Test("the README's template is docs/bundle-readme.txt")
    func readme() throws {
        let file = try text(readFile(repositoryRoot + "/docs/bundle-readme.txt"))
        #expect(Readme.template == file)
        let made = text(Readme.bytes(of: try Release(name: "a/b", version: "1.0+x")))
        #expect(made == file.replacing("{name}", with: "a/b").replacing("{version}", with: "1.0+x"))
        #expect(made.hasPrefix("a/b 1.0+x: closeout bundle\n"))
        #expect(!made.contains("{"))
    }

    @Test("the README of every released version is taken for its release, and nothing else is")
    func released() throws {
        let release = try Release(name: "a/b", version: "1.0+x")
        #expect(
            try Readme.released.map { try SHA256Digest.of(bytes($0)).hex } == [
                "77d376b1af24f9ab189797ddac87be2e4e6193473a9f885a6e0fec535a50b490",
                "21917f96e6f3e0b7440beda6edb35f22947f001757abc5cc3d6a4453427dcc36",
            ], "a released text has changed: add the new one beside it")
        for template in Readme.released {
            let made = template.replacing("{name}", with: "a/b")
                .replacing("{version}", with: "1.0+x")
            #expect(Readme.isReleased(bytes(made), for: release))
            #expect(!Readme.isReleased(bytes(made + "\n"), for: release))
            #expect(!Readme.isReleased(bytes(made.replacing("\n", with: "\r\n")), for: release))
            #expect(!Readme.isReleased(bytes(template), for: release))
            #expect(!Readme.isReleased(bytes(made), for: try Release(name: "a/b", version: "2")))
        }
        #expect(!Readme.isReleased([], for: release))
    }
}

extension Substring {
    fileprivate var trimmingBlanks: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
