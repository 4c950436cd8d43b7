import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("SSH signatures")
struct SSHTests {
    private let signer: Signer

    init() throws {
        signer = try Signer(.ed25519)
    }

    private func outcome(
        _ file: [UInt8], over content: SignedContent = seal, _ members: [JSONMember] = []
    ) throws -> SignatureResult.Outcome {
        try result(of: file, .ssh, by: sshEntry(signer, members), over: content).outcome
    }

    private static let kinds = [
        "-t ed25519", "-t ecdsa -b 256", "-t ecdsa -b 384", "-t rsa -b 2048",
    ]

    @Test(
        "Signatures that ssh-keygen makes on request count, for every kind of key",
        .requires("ssh-keygen"), arguments: kinds, ["sha256", "sha512"])
    func foreign(kind: String, hash: String) async throws {
        try await withTemporaryDirectory { folder in
            func run(_ line: String) async throws {
                try await runSuccessfully("sh", ["-c", line], workingDirectory: folder)
            }
            try await run("ssh-keygen -q \(kind) -N '' -C 'a comment' -f key")
            try writeFile(seal.bytes, to: "\(folder)/seal.json")
            let request = try SigningTool.ssh.request(
                signing: Array("seal.json".utf8), with: Array("key".utf8), algorithm: .ed25519)
            for line in request.commands { try await run(line) }
            let key = entry("k", "ssh", try readFile("\(folder)/key.pub"))
            let publicKey = try #require(
                TrustPolicy.single(readFile("\(folder)/key.pub")).keys.first)
            let ours = try #require(
                publicKey.material.publicKeys.first.flatMap { SSHPublicKey.line(of: $0) })
            #expect(try readFile("\(folder)/key.pub") == ours + Array(" a comment\n".utf8))
            let file = try readFile("\(folder)/seal.json.sshsig")
            #expect(SignatureFormat.recognise(file) == .format(.ssh))
            #expect(try result(of: file, request.format, by: key).outcome == .accepted)
            try await run("ssh-keygen -q -Y sign -n file -O hashalg=\(hash) -f key seal.json")
            let other = try readFile("\(folder)/seal.json.sig")
            #expect(try result(of: other, .ssh, by: key).outcome == .accepted)
        }
    }

    @Test(
        "Signatures made here are accepted by ssh-keygen, and here",
        .requires("ssh-keygen"), arguments: ["ed25519", "p256", "p384", "rsa2048", "rsa3072"])
    func foreignVerifier(name: String) async throws {
        let algorithms: [SignatureAlgorithm?] =
            name.hasPrefix("rsa") ? [.rsaPKCS1SHA256, .rsaPKCS1SHA512] : [nil]
        for algorithm in algorithms {
            let signer = try Signer(sample: name, algorithm: algorithm)
            let file = try #require(
                try SignatureFormat.ssh.sign(
                    seal, with: signer.key(), algorithm: signer.algorithm))
            let result = try result(of: file, .ssh, by: sshEntry(signer))
            #expect(result.outcome == .accepted)
            #expect(result.algorithm == signer.algorithm)
            let line = try #require(SSHPublicKey.line(of: signer.publicKey))
            try await withTemporaryDirectory { folder in
                try writeFile(Array("me ".utf8) + line + [0x0A], to: "\(folder)/allowed")
                try writeFile(file, to: "\(folder)/sig")
                let verifying = ["-Y", "verify", "-n", "closeout", "-f", "allowed", "-I", "me"]
                let result = try await run(
                    "ssh-keygen", verifying + ["-s", "sig"], stdin: seal.bytes,
                    workingDirectory: folder)
                #expect(result.status == 0, "\(result.stderrText)\(result.stdoutText)")
            }
        }
    }

    @Test("Keys and algorithms that SSH does not have make no SSH signature")
    func unsupportedSigning() throws {
        let rsa = try Signer(sample: "rsa2048")
        #expect(throws: KeyError.self) {
            try SignatureFormat.ssh.sign(seal, with: rsa.key(), algorithm: .rsaPSSSHA256)
        }
    }

    @Test("A plain key of the policy counts as well, for the usual namespaces")
    func plainKey() throws {
        let fields = try SSHFields(signer, algorithm: "ssh-ed25519")
        for (namespace, name) in [
            ("closeout", "accepted"), ("file", "accepted"), ("git", "notAcceptable"),
        ] {
            var fields = fields
            fields.namespace = Array(namespace.utf8)
            let file = try fields.signed(by: signer).file
            let result = try result(of: file, .ssh, by: signer.entry("k"))
            #expect(result.outcome.name == name)
        }
        // An RSA key that the policy has for PSS signs nothing in SSH.
        let rsa = try Signer(sample: "rsa2048", algorithm: .rsaPKCS1SHA512)
        let file = try SSHFields(rsa, algorithm: "rsa-sha2-512").signed(by: rsa).file
        #expect(try result(of: file, .ssh, by: rsa.entry("k")).outcome == .accepted)
        let pss = try Signer(sample: "rsa2048", algorithm: .rsaPSSSHA256)
        #expect(
            try result(of: file, .ssh, by: pss.entry("k")).outcome.described
                == "notAcceptable: key k made it with rsa-pkcs1-sha512, and the policy takes "
                + "rsa-pss-sha256 of this key, which SSH does not have")
        let one = try sshEntry(rsa, [member("algorithm", "rsa-pkcs1-sha256")])
        #expect(
            try result(of: file, .ssh, by: one).outcome.described
                == "notAcceptable: it is made with rsa-pkcs1-sha512, and the policy takes "
                + "rsa-pkcs1-sha256 of this key")
    }

    @Test("A signature for another namespace is not acceptable, and hinders nobody else")
    func namespaces() throws {
        var fields = try SSHFields(signer, algorithm: "ssh-ed25519")
        fields.namespace = Array("git\u{1B}".utf8)
        let file = try fields.signed(by: signer).file
        #expect(
            try outcome(file).described
                == #"notAcceptable: it was made for the namespace git\u{1b}, not for closeout, file"#
        )
        fields.namespace = Array("release@acme".utf8)
        let own = try fields.signed(by: signer).file
        let members = [JSONMember("namespaces", ["release@acme"])]
        #expect(try outcome(own).name == "notAcceptable")
        #expect(try outcome(own, members) == .accepted)
        fields.namespace = Array("file".utf8)
        #expect(try outcome(fields.signed(by: signer).file, members).name == "notAcceptable")
        // Relabelled, it does not verify at all.
        let signature = try fields.signed(by: signer).signature
        fields.namespace = Array("closeout".utf8)
        fields.signature = signature
        #expect(try outcome(fields.file).name == "invalid")
        for bad: JSON in [[], ["a,b"], ["*"], [""], "file", [1]] {
            #expect(throws: TrustError.self) {
                try outcome(file, [JSONMember("namespaces", bad)])
            }
        }
    }

    private func outcome(
        _ file: [UInt8], _ members: [JSONMember]
    ) throws -> SignatureResult.Outcome {
        try outcome(file, over: seal, members)
    }

    @Test("SHA-1, security keys, other hashes and fields that are not as they must be are refused")
    func malformedFields() throws {
        func expect(
            _ error: SignatureError, _ change: (inout SSHFields) throws -> Void
        ) throws {
            var fields = try SSHFields(signer, algorithm: "ssh-ed25519").signed(by: signer)
            try change(&fields)
            #expect(try outcome(fields.file) == .malformed(error))
        }
        func expectRefused(_ name: String, _ change: (inout SSHFields) -> Void) throws {
            var fields = try SSHFields(signer, algorithm: "ssh-ed25519").signed(by: signer)
            change(&fields)
            #expect(
                try outcome(fields.file).described == "notAcceptable: \(name) is not accepted")
        }
        for name in ["ssh-rsa", "ssh-dss", "sk-ssh-ed25519@openssh.com"] {
            try expectRefused(name) { $0.algorithm = Array(name.utf8) }
        }
        for name in ["none", ""] {
            try expect(.unknownAlgorithm(Array(name.utf8))) { $0.algorithm = Array(name.utf8) }
        }
        for name in ["sha1", "md5", "SHA512", "sha384", ""] {
            try expect(.unknownAlgorithm(Array(name.utf8))) { $0.hash = Array(name.utf8) }
        }
        // The algorithm of another type of key.
        try expect(.unknownAlgorithm(Array("rsa-sha2-512".utf8))) {
            $0.algorithm = Array("rsa-sha2-512".utf8)
        }
        let whole = SignatureError.notText(
            expected: "an SSH signature of version 1 with a namespace")
        try expect(whole) { $0.version = 2 }
        try expect(whole) { $0.magic = Array("SSHSIH".utf8) }
        try expect(whole) { $0.namespace = [] }
        try expect(whole) { $0.reserved = [0] }
        try expect(whole) { $0.tail = [0] }
        try expect(.notText(expected: "a signature and nothing after it")) { $0.innerTail = [0] }
        try expect(.wrongLength(63)) { $0.signature.removeLast() }
        try expect(.wrongLength(65)) { $0.signature.append(0) }
        try expect(.key(.notAKey("not the bytes of an SSH public key"))) { $0.key.append(0) }
        let sk = Array("sk-ssh-ed25519@openssh.com".utf8)
        try expectRefused("sk-ssh-ed25519@openssh.com") {
            $0.key = SSHWriter.string(sk) + SSHWriter.string([UInt8](repeating: 1, count: 32))
        }
    }

    @Test("Numbers of an elliptic curve signature have one spelling")
    func curveNumbers() throws {
        let signer = try Signer(.p256)
        let entry = try sshEntry(signer)
        var fields = try SSHFields(signer, algorithm: "ecdsa-sha2-nistp256")
        let der = try signer.sign(fields.input(seal.bytes))
        let (r, s) = try #require(PublicKey.ecdsaNumbers(of: der))
        func name(_ signature: [UInt8]) throws -> String {
            fields.signature = signature
            return try result(of: fields.file, .ssh, by: entry).outcome.name
        }
        #expect(try name(SSHWriter.integer(r) + SSHWriter.integer(s)) == "accepted")
        #expect(try name(SSHWriter.integer(s) + SSHWriter.integer(r)) == "invalid")
        #expect(try name(SSHWriter.string([0, 0] + r) + SSHWriter.integer(s)) == "malformed")
        #expect(try name(SSHWriter.integer(r)) == "malformed")
        #expect(try name(SSHWriter.integer(r) + SSHWriter.integer(s) + [0]) == "malformed")
        #expect(try name(SSHWriter.integer([1] + r + r) + SSHWriter.integer(s)) == "malformed")
        #expect(try name(SSHWriter.string([]) + SSHWriter.integer(s)) == "malformed")
        #expect(try name(der) == "malformed")
    }

    @Test("Another key, other content and text around the block are refused by name")
    func refused() throws {
        let fields = try SSHFields(signer, algorithm: "ssh-ed25519").signed(by: signer)
        let file = fields.file
        #expect(try outcome(file) == .accepted)
        let stranger = try Signer()
        let foreign = try SSHFields(stranger, algorithm: "ssh-ed25519").signed(by: stranger)
        #expect(try outcome(foreign.file) == .unknownKey)
        var claiming = fields
        claiming.signature = foreign.signature
        #expect(
            try outcome(claiming.file)
                == .invalid("the signature does not verify over the content"))
        #expect(try outcome(file, over: .seal(Array("{}".utf8))).name == "invalid")
        for count in 0..<file.count - 1 {
            #expect(try outcome(Array(file.prefix(count))).name == "malformed", "\(count) bytes")
        }
        #expect(try outcome(Array(file.dropLast())) == .accepted, "the last LF is no content")
        #expect(try outcome(file + Array("x".utf8)) == .malformed(.trailingBytes))
        #expect(try outcome(file + file) == .malformed(.trailingBytes))
        #expect(try outcome([0x0A] + file).name == "malformed")
        for other in [
            try signer.envelope().encoded, try signer.sign(seal.bytes), fields.bytes, seal.bytes,
            try NumberedSigner().minisign(), try NumberedSigner().signify(),
        ] { #expect(try outcome(other).name == "malformed") }
    }

    @Test("A flipped bit in any field is refused")
    func flippedBits() throws {
        let bytes = try SSHFields(signer, algorithm: "ssh-ed25519").signed(by: signer).bytes
        var names: Set<String> = []
        for bit in 0..<bytes.count * 8 {
            var changed = bytes
            changed[bit / 8] ^= 1 << (bit % 8)
            let name = try outcome(sshArmoured(changed)).name
            #expect(["malformed", "unknownKey", "invalid"].contains(name), "bit \(bit): \(name)")
            names.insert(name)
        }
        #expect(names.count == 3)
    }

    @Test("No damage to a file lets it count for anything else: thousands of damaged copies")
    func mutated() throws {
        let file = try SSHFields(signer, algorithm: "ssh-ed25519").signed(by: signer).file
        let verifier = try verify(
            policy([sshEntry(signer)], roles: ["release": rule(["k"])]))
        let tokens = ["-----END SSH SIGNATURE-----\n", "U1NIU0lH", "AAAA", "\n", "=", "file"]
        let isFree: (UInt8) -> Bool = { [0x0A, 0x0D, 0x20, 0x09].contains($0) }
        let letters = Array(file.filter { !isFree($0) })
        for copy in mutations(of: file, seed: 51, count: 20_000, tokens: tokens) {
            let results = try verifier.verify(copy, as: .ssh, over: seal)
            guard results.contains(where: { $0.effect == .counts }) else { continue }
            // Only where lines end is free, and blanks there.
            #expect(copy.filter { !isFree($0) } == letters)
        }
    }
}
