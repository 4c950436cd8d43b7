import CloseoutTestSupport
import Testing

@Suite("Private keys on the command line")
struct PrivateKeyTests {
    @Test(
        "are stored by no command in any dress, and found where they were stored all the same",
        .requires("openssl"), .requires("iconv"))
    func refused() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                """
                set -e
                closeout keygen --no-passphrase -o b --quiet >/dev/null
                iconv -f ASCII -t UTF-16 b.pem > marked.txt
                iconv -f ASCII -t UTF-16BE b.pem > unmarked.txt
                sed ':a;N;$!ba;s/\\n/\\\\u000a/g' b.pem | sed 's/.*/{"key":"&"}/' > key.json
                openssl pkey -in b.pem -outform DER > key.der
                openssl base64 -A -in key.der > key.b64
                tr '+/' '-_' < key.b64 | tr -d = > url.txt
                """)
            let before = try await scene.files(below: "p-1.closeout")
            for name in ["marked.txt", "unmarked.txt", "key.json", "key.der", "key.b64", "url.txt"]
            {
                let added = try await scene.closeout("add", "p-1.closeout", name)
                #expect(added.status != 0)
                #expect(
                    added.stderrText.contains("\(name) holds a private key"),
                    "\(added.stderrText)")
                let attached = try await scene.closeout(
                    "attach", "p-1.closeout", name, "--trust", "trust.json")
                #expect(attached.status != 0)
                #expect(try await scene.files(below: "p-1.closeout") == before)
                try await scene.shellDone(
                    "cp -r p-1.closeout copy; mkdir copy/attachments; cp \(name) copy/attachments/x"
                )
                let verified = try await scene.closeout(
                    "verify", "copy", "--trust", "trust.json", "--artifacts", "none")
                #expect(verified.status == 30)
                #expect(verified.stdoutText.contains("bundle.private-key  attachments/x: "))
                try await scene.shellDone("rm -r copy")
            }
        }
    }
}
