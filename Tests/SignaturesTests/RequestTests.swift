import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("Asking outside signers")
struct RequestTests {
    private func commands(
        _ tool: String, _ reference: String, _ algorithm: SignatureAlgorithm,
        file: String = "seal.json"
    ) throws -> [String] {
        let tool = try #require(SigningTool(named: tool))
        return try tool.request(
            signing: Array(file.utf8), with: Array(reference.utf8), algorithm: algorithm
        ).commands
    }

    @Test("The command for AWS KMS sends the bytes themselves")
    func awsKMS() throws {
        #expect(
            try commands("aws-kms", "alias/release", .ecdsaP256SHA256) == [
                "aws kms sign --key-id alias/release --message fileb://seal.json"
                    + " --message-type RAW --signing-algorithm ECDSA_SHA_256 --output json"
                    + " > seal.json.aws-kms.json"
            ])
    }

    @Test("The command for Google Cloud KMS names the key version, and a digest where there is one")
    func gcpKMS() throws {
        let key = "projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1"
        #expect(
            try commands("gcp-kms", key, .rsaPSSSHA512) == [
                "gcloud kms asymmetric-sign --version \(key) --digest-algorithm sha512"
                    + " --input-file seal.json --signature-file seal.json.sig"
            ])
        #expect(
            try commands("gcp-kms", key, .ed25519) == [
                "gcloud kms asymmetric-sign --version \(key)"
                    + " --input-file seal.json --signature-file seal.json.sig"
            ])
    }

    @Test("The commands for Azure Key Vault hash, and ask the vault's own domain")
    func azureKeyVault() throws {
        let key = "https://acme.vault.azure.net/keys/release/0123abcd"
        #expect(
            try commands("azure-keyvault", key, .ecdsaP384SHA384) == [
                "digest=$(openssl dgst -sha384 -binary seal.json | openssl base64 -A"
                    + " | tr '+/' '-_' | tr -d '=')",
                "az rest --method post --resource https://vault.azure.net"
                    + " --url '\(key)/sign?api-version=7.4'"
                    + " --headers 'Content-Type=application/json'"
                    + #" --body "{\"alg\":\"ES384\",\"value\":\"$digest\"}""#
                    + " --query value --output tsv > seal.json.azure",
            ])
    }

    @Test("The command for Vault asks for the salt that the policy expects")
    func vault() throws {
        #expect(
            try commands("vault", "release", .rsaPSSSHA256) == [
                "vault write '-field=signature' transit/sign/release"
                    + " input=\"$(openssl base64 -A -in seal.json)\" 'hash_algorithm=sha2-256'"
                    + " 'signature_algorithm=pss' 'salt_length=hash' > seal.json.vault"
            ])
        let mounted = try commands("vault", "teams/a/release", .ed25519)
        #expect(mounted.first?.contains(" teams/a/sign/release ") == true)
    }

    @Test(
        "A name that means something to Vault or the shell is no key of Vault",
        arguments: [
            "", "/", "a/", "/a", "a//b", "..", "../sys/raw", "a/../b", "-k", "a?b=c", "a#b",
            "a%2fb",
            "k;ls", "a b", "$(id)", "a\nb", "k\u{e9}",
        ])
    func vaultNames(reference: String) throws {
        #expect(throws: RequestError.self) { try commands("vault", reference, .ed25519) }
    }

    @Test("The command for openssl cms signs the bytes, with the chain of its certificate")
    func opensslCMS() throws {
        let tool = try #require(SigningTool(named: "openssl-cms"))
        let request = try tool.request(
            signing: Array("seal.json".utf8), with: Array("k.pem".utf8),
            algorithm: .ecdsaP384SHA384, certificate: Array("-chain.pem".utf8))
        #expect(
            request.commands == [
                "openssl cms -sign -binary -md sha384 -signer ./-chain.pem -inkey k.pem -nocerts"
                    + " -certfile ./-chain.pem -in seal.json -outform DER -out seal.json.p7s"
            ])
        #expect(throws: RequestError.unsupported(tool: "openssl cms", algorithm: .ed25519)) {
            try commands("openssl-cms", "k.pem", .ed25519)
        }
    }

    @Test("A time-stamp authority is named by a URL, or by a configuration of openssl")
    func timeStamps() throws {
        func command(_ name: String, _ authority: String) throws -> String {
            try #require(TimeStampTool(named: name)).command(
                sending: Array("-q.tsq".utf8), into: Array("r.tsr".utf8),
                to: Array(authority.utf8))
        }
        #expect(
            try command("tsa", "https://tsa.example/t?a=1&b").hasSuffix(
                "--data-binary @./-q.tsq --output r.tsr 'https://tsa.example/t?a=1&b'"))
        #expect(
            try command("openssl-ts", "-a.cnf")
                == "openssl ts -reply -config ./-a.cnf -queryfile ./-q.tsq -out r.tsr")
        for (name, authority) in [
            ("tsa", "file:///etc/passwd"), ("tsa", "-o x"), ("tsa", "http://a b"), ("tsa", ""),
            ("openssl-ts", ""),
        ] {
            #expect(throws: RequestError.self, "\(name) \(authority)") {
                try command(name, authority)
            }
        }
    }

    @Test("Whatever a file or key is called, the shell passes on exactly that")
    func quoting() async throws {
        let nasty = "it's $(touch pwned) \"x\" `id`\n; rm"
        for tool in ["openssl", "aws-kms", "vault"] {
            let reference = tool == "vault" ? "team/k" : nasty
            for line in try commands(tool, reference, .ed25519, file: nasty) {
                // `printf` in place of the program shows the words that it would get.
                let program = try #require(line.split(separator: " ").first)
                let words = line.dropFirst(program.count)
                let shown = String(words.prefix { $0 != ">" })
                let output = try await runSuccessfully(
                    "bash", ["-c", "openssl() { :; }; printf '%s\\0' \(shown)"])
                let text = String(decoding: output, as: UTF8.self)
                #expect(text.contains(tool == "vault" ? "team/sign/k" : nasty), "\(line)")
            }
        }
    }

    @Test("A file that begins with a dash is no option")
    func dashes() throws {
        let lines = try commands("openssl", "k.pem", .ed25519, file: "-in")
        #expect(lines.first?.contains(" -in ./-in -out ./-in.sig") == true)
    }

    @Test("What a tool cannot do, and a reference of another form, is refused")
    func refusals() throws {
        #expect(throws: RequestError.unsupported(tool: "azure-keyvault", algorithm: .ed25519)) {
            try commands("azure-keyvault", "https://a.vault.azure.net/keys/k/1", .ed25519)
        }
        let malformed = [
            ("azure-keyvault", "https://a.vault.azure.net/keys/k"),
            ("azure-keyvault", "http://a.vault.azure.net/keys/k/1"),
            ("gcp-kms", "projects/p/locations/l/keyRings/r/cryptoKeys/k"),
            ("gcp-kms", "projects//locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1"),
            ("vault", "transit//k"), ("vault", ""), ("pkcs11", "token=t"),
            ("pkcs11", "pkcs11:token=t"), ("pkcs11", "pkcs11:id=%0"),
            ("pkcs11", "pkcs11:id=%01;id=%02"),
            ("pkcs11", "pkcs11:id=%01?pin-value=1234"),
        ]
        for (tool, reference) in malformed {
            #expect(throws: RequestError.self, "\(tool) \(reference)") {
                try commands(tool, reference, .ecdsaP256SHA256)
            }
        }
    }

    private static let tokenKeys: [(type: String, id: String, algorithm: SignatureAlgorithm)] = [
        ("EC:prime256v1", "01", .ecdsaP256SHA256), ("rsa:2048", "02", .rsaPSSSHA256),
        ("rsa:2048", "03", .rsaPKCS1SHA512), ("EC:edwards25519", "04", .ed25519),
    ]

    @Test(
        "Signatures that a PKCS #11 token makes on request count", .requires("pkcs11-tool"),
        .requires("softhsm2-util"), arguments: tokenKeys)
    func pkcs11(key: (type: String, id: String, algorithm: SignatureAlgorithm)) async throws {
        try await withTemporaryDirectory { folder in
            let token = try await SoftToken(in: folder)
            let publicKey = try await token.generate(key.type, id: key.id)
            try writeFile(seal.bytes, to: "\(folder)/seal.json")
            let reference =
                "pkcs11:token=test;id=%\(key.id)?module-path=\(token.module)&pin-source=env:PIN"
            for line in try commands("pkcs11", reference, key.algorithm) {
                try await token.run("sh", ["-c", line])
            }
            let policy = try TrustPolicy.single(publicKey, algorithm: key.algorithm)
            let results = try verify(policy).verify(
                readFile("\(folder)/seal.json.sig"), as: .raw, over: seal)
            #expect(results.map(\.outcome) == [.accepted])
        }
    }
}

/// A PKCS #11 token in software, in a folder of its own.
private struct SoftToken {
    let folder: String
    let module: String

    init(in folder: String) async throws {
        self.folder = folder
        let places = [
            "/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
            "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
            "/usr/lib64/pkcs11/libsofthsm2.so",
        ]
        module = try #require(places.first(where: fileExists))
        try makeDirectory("\(folder)/tokens")
        try writeFile("directories.tokendir = \(folder)/tokens\n", to: "\(folder)/softhsm2.conf")
        try await run(
            "softhsm2-util",
            ["--init-token", "--free", "--label", "test", "--pin", "1234", "--so-pin", "5678"])
    }

    func run(_ program: String, _ arguments: [String]) async throws {
        let result = try await CloseoutTestSupport.run(
            program, arguments,
            environment: ["SOFTHSM2_CONF": "\(folder)/softhsm2.conf", "PIN": "1234"],
            workingDirectory: folder)
        try #require(result.status == 0, "\(program): \(result.stderrText)")
    }

    /// Makes a key pair in the token and gives its public key.
    func generate(_ type: String, id: String) async throws -> [UInt8] {
        let login = ["--module", module, "--token-label", "test", "--login", "--pin", "1234"]
        try await run("pkcs11-tool", login + ["--keypairgen", "--key-type", type, "--id", id])
        let reading = ["--read-object", "--type", "pubkey", "--id", id, "-o", "public"]
        try await run("pkcs11-tool", login + reading)
        return try readFile("\(folder)/public")
    }
}
