import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("Formats")
struct FormatTests {
    @Test("Names, extensions and media types are distinct and fit for paths of the log")
    func names() {
        let formats = SignatureFormat.all
        #expect(Set(formats.map(\.name)).count == formats.count)
        #expect(Set(formats.map(\.fileExtension)).count == formats.count)
        #expect(Set(formats.map(\.mediaType)).count == formats.count)
        for format in formats {
            let allowed = Set("abcdefghijklmnopqrstuvwxyz0123456789._-")
            #expect(format.fileExtension.allSatisfy(allowed.contains))
            #expect(SignatureFormat(named: format.name) == format)
            #expect(SignatureFormat(mediaType: format.mediaType) == format)
        }
        #expect(SignatureFormat(named: "pgp") == nil)
        #expect(SignatureFormat(mediaType: "application/json") == nil)
    }

    @Test("Media types stay what the logs of sealed releases say")
    func mediaTypes() {
        #expect(
            SignatureFormat.all.map { "\($0.name) \($0.fileExtension) \($0.mediaType)" } == [
                "dsse dsse.json application/vnd.dsse.envelope.v1+json",
                "sigstore sigstore.json application/vnd.dev.sigstore.bundle+json",
                "note note application/vnd.closeout.signed-note",
                "minisign minisig application/vnd.closeout.signature.minisign",
                "signify signify application/vnd.closeout.signature.signify",
                "ssh sshsig application/vnd.closeout.signature.ssh",
                "openpgp pgp application/pgp-signature",
                "openpgp-cleartext pgp.txt"
                    + " application/vnd.closeout.signature.openpgp-cleartext",
                "cms p7s application/pkcs7-signature",
                "aws-kms aws-kms.json application/vnd.closeout.signature.aws-kms+json",
                "vault vault application/vnd.closeout.signature.vault",
                "azure-keyvault azure application/vnd.closeout.signature.azure-keyvault",
                "raw-base64 sig.b64 application/vnd.closeout.signature.raw+base64",
                "raw sig application/vnd.closeout.signature.raw",
            ])
    }

    /// What is signed for each use, by its first bytes.
    @Test("What is signed for one use cannot be taken for what is signed for another")
    func signingInputs() throws {
        let statement = seal.bytes
        let record = Array(#"{"at":"2026-01-01T00:00:00Z"}"#.utf8)
        let type = Array("application/vnd.in-toto+json".utf8)
        let checkpoint = Array("closeout/v1/00\n1\nAAAA\n".utf8)
        let uses: [(prefix: String, inputs: [[UInt8]])] = [
            ("{", [statement, record]),
            (
                "DSSEv1 ",
                [
                    DSSEEnvelope.signingInput(payloadType: type, payload: statement),
                    DSSEEnvelope.signingInput(payloadType: [], payload: []),
                ]
            ),
            ("closeout/", [checkpoint]),
            ("cosignature/v1", [try cosignatureInput(checkpoint)]),
            ("SSHSIG", [try sshInput()]),
        ]
        for (prefix, inputs) in uses {
            for input in inputs {
                let fitting = uses.filter { input.starts(with: Array($0.prefix.utf8)) }
                #expect(fitting.map(\.prefix) == [prefix])
                // A length of 64 is kept for digests that are signed in place of the message.
                #expect(input.count != 64)
            }
        }
        // What minisign signs first is such a digest; the second is longer, and begins with the
        // first signature, which nobody can choose.
        let numbered = try NumberedSigner()
        let lines = try numbered.minisign(trusted: "x").split(separator: 0x0A).map { Array($0) }
        let signature = Array(try #require(Base64.decode(lines[1])).suffix(64))
        for (bytes, input) in [
            (signature, try digest(.blake2b512, of: statement)),
            (try #require(Base64.decode(lines[3])), signature + Array("x".utf8)),
        ] {
            let key = numbered.signer.publicKey
            #expect(try key.accepts(bytes, over: input, algorithm: .ed25519))
        }
        #expect(throws: SignatureError.self) {
            try SignatureFormat.minisign.signatures(in: numbered.minisign(trusted: ""))
        }
    }

    /// The bytes that an SSH signature is over, as the signature itself shows.
    private func sshInput() throws -> [UInt8] {
        let signer = try Signer()
        let file = try #require(
            try SignatureFormat.ssh.sign(seal, with: signer.key(), algorithm: .ed25519))
        let letters = file.split(separator: 0x0A).dropFirst().dropLast().joined()
        let bytes = try #require(Base64.decode(Array(letters)))
        let input =
            Array("SSHSIG".utf8) + SSHWriter.string("closeout".utf8) + SSHWriter.string([])
            + SSHWriter.string("sha512".utf8)
            + SSHWriter.string(try digest(.sha512, of: seal.bytes))
        let signature = Array(bytes.suffix(64))
        #expect(try signer.publicKey.accepts(signature, over: input, algorithm: .ed25519))
        return input
    }

    /// The bytes that a cosignature is over, as the signature itself shows.
    private func cosignatureInput(_ text: [UInt8]) throws -> [UInt8] {
        let signer = try Signer()
        let time = try at("2026-01-01T00:00:00Z")
        let line = try SignedNote(text: text).cosignature(
            as: Array("w".utf8), at: time, with: signer.key())
        let input = Array("cosignature/v1\ntime \(time.secondsSince1970)\n".utf8) + text
        let signature = Array(line.bytes.dropFirst(8))
        #expect(try signer.publicKey.accepts(signature, over: input, algorithm: .ed25519))
        return input
    }

    @Test("A file that several formats claim is refused until somebody names one")
    func ambiguity() {
        let both: JSON = [
            "Signature": "AAAA", "SigningAlgorithm": "x", "payloadType": "t", "signatures": [],
        ]
        #expect(
            SignatureFormat.recognise(both.canonicalBytes) == .ambiguous([.dsse, .awsKMS]))
    }

    @Test("What a format writes counts as that format, and most formats are only read")
    func writing() throws {
        let signer = try Signer()
        let verifier = try verify(policy([signer.entry("k")], roles: ["release": rule(["k"])]))
        let writable = SignatureFormat.all.filter(\.canSign)
        #expect(writable == [.dsse, .sigstore, .ssh, .raw])
        for format in SignatureFormat.all {
            let file = try format.sign(seal, with: signer.key(), algorithm: signer.algorithm)
            #expect((file != nil) == writable.contains(format))
            guard let file else { continue }
            #expect(SignatureFormat.recognise(file) == .format(format))
            #expect(try verifier.verify(file, as: format, over: seal).map(\.effect) == [.counts])
        }
    }

    @Test("A signature for one use is refused for every other")
    func crossUse() throws {
        let signer = try Signer()
        let policy = try policy([signer.entry("k")], roles: ["release": rule(["k"])])
        let verifier = try verify(policy)
        let overEnvelope = try signer.envelope().signatures[0].bytes
        #expect(
            try verifier.verify(overEnvelope, as: .raw, over: seal).map(\.outcome) == [.unknownKey])
        let raw = try signer.sign(seal.bytes)
        let envelope: JSON = [
            "payload": .string(Base64.encode(seal.bytes)),
            "payloadType": "application/vnd.in-toto+json",
            "signatures": [["sig": .string(Base64.encode(raw))]],
        ]
        #expect(
            try verifier.verify(envelope.canonicalBytes, as: .dsse, over: seal).map(\.outcome)
                == [.unknownKey])
    }

    /// One valid file of each format, and pieces that mean something to its decoder.
    private static func samples() throws -> [(SignatureFormat, [UInt8])] {
        let signer = try Signer()
        let raw = try signer.sign(seal.bytes)
        let base64 = Base64.encode(raw)
        let reply: JSON = [
            "KeyId": "alias/release", "Signature": .string(base64),
            "SigningAlgorithm": "ED25519_SHA_512",
        ]
        let text = Array("closeout/v1/00\n1\nAAAA\n".utf8)
        let note = try SignedNote.signing(
            text, as: Array("closeout/v1/00".utf8), with: signer.key())
        let openPGP = try OpenPGPMaker()
        let document =
            Array("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\na\n".utf8)
            + signatureArmour(try openPGP.file(over: Array("a".utf8), 0x01))
        let urlSafe = [UInt8](repeating: UInt8(ascii: "_"), count: 84) + Array("AA".utf8)
        let numbered = try NumberedSigner()
        let list = Array("SHA256 (a) = \(try SHA256Digest.of(raw).hex)\n".utf8)
        let ssh = try #require(
            try SignatureFormat.ssh.sign(seal, with: signer.key(), algorithm: .ed25519))
        let certificate = try Certificate(
            parsing: readFile("\(repositoryRoot)/keys-sample/p256.crt.pem"))
        let cms = try SignatureFormat.signCMS(
            seal, with: Signer(sample: "p256").key(), certificates: [certificate],
            algorithm: .ecdsaP256SHA256)
        return [
            (.minisign, try numbered.minisign()), (.cms, cms),
            (.signify, try numbered.signify(list, embedded: true)), (.ssh, ssh),
            (.dsse, try signer.envelope().encoded), (.sigstore, try signer.bundle(.envelope)),
            (.note, note.encoded), (.raw, raw), (.openPGP, try openPGP.file()),
            (.openPGPCleartext, document),
            (.rawBase64, base64), (.awsKMS, reply.canonicalBytes),
            (.vault, Array("vault:v1:".utf8) + base64),
            (.azureKeyVault, urlSafe),
        ]
    }

    private static let tokens = [
        "{", "}", "[", "]", "\"", ",", ":", "null", "\"sig\":", "\"keyid\":", "vault:v", "=",
        "\u{2014} ", "\n\n", "\\ud800", "\"payload\":", "00000000", "-", "\"hint\":",
        "trusted comment: ", "SHA256 (", ") = ", "-----END SSH SIGNATURE-----\n", "U1NIU0lH",
    ]

    @Test("Every decoder survives thousands of damaged files", arguments: SignatureFormat.all)
    func mutatedFiles(format: SignatureFormat) throws {
        let sample = try #require(Self.samples().first { $0.0 == format }?.1)
        var readable = 0
        for file in mutations(of: sample, seed: 1, count: 20_000, tokens: Self.tokens) {
            guard let signatures = try? format.signatures(in: file) else { continue }
            #expect((1...SignatureFormat.mostSignatures).contains(signatures.count))
            readable += 1
        }
        #expect(readable > 0, "no damaged file was readable: the sample is wrong")
    }

    @Test("Recognition survives thousands of damaged files and names only what is registered")
    func mutatedRecognition() throws {
        for (_, sample) in try Self.samples() {
            for file in mutations(of: sample, seed: 2, count: 3_000, tokens: Self.tokens) {
                switch SignatureFormat.recognise(file) {
                case .format(let format): #expect(SignatureFormat.all.contains(format))
                case .ambiguous(let formats): #expect(formats.count > 1)
                case .unknown: continue
                }
            }
        }
    }

    @Test("No change of a byte lets an envelope or a bare signature count for other content")
    func damagedSignatures() throws {
        let signer = try Signer()
        let policy = try policy([signer.entry("k")], roles: ["release": rule(["k"])])
        let verifier = try verify(policy)
        let other = SignedContent.seal(Array("{}".utf8))
        for (format, sample) in [
            (SignatureFormat.dsse, try signer.envelope().encoded),
            (.raw, try signer.sign(seal.bytes)),
        ] {
            for file in mutations(of: sample, seed: 77, count: 2_000) {
                let results = try verifier.verify(file, as: format, over: other)
                #expect(results.allSatisfy { $0.effect != .counts })
            }
        }
    }

    @Test(
        "The policy reader survives thousands of damaged policies, and what it takes it can write")
    func mutatedPolicies() throws {
        let (a, w) = try (Signer(), Signer())
        let sample = policyDocument(
            [
                a.entry("a", [revoked("2026-01-01T00:00:00Z", "superseded")]),
                try w.witnessEntry("w", [member("not_after", "2027-01-01T00:00:00Z")]),
            ],
            roles: [
                "release": rule(["a"], [JSONMember("releases", ["payments"])]),
                "witness": rule(["w"]),
            ], [member("expires", "2028-01-01T00:00:00Z")]
        ).canonicalBytes
        let tokens = ["{}", "[]", "\"", ",", "0", "-1", "null", "\"a\"", "\"threshold\":", "1e9"]
        var readable = 0
        for file in mutations(of: sample, seed: 3, count: 20_000, tokens: tokens) {
            guard let policy = try? TrustPolicy(parsing: file) else { continue }
            readable += 1
            let again = try TrustPolicy(parsing: policy.canonicalBytes)
            #expect(again.keys == policy.keys && again.roles == policy.roles)
            #expect(policy.roles.values.allSatisfy { $0.threshold >= 1 && !$0.keys.isEmpty })
        }
        #expect(readable > 0)
    }
}
