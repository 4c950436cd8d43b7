import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

@Suite(
    "A page that recomputes its report, beside the command", .serialized, .requires(pythonTool),
    .requires(PageBrowser.chromium.program), .requires("gpg"), .requires("minisign"),
    .requires("signify-openbsd"), .requires("ssh-keygen"))
struct SelfVerifyingPolicyTests {
    /// The formats that a page leaves to the command.
    private static let left = [".pgp", ".p7s"]

    /// Runs a test on the release of scripts/ten-formats, with signatures in further formats.
    private func withFormats(_ body: (Scene) async throws -> Void) async throws {
        try await withTemporaryDirectory { path in
            try await Scene(path: path).shellDone("\(repositoryRoot)/scripts/ten-formats ten")
            let scene = Scene(path: path + "/ten")
            try await scene.shellDone(
                """
                set -e
                export CLOSEOUT_TRUST=trust.json CLOSEOUT_LOG_KEY=log.pem
                seal=p-1.closeout/seal.json
                for name in azure base64 message legacy; do
                    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out $name.pem
                    openssl pkey -in $name.pem -pubout -out $name.pub.pem
                    openssl dgst -sha256 -sign $name.pem -out $name.der $seal
                    [ $name = legacy ] || closeout trust add trust.json $name.pub.pem --operator $name --id $name --role release
                done
                python3 - <<'P'
                import base64
                der = open("azure.der", "rb").read()
                def number(at):
                    return der[at + 2:at + 2 + der[at + 1]], at + 2 + der[at + 1]
                r, at = number(2)
                s, _ = number(at)
                sides = b"".join(int.from_bytes(n, "big").to_bytes(32, "big") for n in (r, s))
                open("azure.sig", "w").write(base64.urlsafe_b64encode(sides).decode().rstrip("="))
                message = base64.b64encode(open("message.der", "rb").read()).decode()
                open("message.json", "w").write(
                    '{"mediaType":"application/vnd.dev.sigstore.bundle+json;version=0.2","verificationMaterial":{"publicKey":{}},'
                    '"messageSignature":{"signature":"' + message + '"}}')
                P
                base64 -w 40 base64.der > plain.b64
                minisign -G -f -W -p old.pub -s old.key > /dev/null
                minisign -S -l -s old.key -m $seal -x old.minisig > /dev/null
                closeout trust add trust.json old.pub --id old --operator old --role release --legacy
                closeout attach p-1.closeout azure.sig --type azure-keyvault
                closeout attach p-1.closeout plain.b64
                closeout attach p-1.closeout message.json
                closeout attach p-1.closeout old.minisig
                """)
            try await body(scene)
        }
    }

    private func report(_ scene: Scene, _ policy: String) async throws -> ReportReading {
        try ReportReading(
            parsing: await scene.closeout(
                "verify", "p-1.closeout", "--trust", policy, "--artifacts", "dist", "--format",
                "json"
            ).stdout)
    }

    /// Demands that a page says nothing better than the command: of no signature, role or other value.
    private func compare(
        _ state: PageVisit.State, _ report: ReportReading, _ name: String
    ) throws {
        let counting = Set(
            (report.json["signatures"]?.elements ?? [])
                .filter { $0["counts"] == true }.compactMap { $0["path"]?.text })
        for row in state.values where row.check == "signature.valid" {
            let isLeft = Self.left.contains { row.subject.hasSuffix($0) }
            let expected = counting.contains(row.subject) && !isLeft ? "matches" : "unchecked"
            #expect(row.kind == expected, "\(name): \(row.subject): \(row.words)")
        }
        let passed = report.findings("pass")
        for row in state.values where row.kind == "matches" && row.check != "signature.valid" {
            let subjects = passed.filter { $0.id == row.check }.map(\.subject)
            #expect(!subjects.isEmpty, "\(name): \(row.line)")
            if row.subject.hasPrefix("role ") {
                #expect(subjects.contains(row.subject), "\(name): \(row.line)")
            }
        }
        #expect(state.values("differs") == [], "\(name)")
    }

    @Test("finds of the signatures of each format and of each role what the command finds")
    func formats() async throws {
        try await withFormats { scene in
            try await scene.makePage()
            let visit = try await scene.visit([.policy(["trust.json"])])
            let found = try await report(scene, "trust.json")
            #expect(found.verdict == "VERIFIED")
            for state in visit.states {
                try compare(state, found, "trust.json")
                let rows = state.values.filter { $0.check == "signature.valid" }
                #expect(rows.count == 14)
                #expect(rows.count { $0.kind == "matches" } == 12)
                let role = try #require(state.values.first { $0.subject == "role release" })
                #expect(role.kind == "matches" && role.words.contains("12 found here"))
            }
        }
    }

    @Test("says of no policy more than the command, whether it is the page's or the reader's own")
    func policies() async throws {
        try await withFormats { scene in
            let changes = [
                "closeout trust revoke trust.json KEY --reason superseded --at 2025-01-01T00:00:00Z",
                "closeout trust revoke trust.json KEY --reason compromised --at 2090-01-01T00:00:00Z",
                "closeout trust retire trust.json KEY --at 2025-01-01T00:00:00Z",
                "closeout trust retire trust.json KEY --at 2090-01-01T00:00:00Z",
                "sed -i 's/\"id\":\"KEY\"/&,\"not_before\":\"2090-01-01T00:00:00Z\"/' trust.json",
                "sed -i 's/\"id\":\"KEY\"/&,\"not_before\":\"2025-01-01T00:00:00Z\"/' trust.json",
                "sed -i 's/\"threshold\":10/\"threshold\":13/' trust.json",
                "sed -i 's/\"threshold\":10/&,\"releases\":[\"other\"]/' trust.json",
                "sed -i 's/\"log\":{/&\"releases\":[\"other\"],/' trust.json",
                "sed -i 's/\"legacy\":true,//; s/\"version\":/\"expires\":\"2025-01-01T00:00:00Z\",&/' trust.json",
            ]
            var names: [String] = []
            for key in ["aws-kms", "minisign", "sigstore", "azure"] {
                for (number, change) in changes.enumerated() {
                    guard number < 6 || key == "azure" else { continue }
                    let name = "\(key)-\(number).json"
                    try await scene.shellDone(
                        "cp trust.json saved\n\(change.replacing("KEY", with: key))\nmv trust.json \(name)\nmv saved trust.json"
                    )
                    names.append(name)
                }
            }
            try await scene.makePage()
            let visit = try await scene.visit(names.map { .policy([$0]) })
            for (name, state) in zip(names, visit.states.dropFirst()) {
                #expect(state.keys.contains("your own policy"), "\(name): \(state.status)")
                try compare(state, await report(scene, name), name)
            }
            for name in ["aws-kms-0.json", "minisign-2.json", "azure-7.json", "azure-9.json"] {
                try await scene.makePage("--trust \(name) --artifacts dist")
                try compare(try await scene.visit().last, await report(scene, name), name)
            }
        }
    }

    @Test("names a signature of minisign whose comment or content is another")
    func minisign() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                """
                set -e
                minisign -G -f -W -p m.pub -s m.key > /dev/null
                closeout trust add trust.json m.pub --id mini --operator mini --role release
                minisign -S -s m.key -m p-1.closeout/seal.json -x m.minisig -t 'release 1' > /dev/null
                minisign -S -s m.key -m dist/NOTES.md -x other.minisig > /dev/null
                minisign -S -l -s m.key -m p-1.closeout/seal.json -x legacy.minisig > /dev/null
                closeout attach p-1.closeout m.minisig --trust trust.json --log-key release.pem
                """)
            try await scene.makePage()
            for (change, kind, words) in [
                ("", "matches", "valid, by key mini of mini"),
                ("b'release 1', b'release 2'", "differs", "trusted comment is not the one"),
                (
                    "b'untrusted comment', b'untrusted  comment'", "differs",
                    "has no line that begins"
                ),
                ("b'\\n', b'\\r\\n'", "differs", "mixes the ends of lines"),
                ("b'release 1\\n', b'release 1\\n\\n'", "differs", "has not exactly 4 lines"),
                ("None, 'other.minisig'", "differs", "names key mini, which did not make it"),
                ("None, 'legacy.minisig'", "unchecked", "takes none of this kind"),
            ] {
                let place = "next(s for s in d['signatures'] if s['path'].endswith('minisig'))"
                let script =
                    change.hasPrefix("None")
                    ? "\(place)['bytes'] = base64.b64encode(open(\(change.dropFirst(6)), 'rb').read()).decode()"
                    : change.isEmpty ? "pass" : "f(\(place), 'bytes', \(change))"
                try await scene.changePage(script)
                let state = try await scene.visit(page: "changed.html").last
                let row = try #require(
                    state.values.first {
                        $0.check == "signature.valid" && $0.subject.hasSuffix(".minisig")
                    })
                #expect(row.kind == kind && row.words.contains(words), "\(change): \(row.words)")
            }
        }
    }

    /// Cosigns a checkpoint, as a witness does, with a time that differs by some seconds from now.
    private static let cosign = """
        import sys, time
        from aics_tlog import (Note, cosignature_vkey, format_vkey, parse_checkpoint, parse_note,
                               sign_cosignature)
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        key, name = Ed25519PrivateKey.generate(), "example.com/witness"
        note = parse_note(open("p-1.closeout/checkpoint", "rb").read())
        checkpoint = parse_checkpoint(note.text)
        open("witness.vkey", "w").write(format_vkey(cosignature_vkey(name, key.public_key())) + "\\n")
        for number, seconds in enumerate([0, 100000, -100000]):
            _, line = sign_cosignature(key, name, int(time.time()) + seconds, checkpoint.origin,
                                       checkpoint.size, checkpoint.root)
            cosigned = Note(text=note.text, signatures=(*note.signatures, line))
            open(f"{number}.note", "wb").write(cosigned.to_bytes())
        """

    @Test("checks the line of a witness, and takes no time of it that cannot be")
    func witness() async throws {
        try await withSealedRelease { scene in
            try await runSuccessfully(
                pythonTool, ["-c", Self.cosign], workingDirectory: scene.path)
            try await scene.done(
                "trust", "add", "trust.json", "witness.vkey", "--operator", "neighbour", "--role",
                "witness", "--id", "witness")
            try await scene.makePage()
            for (number, kind, words) in [
                (0, "matches", "valid, by key witness of neighbour"),
                (1, "unchecked", "its time cannot be right"),
                (2, "unchecked", "its time cannot be right"),
            ] {
                try await scene.changePage(
                    "d['checkpoint'] = base64.b64encode(open('\(number).note', 'rb').read()).decode()"
                )
                let state = try await scene.visit(page: "changed.html").last
                let rows = state.values.filter { $0.check == "log.checkpoint-signature" }
                #expect(rows.map(\.kind) == ["matches", kind, "matches"])
                #expect(rows.count == 3 && rows[1].words.contains(words), "\(rows)")
            }
            try await scene.changePage(
                """
                note = open('0.note', 'rb').read().rstrip(b'\\n')
                d['checkpoint'] = base64.b64encode(note[:-4] + b'AAA=' + b'\\n').decode()
                """)
            let changed = try await scene.visit(page: "changed.html").last
            #expect(
                changed.values("differs").contains {
                    ["log.checkpoint-signature", "log.checkpoint"].contains($0.check)
                })
        }
    }

    @Test("refuses a policy that the command refuses, and counts no key that anybody has")
    func refusedPolicies() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                """
                set -e
                change() { sed "$2" trust.json > "$1.json"; }
                change role 's/"log":{/"logg":{/'
                change threshold 's/"threshold":1/"threshold":0/'
                change many 's/"threshold":1/"threshold":257/'
                change nobody 's/"keys":\\["release"\\]/"keys":[]/'
                change stranger 's/"keys":\\["release"\\]/"keys":["other"]/'
                change reason 's/"id":"release"/&,"revoked":{"at":"2025-01-01T00:00:00Z","reason":"lost"}/'
                change window 's/"id":"release"/&,"not_before":"2025-01-02T00:00:00Z","not_after":"2025-01-01T00:00:00Z"/'
                change algorithm 's/"id":"release"/&,"algorithm":"rsa-pss-sha256"/'
                openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out weak.pem
                openssl pkey -in weak.pem -pubout -out weak.pub.pem
                cp trust.json weak.json
                closeout trust add weak.json weak.pub.pem --operator w --id weak --role release --algorithm rsa-pkcs1-sha256
                openssl dgst -sha256 -sign weak.pem -out weak.sig p-1.closeout/seal.json
                cp trust.json sample.json
                closeout trust add sample.json \(repositoryRoot)/keys-sample/p256.pub.pem --operator s --id sample --role release
                openssl dgst -sha256 -sign \(repositoryRoot)/keys-sample/p256.pem -out sample.sig p-1.closeout/seal.json
                """)
            try await scene.makePage()
            let refused = [
                "role", "threshold", "many", "nobody", "stranger", "reason", "window", "algorithm",
            ]
            let visit = try await scene.visit(refused.map { .policy(["\($0).json"]) })
            for (name, state) in zip(refused, visit.states.dropFirst()) {
                let command = try await scene.closeout(
                    "verify", "p-1.closeout", "--trust", "\(name).json", "--artifacts", "dist")
                #expect(command.status == 65, "\(name)")
                #expect(state.status.hasPrefix("The policy "), "\(name): \(state.status)")
            }
            for (name, words) in [("weak", "too weak"), ("sample", "anybody can sign")] {
                try await scene.changePage(
                    """
                    d['signatures'][0]['bytes'] = base64.b64encode(open('\(name).sig', 'rb').read()).decode()
                    f(d, 'log', b'application/vnd.dsse.envelope.v1+json', b'application/vnd.closeout.signature.raw')
                    """)
                let state = try await scene.visit(
                    [.policy(["\(name).json"])], page: "changed.html"
                ).last
                let row = try #require(state.values.first { $0.check == "signature.valid" })
                #expect(row.kind == "unchecked" && row.words.contains(words), "\(row.words)")
                let role = try #require(state.values.first { $0.subject == "role release" })
                #expect(role.kind == "unchecked")
            }
        }
    }
}
