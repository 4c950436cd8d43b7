import CloseoutTestSupport
import Testing

@Suite("What is given for a signature or a bundle and is none")
struct ForeignFileTests {
    /// A way to make the file `x`, and what it is called.
    struct Kind: Sendable, CustomTestStringConvertible {
        let script: String
        let words: String
        let hint: String

        var testDescription: String { words }

        static let all = [
            Kind(
                script: "tar --format=gnu -cf x p-1.closeout", words: "a file of GNU tar",
                hint: "unpack it"),
            Kind(script: "tar czf x p-1.closeout", words: "a file of gzip", hint: "unpack it"),
            Kind(
                script: "tar cf - p-1.closeout | xz > x", words: "a file of xz", hint: "unpack it"),
            Kind(
                script: "printf '\\357\\273\\277{}' > x",
                words: "text that begins with a byte order mark, which no format here has",
                hint: "UTF-8 without a byte order mark"),
            Kind(
                script: "iconv -f UTF-8 -t UTF-16LE < trust.json > x",
                words: "text in UTF-16, where UTF-8 belongs", hint: "iconv -f UTF-16LE -t UTF-8"),
        ]
    }

    @Test("is named by every command alike, with what to do", arguments: Kind.all)
    func named(kind: Kind) async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(kind.script)
            for (command, status) in [
                ("verify x --trust trust.json", 65), ("unpack x -o new", 66), ("show x", 66),
                ("attach p-1.closeout x --trust trust.json", 65),
                ("verify-signature dist/NOTES.md x --trust trust.json", 65),
                ("sign p-1.closeout --with 'exec:cat x' --trust trust.json", 65),
                ("verify p-1.closeout --key x", 65), ("trust init new.json x --operator o", 65),
            ] {
                let refused = try await scene.shell("closeout \(command)")
                #expect(refused.status == Int32(status), "\(command)")
                #expect(
                    refused.stderrText.contains(kind.words), "\(command): \(refused.stderrText)")
                #expect(refused.stderrText.contains(kind.hint), "\(command): \(refused.stderrText)")
            }
        }
    }

    @Test(
        "a signed message of mail is named, and its signature counts once it is taken out",
        .requires("openssl"))
    func mail() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                """
                set -e; openssl req -x509 -newkey rsa:2048 -nodes -keyout c.key -out c.pem \\
                    -subj /CN=c -days 30 2> /dev/null
                closeout trust init c.json c.pem --operator o --role archive --leaf-spki c.pem \\
                    --purpose any --revocation none
                openssl cms -sign -binary -in dist/NOTES.md -signer c.pem -inkey c.key -out mail
                { echo 'From: a@example.org'; cat mail; } > forwarded
                """)
            for name in ["mail", "forwarded"] {
                let refused = try await scene.closeout(
                    "verify-signature", "dist/NOTES.md", name, "--trust", "c.json")
                #expect(refused.status == 65)
                let said = lines(refused.stderrText)
                #expect(said.first == "closeout: \(name) is an S/MIME message, and no signature")
                let command = String(try #require(said.last?.split(separator: ": ").last))
                try await scene.shellDone(
                    command.replacing("MESSAGE", with: name).replacing("FILE", with: "s.p7s"))
                try await scene.done(
                    "verify-signature", "dist/NOTES.md", "s.p7s", "--trust", "c.json")
            }
            let pgp =
                "Content-Type: multipart/signed; micalg=pgp-sha512;\n"
                + " protocol=\"application/pgp-signature\"; boundary=b\n\n--b\n"
            try scene.write(pgp, to: "pgp")
            let refused = try await scene.closeout(
                "verify-signature", "dist/NOTES.md", "pgp", "--trust", "c.json")
            #expect(refused.stderrText.hasPrefix("closeout: pgp is a PGP/MIME message, and no "))
        }
    }
}
