import CloseoutTestSupport
import Testing

@Suite("closeout keygen", .requires("openssl"))
struct KeygenTests {
    @Test(
        "makes a pair of every kind that openssl reads, private to its owner",
        arguments: [
            ("ed25519", "ED25519"), ("p256", "P-256"), ("p384", "P-384"), ("rsa", "3072 bit"),
        ])
    func kinds(type: String, words: String) async throws {
        try await withScene { scene in
            let made = try await scene.closeout(
                "keygen", "--type", type, "--no-passphrase", "-o", "k")
            #expect(made.status == 0)
            #expect(made.stdoutText == "k.pem\nk.pub.pem\n")
            let text = try await scene.shellDone("openssl pkey -in k.pem -noout -text")
            #expect(text.contains(words))
            let derived = try await scene.shellDone("openssl pkey -in k.pem -pubout")
            #expect(Array(derived.utf8) == (try scene.bytes("k.pub.pem")))
            #expect(try await scene.shellDone("stat -c %a k.pem k.pub.pem") == "600\n644\n")
            #expect(
                try await scene.done("keygen", "--public", "k.pem").joined(separator: "\n")
                    + "\n" == derived)
            let fingerprint = try await scene.shellDone(
                "openssl pkey -pubin -in k.pub.pem -outform DER | sha256sum | cut -c 1-64")
            let base64 = try await scene.shellDone(
                "openssl pkey -pubin -in k.pub.pem -outform DER | openssl dgst -sha256 -binary | "
                    + "base64 -w 0")
            #expect(made.stderrText.contains("fingerprint \(fingerprint)"))
            #expect(made.stderrText.contains("SHA256:\(base64)"))
        }
    }

    @Test(
        "takes a passphrase from a variable, a file and a descriptor, for making and for signing",
        arguments: ["env:WORDS", "file:words", "fd:3"])
    func passphrases(source: String) async throws {
        try await withScene { scene in
            try scene.write("open sesame\n", to: "words")
            try await scene.shellDone("chmod 600 words")
            let script = """
                export WORDS='open sesame'
                exec 3< words
                closeout keygen -o release --passphrase \(source) || exit
                exec 3< words
                closeout seal dist --release p@1 --key release.pem --passphrase \(source)
                """
            try await scene.shellDone(script)
            #expect(
                String(decoding: try scene.bytes("release.pem"), as: UTF8.self)
                    .hasPrefix("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"))
            try await scene.shellDone(
                "openssl pkey -in release.pem -passin 'pass:open sesame' -noout")
            try await scene.done(
                "verify", "p-1.closeout", "--key", "release.pub.pem", "--artifacts", "dist")
            let wrong = try await scene.closeout(
                "checkpoint", "p-1.closeout", "--key", "release.pem", "--passphrase", "env:OTHER",
                environment: ["OTHER": "guess"])
            #expect(wrong.status == 65)
        }
    }

    @Test(
        "without a terminal asks for nothing and names where a passphrase can come from",
        .requires("setsid"))
    func noTerminal() async throws {
        try await withScene { scene in
            let made = try await scene.shell("setsid --wait closeout keygen -o k")
            #expect(made.status == 64)
            #expect(
                made.stderrText.contains(
                    "hint: give --passphrase env:NAME, file:PATH or fd:N, or --no-passphrase"))
            #expect(!scene.has("k.pem"))
            try await scene.done(
                "keygen", "-o", "k", "--passphrase", "env:WORDS", environment: ["WORDS": "w"])
            let used = try await scene.shell(
                "setsid --wait closeout seal dist --release p@1 --key k.pem")
            #expect(used.status == 64)
            #expect(used.stderrText.contains("hint: give --passphrase env:NAME"))
        }
    }

    @Test(
        "a key comes from a file, a variable, a descriptor or standard input",
        arguments: [
            "--key release.pem", "--key env:KEY", "--key fd:3 3< release.pem",
            "--key - < release.pem",
        ])
    func sources(words: String) async throws {
        try await withScene { scene in
            try await scene.done("keygen", "--no-passphrase", "-o", "release")
            try await scene.shellDone(
                "KEY=$(cat release.pem) closeout seal dist --release p@1 \(words)")
            try await scene.done(
                "verify", "p-1.closeout", "--key", "release.pub.pem", "--artifacts", "dist")
        }
    }

    @Test("a private key that others may read is refused with the chmod to run, which helps")
    func readableKey() async throws {
        try await withScene { scene in
            try await scene.done("keygen", "--no-passphrase", "-o", "my key")
            try await scene.shellDone("chmod 644 'my key.pem'")
            let arguments = ["seal", "dist", "--release", "p@1", "--key", "my key.pem"]
            let refused = try await scene.closeout(arguments)
            #expect(refused.status == 64)
            let hint = try #require(lines(refused.stderrText).first { $0.hasPrefix("hint: ") })
            #expect(hint.hasPrefix("hint: chmod 600 'my key.pem', or --allow-readable-key"))
            #expect(!scene.has("p-1.closeout"))
            #expect(try await scene.closeout(arguments + ["--allow-readable-key"]).status == 0)
            try await scene.shellDone("rm -r p-1.closeout; chmod 600 'my key.pem'")
            #expect(try await scene.closeout(arguments).status == 0)
        }
    }

    @Test("--public takes a public key too, which anyone may read, and prints its fingerprint")
    func publicOfPublic() async throws {
        try await withScene { scene in
            let made = try await scene.closeout("keygen", "--no-passphrase", "-o", "k")
            let pem = String(decoding: try scene.bytes("k.pub.pem"), as: UTF8.self)
            try await scene.shellDone(
                "openssl pkey -pubin -in k.pub.pem -outform DER -out k.pub.der")
            for file in ["k.pem", "k.pub.pem", "k.pub.der"] {
                let shown = try await scene.closeout("keygen", "--public", file)
                #expect(shown.status == 0)
                #expect(shown.stdoutText == pem)
                #expect(shown.stderrText == made.stderrText)
            }
            try await scene.shellDone("chmod 644 k.pem")
            #expect(try await scene.closeout("keygen", "--public", "k.pem").status == 64)
        }
    }

    @Test("overwrites no file, and leaves none of a pair that it cannot make whole")
    func overwritesNothing() async throws {
        try await withScene { scene in
            try scene.write("mine", to: "k.pub.pem")
            let refused = try await scene.closeout("keygen", "--no-passphrase", "-o", "k")
            #expect(refused.status == 73)
            #expect(!scene.has("k.pem"))
            #expect(try scene.bytes("k.pub.pem") == Array("mine".utf8))
        }
    }

    @Test("a key is added to a policy that is there, with roles of its own or those of another key")
    func addsToPolicy() async throws {
        try await withScene { scene in
            try await scene.done(
                "keygen", "--no-passphrase", "-o", "a", "--trust", "t.json", "--role", "release")
            try await scene.done(
                "keygen", "--no-passphrase", "-o", "b", "--trust", "t.json", "--role", "archive",
                "--role", "log")
            try await scene.done(
                "keygen", "--no-passphrase", "-o", "c", "--trust", "t.json", "--replaces", "b")
            let shown = try await scene.done("trust", "show", "t.json").joined(separator: "\n")
            #expect(shown.contains("release  1 of a"))
            #expect(shown.contains("archive  1 of b, c"))
            #expect(shown.contains("log  1 of b, c"))
            #expect(shown.contains("c · operator b"))
        }
    }

    @Test(
        "a policy that the key cannot be added to stays as it is, and no key is left",
        arguments: [
            (["--role", "release"], "a", Int32(65)), ([], "b", 64),
            (["--replaces", "none"], "b", 65),
            (["--role", "release", "--replaces", "a"], "b", 64),
        ])
    func refusesPolicy(options: [String], name: String, status: Int32) async throws {
        try await withScene { scene in
            try await scene.done("keygen", "--no-passphrase", "-o", "a", "--trust", "t.json")
            try await scene.shellDone("rm a.pem a.pub.pem")
            let before = try scene.bytes("t.json")
            let refused = try await scene.closeout(
                ["keygen", "--no-passphrase", "-o", name, "--trust", "t.json"] + options)
            #expect(refused.status == status)
            #expect(!scene.has("\(name).pem") && !scene.has("\(name).pub.pem"))
            #expect(try scene.bytes("t.json") == before)
        }
    }

    @Test("openssl's own keys sign here, encrypted ones, traditional ones and DER too")
    func foreignKeys() async throws {
        try await withScene { scene in
            try await scene.shellDone(
                """
                set -e
                umask 077
                openssl ecparam -name prime256v1 -genkey -noout -out ec.pem
                openssl genpkey -quiet -algorithm ed25519 -outform DER -out ed.der
                openssl genpkey -quiet -algorithm ed25519 -aes256 -pass pass:w -out enc.pem
                openssl pkey -in ec.pem -pubout -out ec.pub.pem
                openssl pkey -inform DER -in ed.der -pubout -out ed.pub.pem
                openssl pkey -in enc.pem -passin pass:w -pubout -out enc.pub.pem
                W=w
                export W
                for key in ec.pem ed.der enc.pem; do
                  closeout seal dist --release $key@1 --key $key --passphrase env:W
                  closeout verify $key-1.closeout --key ${key%.*}.pub.pem --artifacts dist
                done
                """)
        }
    }
}
