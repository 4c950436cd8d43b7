import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

/// Files, links and an empty folder, as `withSealedRelease` makes them.
private let matching = "2 files match this file; 1 not seen."

@Suite(
    "A page that recomputes its report", .serialized, .requires(pythonTool),
    .requires(PageBrowser.chromium.program))
struct SelfVerifyingTests {
    @Test(
        "finds in the shipped files what the command finds, and says first who chose its keys and its code"
    )
    func agreesWithTheCommand() async throws {
        try await withSealedRelease { scene in
            try await scene.makePage()
            let visit = try await scene.visit([.drop("dist"), .folder("dist")])
            let state = visit.states[1]
            #expect(state.outcome == matching && state.style == "unknown")
            #expect(state.files.map(\.line) == ["artifact.link-target unseen bin/t"])
            #expect(try visit.last.outcome == "2 files match this file; 2 not seen.")
            #expect(!state.text.contains("VERIFIED"))
            let parts = state.text.split(
                separator: "Whoever made this page chose its keys and its code.")
            #expect(parts.count == 2 && parts.last?.contains("bundle id") == true)
            #expect(parts.first?.contains("bundle id") == false)

            let report = try ReportReading(
                parsing: await scene.closeout(
                    "verify", "p-1.closeout", "--trust", "trust.json", "--artifacts", "dist",
                    "--format", "json"
                ).stdout)
            let checks = state.values.filter { $0.kind != "value" }
            #expect(checks.allSatisfy { $0.kind == "matches" })
            #expect(Set(checks.map(\.check)).isSubset(of: report.checks("pass")))
            #expect(checks.count > 20)
            for (check, value) in [
                ("bundle.digest", try SHA256Digest.of(scene.bytes("p-1.closeout/seal.json")).hex),
                (
                    "manifest.digest",
                    try SHA256Digest.of(scene.bytes("p-1.closeout/manifest.jsonl")).hex
                ),
                ("manifest.sums", try SHA256Digest.of(scene.bytes("p-1.closeout/SHA256SUMS")).hex),
                (
                    "manifest.merkle-root",
                    try #require(try scene.seal()["predicate"]?["manifest"]?["merkle_root"]?.text)
                ),
                ("log.root", try scene.checkpointRoot()),
                (
                    "signature.valid",
                    try PublicKey(pem: scene.bytes("release.pub.pem")).fingerprint.hex
                ),
                (
                    "log.checkpoint-signature",
                    try PublicKey(pem: scene.bytes("release.pub.pem")).fingerprint.hex
                ),
            ] {
                #expect(
                    state.values.contains { $0.check == check && $0.words.hasSuffix(value) },
                    "\(check)")
            }
        }
    }

    @Test("names files that are changed, missing or extra")
    func differences() async throws {
        try await withSealedRelease { scene in
            try await scene.makePage()
            try await scene.shellDone(
                "cp -r dist other; printf 'took\n' > other/bin/tool; rm other/NOTES.md; echo x > other/extra; mkdir other/more; cp -r dist long; echo x >> long/bin/tool"
            )
            let visit = try await scene.visit([.drop("other"), .folder("other"), .drop("long")])
            for state in visit.states[1...2] {
                #expect(state.style == "fail")
                let found = Set(state.files.map(\.line))
                #expect(found.contains("artifact.digest differs bin/tool"))
                #expect(found.contains("artifact.unexpected extra extra"))
                #expect(state.outcome.hasPrefix("Does not match this file: "))
            }
            #expect(visit.states[1].files.map(\.line).contains("artifact.missing missing NOTES.md"))
            #expect(visit.states[1].files.map(\.line).contains("artifact.unexpected extra more"))
            // A chosen folder with links in it may hide files, so that none of it is said to be missing.
            #expect(visit.states[2].files.map(\.line).contains("artifact.missing unseen NOTES.md"))
            #expect(try visit.last.files.map(\.line).contains("artifact.size differs bin/tool"))
            #expect(try visit.last.style == "fail")
        }
    }

    @Test(
        "says of a file that is written to meanwhile that it changed, and hashes large files in pieces"
    )
    func changing() async throws {
        try await withScene { scene in
            try await scene.shellDone(
                """
                rm dist/bin/t; rmdir dist/empty; truncate -s 300M dist/large; cp -r --sparse=always dist still
                closeout keygen --no-passphrase -o release --trust trust.json
                closeout seal dist --release p@1 --key release.pem
                """)
            try await scene.makePage("--trust trust.json")
            let visit = try await scene.visit([
                .drop("still"), .dropChanging("dist", file: "dist/large"),
            ])
            #expect(visit.states[1].outcome == "3 files match this file.")
            #expect(visit.states[1].style == "pass" && visit.states[1].files == [])
            #expect(try visit.last.files.map(\.line) == ["artifact.unstable changed large"])
            #expect(try visit.last.style == "fail")
        }
    }

    @Test(
        "hashes a file of 3 GB in constant memory, in either browser", .enabled(if: isExhaustive),
        arguments: PageBrowser.allCases)
    func hugeFile(browser: PageBrowser) async throws {
        try await withScene { scene in
            try await scene.shellDone(
                """
                rm dist/bin/t; rmdir dist/empty; truncate -s 3G dist/large
                closeout keygen --no-passphrase -o release --trust trust.json
                closeout seal dist --release p@1 --key release.pem
                """)
            try await scene.makePage("--trust trust.json")
            let visit = try await scene.visit([.drop("dist")], in: browser)
            #expect(try visit.last.outcome == "3 files match this file.")
            #expect(visit.grown < 400, "\(visit.grown) MB")
        }
    }

    @Test("is not made of more entries than a browser takes in", .enabled(if: isExhaustive))
    func tooManyEntries() async throws {
        try await withScene { scene in
            try await scene.shellDone(
                """
                set -e
                rm -r dist; mkdir dist; cd dist; seq 200001 | xargs touch; cd ..
                closeout keygen --no-passphrase -o release --trust trust.json
                closeout seal dist --release p@1 --key release.pem
                """)
            let refused = try await scene.shell(
                "closeout report p-1.closeout --self-verifying -o page.html --trust trust.json")
            #expect(refused.status == 65)
            #expect(
                refused.stderrText.contains(
                    "manifest.jsonl: expected at most 200,000 entries, which a page can hold, and found 200,001"
                ))
            #expect(!scene.has("page.html"))
        }
    }

    @Test("refuses what was changed in its own data")
    func changedData() async throws {
        try await withSealedRelease { scene in
            try await scene.makePage()
            let signature = try await scene.signature(in: "p-1.closeout", ending: ".dsse.json")
            let file = String(signature.dropFirst("p-1.closeout/".count))
            for (script, expected) in [
                ("f(d, 'seal', b'payments', b'payments')", [String]()),
                (
                    "f(d, 'manifest', b'NOTES.md', b'NOTES.mf')",
                    ["manifest.digest", "manifest.merkle-root", "bundle.digest"]
                ),
                ("f(d, 'manifest', b'\"size\":6', b'\"size\": 6')", ["manifest.format"]),
                (
                    "f(d, 'manifest', b'\"type\":\"directory\"}\\n', b'\"type\":\"directory\",\"__proto__\":{}}\\n')",
                    ["manifest.format"]
                ),
                ("f(d, 'log', b'\"seq\":1,', b'\"seq\":2,')", ["log.sequence", "log.root"]),
                ("f(d, 'log', b'README.txt', b'readme.txt')", ["log.format", "log.root"]),
                (
                    "f(d, 'seal', b'\"version\":\"1\"', b'\"version\":\"2\"')",
                    ["bundle.digest", "signature.valid", "log.checkpoint"]
                ),
                (
                    "f(d, 'checkpoint', b'\\n5\\n', b'\\n4\\n')",
                    ["log.root", "log.checkpoint-signature"]
                ),
                (
                    "f(d['signatures'][0], 'bytes', b'\"sig\":\"', b'\"sig\":\"AAAA')",
                    ["bundle.digest", "signature.valid"]
                ),
            ] {
                try await scene.changePage(script)
                let state = try await scene.visit([.drop("dist")], page: "changed.html").last
                let differing = Set(state.values("differs").map(\.check))
                #expect(differing.isSuperset(of: expected), "\(script): \(differing)")
                #expect((state.style == "fail") == !expected.isEmpty, "\(script): \(state.outcome)")
                #expect(
                    !expected.contains("signature.valid")
                        || state.values("differs").contains { $0.subject == file })
            }
            for script in [
                "d['more'] = 1", "d['seal'] = d['seal'] + ' '", "d['seal'] = d['seal'][:-1]",
                "d['keys'] = None",
                "d['kind'] = 'closeout/self-verifying/v2'",
            ] {
                try await scene.changePage(script)
                let state = try await scene.visit([.drop("dist")], page: "changed.html").last
                #expect(
                    state.outcome == "Nothing can be said: see below.",
                    "\(script): \(state.outcome)")
            }
        }
    }

    @Test("takes a policy of the reader's own in place of its keys, or refuses it whole")
    func ownPolicy() async throws {
        try await withSealedRelease { scene in
            try await scene.makePage()
            try await scene.shellDone(
                """
                closeout keygen --no-passphrase -o stranger --trust stranger.json
                sed 's/"version":1/"version":1,"version":1/' trust.json > twice.json
                sed 's/"version":1/"version":1.0/' trust.json > fraction.json
                sed 's/"kind"/"colour":1,"kind"/' trust.json > colour.json
                """)
            let visit = try await scene.visit([
                .policy(["stranger.json"]), .policy(["trust.json"]), .policy(["twice.json"]),
                .policy(["fraction.json"]), .policy(["colour.json"]),
            ])
            let valid = { (state: PageVisit.State) in
                state.values.filter { $0.check == "signature.valid" }.map(\.kind)
            }
            #expect(visit.states[0].keys.hasPrefix("Keys: those that the maker of this page chose"))
            #expect(valid(visit.states[0]) == ["matches"])
            #expect(valid(visit.states[1]) == ["unchecked"])
            let stranger = try SHA256Digest.of(scene.bytes("stranger.json")).hex
            #expect(visit.states[1].keys.contains("your own policy, sha256:\(stranger)"))
            #expect(valid(visit.states[2]) == ["matches"])
            for state in visit.states[3...] {
                #expect(
                    state.status.hasPrefix("The policy ")
                        && state.status.hasSuffix("The keys are as they were."))
                #expect(state.style == "fail")
            }
        }
    }

    @Test("checks every algorithm and format that it can, and says so of each that it cannot")
    func formats() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                """
                set -e
                export CLOSEOUT_TRUST=trust.json CLOSEOUT_LOG_KEY=release.pem
                seal=p-1.closeout/seal.json
                for curve in P-256 P-384 P-521; do
                    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:$curve -out $curve.pem
                    openssl pkey -in $curve.pem -pubout -out $curve.pub.pem
                    closeout trust add trust.json $curve.pub.pem --id $curve --operator $curve --role release
                    closeout sign p-1.closeout --key $curve.pem
                done
                for scheme in rsa-pkcs1-sha256 rsa-pss-sha384; do
                    openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out $scheme.pem
                    openssl pkey -in $scheme.pem -pubout -out $scheme.pub.pem
                    closeout trust add trust.json $scheme.pub.pem --id $scheme --operator $scheme --role release --algorithm $scheme
                    closeout sign p-1.closeout --key $scheme.pem --algorithm $scheme
                done
                openssl dgst -sha384 -sign rsa-pss-sha384.pem -sigopt rsa_padding_mode:pss -out any-salt.sig $seal
                openssl dgst -sha384 -sign P-384.pem $seal | base64 -w0 > plain.b64
                closeout attach p-1.closeout any-salt.sig
                closeout attach p-1.closeout plain.b64
                for type in ed25519 ecdsa rsa; do
                    ssh-keygen -q -t $type -N '' -C x -f ssh-$type
                    closeout trust add trust.json ssh-$type.pub --id ssh-$type --operator ssh-$type --role release --namespace file --namespace '</script>'
                    ssh-keygen -q -Y sign -n file -f ssh-$type < $seal > ssh-$type.sig
                    closeout attach p-1.closeout ssh-$type.sig
                done
                minisign -G -W -p m.pub -s m.key
                closeout trust add trust.json m.pub --id mini --operator mini --role release
                minisign -S -s m.key -m $seal -x m.minisig
                closeout attach p-1.closeout m.minisig
                """)
            try await scene.makePage()
            let visit = try await scene.visit([.policy(["trust.json"])])
            for state in visit.states {
                let rows = state.values.filter { $0.check == "signature.valid" }
                #expect(rows.count(where: { $0.kind == "matches" }) == 12)
                #expect(rows.filter { $0.kind != "matches" } == [])
                for key in [
                    "P-256", "P-384", "P-521", "rsa-pkcs1-sha256", "rsa-pss-sha384", "ssh-ed25519",
                    "ssh-ecdsa", "ssh-rsa", "mini",
                ] {
                    #expect(
                        rows.contains { $0.words.contains("by key \(key) of \(key)") }, "\(key)")
                }
            }
        }
    }

    @Test(
        "checks ML-DSA where the browser has it",
        arguments: ["ML-DSA-44", "ML-DSA-65", "ML-DSA-87"])
    func postQuantum(algorithm: String) async throws {
        try await withSealedRelease { scene in
            try await scene.makePage()
            let state = try await scene.visit([.sign(algorithm: algorithm)]).last
            let row = try #require(state.values.first { $0.check == "signature.valid" })
            #expect(
                row.kind == "matches"
                    && row.words.contains("by key k of k with \(algorithm.lowercased())"))
        }
    }

    @Test("shows hostile names as text, and takes none of them for another")
    func hostileNames() async throws {
        try await withScene { scene in
            try await scene.shellDone(
                """
                set -e
                rm -r dist; mkdir -p dist/__proto__ 'dist/<'; echo 1 > dist/__proto__/constructor; echo 2 > 'dist/</script><img src=x onerror=alert(1)>'
                echo 3 > "$(printf 'dist/\\342\\200\\256gpj.exe')"; echo 4 > "$(printf 'dist/\\360\\237\\246\\211')"; echo 5 > "$(printf 'dist/\\357\\277\\275')"
                echo 6 > "$(printf 'dist/a\\nb')"; echo 7 > "dist/a'b\\"c"; echo 8 > "$(printf 'dist/\\342\\200\\250')"; echo 9 > dist/-
                echo 10 > "$(printf 'dist/\\357\\273\\277')"
                closeout keygen --no-passphrase -o release --trust trust.json
                closeout seal dist --release p@1 --key release.pem
                """)
            try await scene.makePage()
            let visit = try await scene.visit([.folder("dist"), .drop("dist")])
            #expect(visit.states[1].outcome == "9 files match this file; 1 not seen.")
            // A browser shows bytes that are no UTF-8 as this name too.
            #expect(visit.states[1].files.map(\.line) == ["artifact.name unseen \u{FFFD}"])
            let dropped = try visit.last
            #expect(dropped.style == "unknown")
            #expect(dropped.files.allSatisfy { $0.kind == "unseen" })
            #expect(visit.states[0].values("differs") == [])
            let page = String(decoding: try scene.bytes("page.html"), as: UTF8.self)
            #expect(page.ranges(of: "</script>").count == 2)
        }
    }

    @Test(
        "is accessible, fits 320 pixels, prints, and has no fault that the checker of the W3C finds",
        .requires("java"))
    func form() async throws {
        try await withSealedRelease { scene in
            try await scene.makePage()
            let oracles = repositoryRoot + "/Tests/ReportsTests/Oracles"
            let seen = try JSON(
                parsing: try await runSuccessfully(
                    pythonTool,
                    [
                        "\(oracles)/browser.py", PageBrowser.chromium.program,
                        scene.path + "/page.html", "320", "1200",
                    ]))
            #expect(seen["violations"] == [])
            #expect(seen["dark_violations"] == [])
            #expect(seen["complaints"] == [])
            #expect(seen["pdf"] == "%PDF-")
            for (found, width) in zip(seen["widths"]?.elements ?? [], [Int64(320), 1200]) {
                guard case .integer(let found) = found else { return #expect(Bool(false)) }
                #expect(found <= width)
            }
            let pages: JSON = [JSON(String(decoding: try scene.bytes("page.html"), as: UTF8.self))]
            let faults = try await runSuccessfully(
                pythonTool, ["\(oracles)/checker.py"], stdin: pages.canonicalBytes)
            #expect(try JSON(parsing: faults) == [[]])
        }
    }
}

@Suite(
    "A page that recomputes its report, in Firefox", .serialized, .requires(pythonTool),
    .requires(PageBrowser.firefox.program))
struct SelfVerifyingFirefoxTests {
    @Test("takes a folder that is dropped: good, changed, missing, extra, changed while reading")
    func dropped() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                """
                set -e
                cp -r dist other; printf 'took\n' > other/bin/tool; rm other/NOTES.md; echo x > other/extra
                rm -r p-1.closeout; truncate -s 300M dist/large
                closeout seal dist --release p@1 --key release.pem
                """)
            try await scene.makePage()
            let visit = try await scene.visit(
                [.drop("dist"), .drop("other"), .dropChanging("dist", file: "dist/large")],
                in: .firefox)
            #expect(visit.states[1].outcome == "3 files match this file; 1 not seen.")
            #expect(visit.states[1].files.map(\.line) == ["artifact.link-target unseen bin/t"])
            let found = Set(visit.states[2].files.map(\.line))
            #expect(
                found.isSuperset(of: [
                    "artifact.digest differs bin/tool", "artifact.missing missing NOTES.md",
                    "artifact.missing missing large", "artifact.unexpected extra extra",
                ]))
            #expect(
                try visit.last.files.map(\.line).contains("artifact.unstable changed large"))
            #expect(try visit.last.style == "fail")
        }
    }

    @Test("finds the same as in Chromium")
    func agrees() async throws {
        try await withScene { scene in
            try await scene.shellDone(
                """
                set -e
                mv dist/bin/tool dist; rm -r dist/bin dist/empty; cp -r dist other; echo x > other/NOTES.md; rm other/tool
                truncate -s 70M dist/large; cp --sparse=always dist/large other
                closeout keygen --no-passphrase -o release --trust trust.json
                closeout keygen --no-passphrase -o stranger --trust stranger.json
                closeout seal dist --release p@1 --key release.pem
                """)
            try await scene.makePage()
            let steps: [PageStep] = [.folder("dist"), .folder("other"), .policy(["stranger.json"])]
            let visit = try await scene.visit(steps, in: .firefox)
            let other = try await scene.visit(steps, in: .chromium)
            #expect(
                visit.states[1].outcome == "3 files match this file."
                    && visit.states[1].style == "pass")
            #expect(
                visit.states[2].files.map(\.line) == [
                    "artifact.size differs NOTES.md", "artifact.missing missing tool",
                ])
            for (left, right) in zip(visit.states, other.states) {
                #expect(left.values == right.values)
                #expect(left.files == right.files)
                #expect(left.outcome == right.outcome && left.keys == right.keys)
            }
        }
    }
}

@Suite("`closeout report`")
struct ReportCommandTests {
    @Test("shows and holds what an outsider may see, unless more is asked for")
    func publicView() async throws {
        try await withStaffedRelease { scene in
            try await scene.record(
                "risk propose p-1.closeout --finding C4 --evidence seal.json --owner Ann --reason 'a secret reason' --control c "
                    + "--reference r --expires 2126-01-01T00:00:00Z --key alice.pem")
            try await scene.makePage()
            let page = String(decoding: try scene.bytes("page.html"), as: UTF8.self)
            #expect(!page.contains("a secret reason") && page.contains("withheld"))
            try await scene.makePage("--trust trust.json --restricted")
            #expect(
                String(decoding: try scene.bytes("page.html"), as: UTF8.self).contains(
                    "a secret reason")
            )
        }
    }

    @Test(
        "writes nothing where there is nothing to recompute, and ends with 30 where the bundle fails"
    )
    func refusals() async throws {
        try await withSealedRelease { scene in
            let bare = try await scene.shell(
                "closeout report p-1.closeout -o page.html --trust trust.json")
            #expect(bare.status == 64 && bare.stderrText.contains("--self-verifying"))
            try await scene.shellDone(
                "cp -r p-1.closeout cut; rm cut/manifest.jsonl; cp -r dist other; echo x > other/NOTES.md"
            )
            let cut = try await scene.shell(
                "closeout report cut --self-verifying -o page.html --trust trust.json")
            #expect(
                cut.status == 65
                    && cut.stderrText.contains(
                        "manifest.jsonl: expected the file that the log names")
            )
            let inside = try await scene.shell(
                "closeout report p-1.closeout --self-verifying -o p-1.closeout/page.html")
            #expect(inside.status == 73)
            #expect(!scene.has("page.html"))
            let failed = try await scene.shell(
                "closeout report p-1.closeout --self-verifying -o page.html --trust trust.json --artifacts other"
            )
            #expect(failed.status == 30 && failed.stderrText.hasPrefix("FAILED p 1"))
            #expect(scene.has("page.html"))
        }
    }
}

extension Scene {
    /// The seal of `p-1.closeout`.
    fileprivate func seal() throws -> JSON { try JSON(parsing: bytes("p-1.closeout/seal.json")) }

    /// The root that its checkpoint commits.
    fileprivate func checkpointRoot() throws -> String {
        let lines = String(decoding: try bytes("p-1.closeout/checkpoint"), as: UTF8.self).split(
            separator: "\n")
        let root = try #require(Base64.decode(Array(lines[2].utf8)))
        return try #require(SHA256Digest(root)).hex
    }

    /// Writes `changed.html`, a page whose data a script of Python has changed: `d` is the data, and
    /// `f(object, member, from, to)` replaces the first such bytes in base64.
    func changePage(_ script: String) async throws {
        let program = """
            import base64, json, re
            page = open("page.html", encoding="utf-8").read()
            found = re.search(r'(<script type="application/json" id="data">)(.*?)(</script>)', page, re.S)
            d = json.loads(found[2])
            def f(object, member, old, new):
                object[member] = base64.b64encode(base64.b64decode(object[member]).replace(old, new, 1)).decode()
            \(script)
            text = json.dumps(d, separators=(",", ":"), sort_keys=True, ensure_ascii=False).replace("<", "\\\\u003c")
            open("changed.html", "w", encoding="utf-8").write(page[:found.start(2)] + text + page[found.end(2):])
            """
        _ = try await run(pythonTool, ["-c", program], workingDirectory: path)
    }
}
