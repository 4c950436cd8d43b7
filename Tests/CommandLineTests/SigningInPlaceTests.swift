import CloseoutTestSupport
import Testing

/// What happens where somebody signs `seal.json` where it lies, as each tool does by itself.
@Suite(
    "Signing inside the bundle", .requires("gpg"), .requires("minisign"),
    .requires("signify-openbsd"), .requires("ssh-keygen"))
struct SigningInPlaceTests {
    /// A tool: how it makes its key and signs, and what it leaves beside the seal.
    struct Tool: Sendable, CustomTestStringConvertible {
        let program: String
        let file: String
        let format: String
        let script: String

        var testDescription: String { program }

        static let all = [
            Tool(
                program: "gpg", file: "seal.json.asc", format: "openpgp",
                script: """
                    mkdir -m 700 home; export GNUPGHOME="$PWD/home"
                    gpg -q --batch --passphrase '' --quick-generate-key a@x.example ed25519 sign never
                    gpg -q --armor --export a@x.example > key.pub
                    gpg -q --batch --armor --detach-sign p-1.closeout/seal.json
                    gpgconf --kill all
                    """),
            Tool(
                program: "gpg", file: "seal.json.sig", format: "openpgp",
                script: """
                    mkdir -m 700 home; export GNUPGHOME="$PWD/home"
                    gpg -q --batch --passphrase '' --quick-generate-key a@x.example rsa3072 sign never
                    gpg -q --export a@x.example > key.pub
                    gpg -q --batch --detach-sign p-1.closeout/seal.json
                    gpgconf --kill all
                    """),
            Tool(
                program: "ssh-keygen", file: "seal.json.sig", format: "ssh",
                script: """
                    ssh-keygen -q -t ed25519 -N '' -f key
                    ssh-keygen -q -Y sign -n file -f key p-1.closeout/seal.json 2> /dev/null
                    """),
            Tool(
                program: "minisign", file: "seal.json.minisig", format: "minisign",
                script: """
                    minisign -G -W -p key.pub -s key > /dev/null
                    minisign -S -s key -m p-1.closeout/seal.json > /dev/null
                    """),
            Tool(
                program: "signify-openbsd", file: "seal.json.sig", format: "signify",
                script: """
                    signify-openbsd -G -n -p key.pub -s key.sec
                    signify-openbsd -S -s key.sec -m p-1.closeout/seal.json
                    """),
        ]
    }

    @Test(
        "what the tool drops there is found, not deleted, and counts once it is attached",
        arguments: Tool.all)
    func dropped(tool: Tool) async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                "set -e\n\(tool.script)\n"
                    + "closeout trust add trust.json key.pub --operator other --role archive")
            let path = "p-1.closeout/\(tool.file)"
            let signature = try scene.bytes(path)
            let verify = ["verify", "p-1.closeout", "--trust", "trust.json", "--artifacts", "dist"]
            let found = try await scene.closeout(verify)
            #expect(found.status == 30)
            #expect(found.stdoutText.contains("bundle.unlisted  \(tool.file): "))
            #expect(
                found.stdoutText.contains(
                    "hint: it looks like a \(tool.format) signature: run `closeout attach` on it"))
            let repaired = try await scene.done("repair", "p-1.closeout")
            #expect(try scene.bytes(repaired[0]) == signature)
            #expect(!scene.has(path))
            let attached = try await scene.closeout(
                "attach", "p-1.closeout", repaired[0], "--trust", "trust.json", "--log-key",
                "release.pem")
            #expect(attached.status == 0, "\(attached.stderrText)")
            #expect(try await scene.closeout(verify).status == 0)
        }
    }

    @Test("attach takes it where it lies as well, and repair then moves the copy out")
    func attachedInPlace() async throws {
        let tool = try #require(Tool.all.first { $0.format == "minisign" })
        try await withSealedRelease { scene in
            try await scene.shellDone(
                """
                set -e
                \(tool.script)
                closeout trust add trust.json key.pub --operator other --role archive
                closeout attach p-1.closeout p-1.closeout/seal.json.minisig --trust trust.json \\
                  --log-key release.pem
                closeout repair p-1.closeout
                closeout verify p-1.closeout --trust trust.json --artifacts dist
                """)
            #expect(scene.has("p-1.closeout.strays/seal.json.minisig"))
        }
    }
}
