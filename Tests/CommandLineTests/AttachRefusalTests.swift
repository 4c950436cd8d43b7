import CloseoutTestSupport
import Testing

@Suite("What attach says of a file that it refuses")
struct AttachRefusalTests {
    private func refuse(
        _ scene: Scene, _ file: String, _ status: Int32, _ words: String
    ) async throws {
        let refused = try await scene.closeout(
            "attach", "p-1.closeout", file, "--trust", "trust.json")
        #expect(refused.status == status, "\(file): \(refused.stderrText)")
        #expect(refused.stderrText.contains(words), "\(file): \(refused.stderrText)")
    }

    @Test("names the way of signing with gpg that is taken", .requires("gpg"))
    func gpg() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                """
                set -e
                mkdir -m 700 home; export GNUPGHOME="$PWD/home"
                gpg -q --batch --passphrase '' --quick-generate-key a@x.example rsa2048 sign never
                gpg -q --armor --export > gpg.asc
                seal=p-1.closeout/seal.json
                gpg -q --batch --digest-algo SHA1 --detach-sign < $seal > sha1
                gpg -q --batch --textmode --detach-sign < $seal > text
                gpg -q --batch --sign < $seal > inline
                gpgconf --kill all
                closeout trust add trust.json gpg.asc --operator g --role archive
                """)
            try await refuse(
                scene, "sha1", 30, "hint: nothing was stored; sign with another digest")
            try await refuse(scene, "text", 30, "hint: nothing was stored; sign without --textmode")
            try await refuse(scene, "inline", 30, "; make a detached signature: gpg --detach-sign")
        }
    }

    @Test(
        "names the namespace and the kind that are taken", .requires("ssh-keygen"),
        .requires("minisign"))
    func namespace() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                """
                set -e
                seal=p-1.closeout/seal.json
                ssh-keygen -q -t ed25519 -N '' -f id
                ssh-keygen -q -Y sign -n mine -f id < $seal > ssh
                minisign -G -W -p k.pub -s k.key > /dev/null
                minisign -S -l -s k.key -m $seal -x legacy > /dev/null
                sed 's/$/\\r/' p-1.closeout/checkpoint > crlf
                for k in id.pub k.pub; do
                  closeout trust add trust.json $k --operator $k --role archive
                done
                """)
            try await refuse(scene, "ssh", 30, "; sign for a namespace of the key: ssh-keygen -Y")
            try await refuse(scene, "legacy", 30, "; sign without -l of minisign, or add the key")
            try await refuse(
                scene, "crlf", 65,
                "crlf is a signature of the format note with Windows line ends (CR LF)")
        }
    }

    @Test("says what a file is that is no signature", .requires("openssl"))
    func other() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                """
                set -e
                : > empty
                head -c 100 p-1.closeout/signatures/*.dsse.json > cut
                openssl ts -query -data p-1.closeout/checkpoint -sha256 -out short.tsq
                openssl ts -query -data p-1.closeout/checkpoint -sha512 -cert -out long.tsq
                """)
            try await refuse(scene, "empty", 65, "closeout: empty is empty\n")
            try await refuse(scene, "cut", 65, "hint: give the file as the signer wrote it")
            try await refuse(
                scene, "p-1.closeout/seal.json", 65, "seal.json is a seal itself, and no signature")
            try await refuse(
                scene, "release.pem", 65, "release.pem holds a private key and is not stored")
            for file in ["short.tsq", "long.tsq"] {
                try await refuse(
                    scene, file, 65, "is a request for a time-stamp, and not a response\nhint: ")
            }
        }
    }
}
