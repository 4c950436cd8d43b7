import CloseoutTestSupport
import Testing

@Suite("Signing with certificates", .requires("openssl"))
struct CertificateTests {
    /// A signer, and the authority that certified it.
    private struct Signer {
        let authority: Authority
        let leaf: Authority.Certified
    }

    /// Certifies a signer `leaf` below an authority between it and the root, and lets a new policy
    /// take it for the release.
    private func withSigner(
        _ trust: String...,
        key: [String] = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
        _ body: (Scene, Authorities, Signer) async throws -> Void
    ) async throws {
        try await withAuthorities { scene, authorities in
            let between = try await authorities.signing.authority(named: "between")
            let leaf = try await between.certify("leaf", key: key)
            try await scene.shellDone(
                """
                set -e
                chmod 600 ca/leaf.pem
                cat ca/leaf.crt.pem ca/between.crt.pem > chain.pem
                closeout trust init trust2.json ca/root.crt.pem --operator acme --role release \
                  \(trust.joined(separator: " "))
                closeout trust add trust2.json release.pub.pem --operator acme --role log
                mv trust2.json trust.json
                """)
            try await body(scene, authorities, Signer(authority: between, leaf: leaf))
        }
    }

    private static let leaf = "--subject CN=leaf,O=Acme"

    @Test(
        "`openssl cms` verifies what `sign --type cms` makes, and so do we",
        arguments: [
            "-algorithm EC -pkeyopt ec_paramgen_curve:P-256",
            "-algorithm RSA -pkeyopt rsa_keygen_bits:2048",
        ])
    func sign(key: String) async throws {
        try await withSigner(
            Self.leaf, "--revocation none", key: key.split(separator: " ").map(String.init)
        ) { scene, authorities, _ in
            let signed = try await scene.closeout(
                "sign", "p-1.closeout", "--key", "ca/leaf.pem", "--type", "cms", "--certificate",
                "chain.pem", "--log-key", "release.pem")
            #expect(signed.status == 0, "\(signed.stderrText)")
            #expect(
                signed.stderrText.contains("cannot reach VERIFIED after 2035-01-01T00:00:00Z"))
            let file = "p-1.closeout/" + signed.stdoutText.dropLast()
            #expect(file.hasSuffix(".p7s"))
            try await scene.shellDone(
                """
                openssl cms -verify -binary -inform DER -in \(file) -purpose any \
                  -content p-1.closeout/seal.json -CAfile ca/root.crt.pem -out content
                cmp content p-1.closeout/seal.json
                """)
            let report = try await authorities.verify()
            #expect(report.verdict == "VERIFIED", "\(report.findings("fail"))")
        }
    }

    @Test(
        "the command that `request` prints makes a signature that is attached and counts",
        arguments: [
            ("ecdsa-p256-sha256", "-algorithm EC -pkeyopt ec_paramgen_curve:P-256"),
            ("rsa-pss-sha256", "-algorithm RSA -pkeyopt rsa_keygen_bits:2048"),
            ("rsa-pkcs1-sha512", "-algorithm RSA -pkeyopt rsa_keygen_bits:2048"),
        ])
    func request(algorithm: String, key: String) async throws {
        try await withSigner(
            Self.leaf, "--revocation none", key: key.split(separator: " ").map(String.init)
        ) { scene, authorities, _ in
            let request = try await scene.closeout(
                "request", "p-1.closeout", "--for", "openssl-cms", "--key-reference",
                "ca/leaf.pem", "--certificate", "chain.pem", "--algorithm", algorithm)
            #expect(request.status == 0, "\(request.stderrText)")
            try await scene.shellDone(lines(request.stdoutText).dropFirst().joined(separator: "\n"))
            let then = try #require(lines(request.stderrText).last?.dropFirst("then: ".count))
            try await scene.shellDone(
                then.replacing("POLICY", with: "trust.json") + " --log-key release.pem")
            #expect(try await authorities.verify().verdict == "VERIFIED")
        }
    }

    @Test("`sign --with openssl-cms` does all of that in one step")
    func signWith() async throws {
        try await withSigner(Self.leaf, "--revocation none") { scene, authorities, _ in
            try await scene.done(
                "sign", "p-1.closeout", "--with", "openssl-cms", "--key-reference", "ca/leaf.pem",
                "--certificate", "chain.pem", "--trust", "trust.json", "--log-key", "release.pem")
            #expect(try await authorities.verify().verdict == "VERIFIED")
        }
    }

    @Test("a certificate of another key, or none, is refused before anything is signed")
    func wrongCertificate() async throws {
        try await withSigner(Self.leaf) { scene, _, _ in
            for certificate in [[], ["--certificate", "ca/root.crt.pem"]] {
                let refused = try await scene.closeout(
                    ["sign", "p-1.closeout", "--key", "ca/leaf.pem", "--type", "cms"]
                        + certificate)
                #expect(refused.status == 64)
                #expect(refused.stderrText.contains("certificate of the key"))
            }
        }
    }

    @Test("what can never count is not stored, and what only lacks a list is")
    func attach() async throws {
        try await withSigner(Self.leaf, "--revocation none") { scene, _, _ in
            try await scene.shellDone(
                """
                sign() { openssl cms -sign -binary -md sha256 -in p-1.closeout/seal.json -outform DER "$@"; }
                sign -signer ca/leaf.crt.pem -inkey ca/leaf.pem -certfile ca/between.crt.pem -out good.p7s
                sign -signer ca/leaf.crt.pem -inkey ca/leaf.pem -nocerts -out bare.p7s
                openssl x509 -in ca/leaf.crt.pem -outform DER -out leaf.der
                """)
            var corrupt = try readFile(scene.path + "/good.p7s")
            let der = try readFile(scene.path + "/leaf.der")
            let place = try #require(corrupt.firstRange(of: der))
            // The tag of the certificate's serial number.
            corrupt[place.lowerBound + 13] ^= 1
            try writeFile(corrupt, to: scene.path + "/corrupt.p7s")
            func attach(_ file: String, _ trust: String) async throws -> RunResult {
                try await scene.closeout(
                    "attach", "p-1.closeout", file, "--trust", trust, "--log-key", "release.pem")
            }
            let broken = try await attach("corrupt.p7s", "trust.json")
            #expect(broken.status == 30)
            #expect(broken.stderrText.contains("a certificate in it cannot be read"))
            #expect(broken.stderrText.contains("serial number"))
            let missing = try await attach("bare.p7s", "trust.json")
            #expect(missing.status == 0, "\(missing.stderrText)")
            #expect(missing.stderrText.contains("its signer's certificate, issued by CN=between"))
            try await scene.shellDone(
                """
                set -e
                closeout trust init mail.json ca/root.crt.pem --operator acme --role release \
                  --subject CN=leaf,O=Acme --revocation none --purpose emailProtection
                closeout trust init lists.json ca/root.crt.pem --operator acme --role release \
                  --subject CN=leaf,O=Acme
                """)
            let purpose = try await attach("good.p7s", "mail.json")
            #expect(purpose.status == 30)
            #expect(purpose.stderrText.contains("the certificate is not for emailProtection"))
            #expect(purpose.stderrText.contains("nothing was stored"))
            let lists = try await attach("good.p7s", "lists.json")
            #expect(lists.status == 0, "\(lists.stderrText)")
            #expect(
                lists.stderrText.contains(
                    "it is unknown whether the certificate of CN=leaf,O=Acme is revoked"))
        }
    }

    @Test("`seal --type cms` is sealed once, however often it is asked for")
    func seal() async throws {
        try await withSigner(Self.leaf, "--revocation none") { scene, authorities, _ in
            try await scene.shellDone("rm -r p-1.closeout")
            for _ in 0..<2 {
                try await scene.done(
                    "seal", "dist", "--release", "p@1", "--key", "ca/leaf.pem", "--type", "cms",
                    "--certificate", "chain.pem", "--log-key", "release.pem", "--trust",
                    "trust.json")
            }
            #expect(try await scene.files(below: "p-1.closeout/signatures").count == 1)
            #expect(try await authorities.verify().verdict == "VERIFIED")
        }
    }

    @Test("lists in the bundle, or given with --crl, show that nobody was revoked")
    func lists() async throws {
        try await withSigner(Self.leaf) { scene, authorities, signer in
            try makeDirectory(scene.path + "/lists")
            let root = try await authorities.signing.revocationList()
            let other = try await signer.authority.revocationList()
            try writeFile(root, to: scene.path + "/lists/root.pem")
            try writeFile(other, to: scene.path + "/lists/between.pem")
            try await scene.shellDone(
                """
                set -e
                openssl crl -in lists/root.pem -outform DER -out lists/root.crl
                rm lists/root.pem
                closeout sign p-1.closeout --key ca/leaf.pem --type cms --certificate \
                  ca/leaf.crt.pem --log-key release.pem
                """)
            // Nothing leads to the anchor without the authority in between.
            #expect(try await authorities.verify().verdict == "INCOMPLETE")
            try await scene.shellDone("cat ca/between.crt.pem lists/between.pem > both.pem")
            let stored = try await authorities.attach("both.pem", "ca/between.crt.pem")
            #expect(stored.filter { $0.hasPrefix("certificates/") }.count == 3)
            #expect(Set(stored).count == 2)
            let gap = try await authorities.verify()
            #expect(gap.verdict == "INCOMPLETE")
            #expect(gap.checks("unknown").contains("certificate.revocation"))
            #expect(
                try await authorities.verify("--crl", "lists").verdict == "VERIFIED")
            #expect(
                try await authorities.verify("--crl", "lists/root.crl").verdict == "VERIFIED")
            try await authorities.attach("lists/root.crl")
            #expect(try await authorities.verify().verdict == "VERIFIED")
        }
    }

    @Test("a list that revokes the signer, given from outside, fails the bundle")
    func revoked() async throws {
        try await withSigner(Self.leaf, "--revocation none") { scene, authorities, signer in
            try await scene.done(
                "sign", "p-1.closeout", "--key", "ca/leaf.pem", "--type", "cms", "--certificate",
                "chain.pem", "--log-key", "release.pem")
            try writeFile(
                try await signer.authority.revocationList([.init(signer.leaf, at: "260401000000Z")]
                ),
                to: scene.path + "/revoked.pem")
            #expect(try await authorities.verify().verdict == "VERIFIED")
            let report = try await authorities.verify("--crl", "revoked.pem")
            #expect(report.verdict == "FAILED")
            #expect(report.checks("fail").contains("certificate.revocation"))
            let garbage = try await scene.closeout(
                "verify", "p-1.closeout", "--trust", "trust.json", "--crl", "dist/NOTES.md")
            #expect(garbage.status == 65)
        }
    }

    @Test(
        "a list that revokes the signer, given from outside, keeps a release from being decided on")
    func revokedBeforeDeciding() async throws {
        try await withSigner(Self.leaf, "--revocation none") { scene, _, signer in
            try writeFile(
                try await signer.authority.revocationList([.init(signer.leaf, at: "260401000000Z")]
                ),
                to: scene.path + "/revoked.pem")
            try await scene.shellDone(
                """
                set -e
                closeout sign p-1.closeout --key ca/leaf.pem --type cms --certificate chain.pem \
                  --log-key release.pem
                closeout keygen --no-passphrase -o dora
                closeout trust add trust.json dora.pub.pem --operator dora --role decider
                """)
            let criteria = "--criteria artifacts-only --artifacts dist"
            for command in [
                "decide p-1.closeout \(criteria)", "retention health p-1.closeout",
                "status p-1.closeout", "close p-1.closeout --key dora.pem \(criteria)",
            ] {
                let line = "closeout \(command) --trust trust.json"
                let reported = try await scene.shell(line + " --crl revoked.pem")
                #expect(reported.stdoutText.contains("FAILED"), "\(line): \(reported.stdoutText)")
                #expect(reported.status == (command.hasPrefix("status") ? 0 : 30), "\(line)")
                let garbage = try await scene.shell(line + " --crl dist/NOTES.md")
                #expect(garbage.status == 65, "\(line)")
                let without = try await scene.shell(line)
                #expect(!without.stdoutText.contains("FAILED"), "\(line): \(without.stdoutText)")
            }
        }
    }

    @Test("a decision is not recorded that rests on lists which the bundle lacks")
    func closing() async throws {
        try await withSigner(Self.leaf) { scene, authorities, signer in
            try makeDirectory(scene.path + "/lists")
            for authority in [authorities.signing, signer.authority] {
                try writeFile(
                    try await authority.revocationList(),
                    to: "\(scene.path)/lists/\(authority.name)")
            }
            try await scene.shellDone(
                """
                set -e
                closeout sign p-1.closeout --key ca/leaf.pem --type cms --certificate chain.pem \
                  --log-key release.pem
                closeout keygen --no-passphrase -o dora
                closeout trust add trust.json dora.pub.pem --operator dora --role decider
                """)
            let options = "p-1.closeout --trust trust.json --criteria artifacts-only"
            let decide = "closeout decide \(options) --artifacts dist"
            #expect(try await scene.shell(decide).status == 40)
            #expect(try await scene.shell(decide + " --crl lists").status == 0)
            let close =
                "closeout close \(options) --artifacts dist --key dora.pem --log-key release.pem"
            let refused = try await scene.shell(close + " --crl lists")
            #expect(refused.status == 64)
            #expect(refused.stderrText.contains("attach what --crl gives"))
            #expect(try await !scene.shellDone("ls p-1.closeout").contains("evidence"))
            try await scene.shellDone(
                "closeout attach p-1.closeout lists/* --trust trust.json --log-key release.pem")
            let closed = try await scene.shell(close + " --crl lists")
            #expect(closed.status == 0, "\(closed.stderrText)")
            #expect(try await scene.shell(decide).status == 0)
        }
    }

    @Test("verify-signature takes lists and a time-stamp of the signature")
    func singleFile() async throws {
        try await withSigner(Self.leaf) { scene, authorities, signer in
            for (folder, time) in [("early", "20260101000000Z"), ("later", "20270101000000Z")] {
                try makeDirectory("\(scene.path)/\(folder)")
                for authority in [authorities.signing, signer.authority] {
                    try writeFile(
                        try await authority.revocationList(from: time),
                        to: "\(scene.path)/\(folder)/\(authority.name)")
                }
            }
            try await authorities.trustStamper()
            try await scene.shellDone(
                """
                set -e
                openssl cms -sign -binary -in dist/NOTES.md -signer ca/leaf.crt.pem \
                  -inkey ca/leaf.pem -certfile ca/between.crt.pem -outform DER -out notes.p7s
                openssl asn1parse -inform DER -in notes.p7s | tail -1 > last
                tail -c $(sed 's/.*l= *\\([0-9]*\\).*/\\1/' last) notes.p7s > value
                openssl ts -query -data value -sha256 -cert -out value.tsq
                openssl ts -reply -config tsa/ts.cnf -queryfile value.tsq -out value.tsr
                """)
            let verify = [
                "verify-signature", "dist/NOTES.md", "notes.p7s", "--trust", "trust.json",
            ]
            #expect(try await scene.closeout(verify).status == 40)
            #expect(try await scene.closeout(verify + ["--crl", "early"]).status == 0)
            // A list speaks of a proven time for good once it is made after it.
            let late = verify + ["--as-of", "2036-01-01T00:00:00Z", "--crl", "later"]
            #expect(try await scene.closeout(late).status == 40)
            let stamped = try await scene.closeout(late + ["--token", "value.tsr"])
            #expect(stamped.status == 0, "\(stamped.stdoutText)\(stamped.stderrText)")
            #expect(stamped.stdoutText.contains("by time-stamp of tsa (stamper)"))
            let seal = try await authorities.stamp(over: "seal.json")
            let wrong = try await scene.closeout(verify + ["--crl", "early", "--token", seal])
            #expect(wrong.status == 30)
            #expect(wrong.stdoutText.contains("time-stamp · it covers other bytes"))
        }
    }
}
