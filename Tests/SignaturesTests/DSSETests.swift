import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("DSSE")
struct DSSETests {
    @Test("The encoding that is signed is the one that the protocol publishes")
    func publishedEncoding() {
        let input = DSSEEnvelope.signingInput(
            payloadType: Array("http://example.com/HelloWorld".utf8),
            payload: Array("hello world".utf8))
        let expected = "DSSEv1 29 http://example.com/HelloWorld 11 hello world"
        #expect(input == Array(expected.utf8))
    }

    @Test("Lengths in the encoding count bytes, not characters")
    func lengthsAreBytes() {
        let input = DSSEEnvelope.signingInput(payloadType: Array("é".utf8), payload: [])
        #expect(input == Array("DSSEv1 2 é 0 ".utf8))
    }

    /// The example of the protocol's specification, whose signature is r and s side by side.
    private static let published = (
        x: "46950820868899156662930047687818585632848591499744589407958293238635476079160",
        y: "5640078356564379163099075877009565129882514886557779369047442380624545832820",
        signature:
            "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA=="
    )

    @Test("The published example verifies, and its form of signature is refused as it is")
    func publishedExample() throws {
        let point = [4] + decimal(Self.published.x) + decimal(Self.published.y)
        let header: [UInt8] = [
            0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06,
            0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
        ]
        let key = try PublicKey(spki: header + point)
        let sideBySide = try #require(Base64.decode(Array(Self.published.signature.utf8)))
        let inDER = try #require(PublicKey.derSignature(fromP1363: sideBySide, type: .p256))
        let content = SignedContent.file(Array("hello world".utf8))
        let verifier = try verify(TrustPolicy.single(key.pem))
        func outcome(_ signature: [UInt8]) throws -> SignatureResult.Outcome? {
            let envelope: JSON = [
                "payload": "aGVsbG8gd29ybGQ=", "payloadType": "http://example.com/HelloWorld",
                "signatures": [["sig": .string(Base64.encode(signature))]],
            ]
            return try verifier.verify(envelope.canonicalBytes, as: .dsse, over: content).first?
                .outcome
        }
        #expect(try outcome(inDER) == .accepted)
        #expect(try outcome(sideBySide) == .unknownKey)
    }

    @Test(
        "Our envelopes verify with securesystemslib", .requires(pythonTool),
        arguments: [KeyType.ed25519, .p256])
    func foreignVerifier(type: KeyType) async throws {
        let signer = try Signer(type)
        try await withTemporaryDirectory { folder in
            try writeFile(signer.envelope().encoded, to: "\(folder)/envelope.json")
            try writeFile(signer.publicKey.pem, to: "\(folder)/key.pem")
            let output = try await runSuccessfully(
                pythonTool, ["-c", Self.verifying, signer.publicKey.fingerprint.hex],
                workingDirectory: folder)
            #expect(output == seal.bytes)
            // The foreign verifier is a check only if it also refuses.
            try writeFile(Signer(type).publicKey.pem, to: "\(folder)/key.pem")
            let refused = try await run(
                pythonTool, ["-c", Self.verifying, signer.publicKey.fingerprint.hex],
                workingDirectory: folder)
            #expect(refused.status != 0)
        }
    }

    private static let verifying = """
        import json, sys
        from cryptography.hazmat.primitives.serialization import load_pem_public_key
        from securesystemslib.dsse import Envelope
        from securesystemslib.signer import SSlibKey
        with open("envelope.json") as f:
            envelope = Envelope.from_dict(json.load(f))
        with open("key.pem", "rb") as f:
            key = SSlibKey.from_crypto(load_pem_public_key(f.read()), keyid=sys.argv[1])
        envelope.verify([key], 1)
        sys.stdout.buffer.write(envelope.payload)
        """

    @Test(
        "Envelopes made by securesystemslib count, whatever their key id", .requires(pythonTool))
    func foreignSigner() async throws {
        let signer = try Signer(.p256)
        try await withTemporaryDirectory { folder in
            try writeFile(signer.privatePEM, to: "\(folder)/key.pem")
            let envelope = try await runSuccessfully(
                pythonTool, ["-c", Self.signing], stdin: seal.bytes, workingDirectory: folder)
            let policy = try policy([signer.entry("k")], roles: ["release": rule(["k"])])
            let results = try verify(policy).verify(envelope, as: .dsse, over: seal)
            #expect(results.map(\.outcome) == [.accepted])
            #expect(SignatureFormat.recognise(envelope) == .format(.dsse))
        }
    }

    private static let signing = """
        import json, sys
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
        from securesystemslib.dsse import Envelope
        from securesystemslib.signer import CryptoSigner
        with open("key.pem", "rb") as f:
            signer = CryptoSigner(load_pem_private_key(f.read(), None))
        envelope = Envelope(sys.stdin.buffer.read(), "application/vnd.in-toto+json", {})
        envelope.sign(signer)
        json.dump(envelope.to_dict(), sys.stdout)
        """

    @Test("Both alphabets of base64 are read, padded or not; a mixture is not")
    func alphabets() throws {
        let bytes: [UInt8] = [0xFB, 0xFF, 0xFE, 0x01]
        for text in ["+//+AQ==", "-__-AQ==", "+//+AQ", "-__-AQ"] {
            let json: JSON = [
                "payload": JSON(text), "payloadType": "t", "signatures": [["sig": "AAAA"]],
            ]
            #expect(try DSSEEnvelope(parsing: json.canonicalBytes).payload == bytes)
        }
        for text in ["+__-AQ==", "+//+AR==", "+//+AQ=", "+//+ AQ==", "+//+A"] {
            let json: JSON = [
                "payload": JSON(text), "payloadType": "t", "signatures": [["sig": "AAAA"]],
            ]
            #expect(throws: SignatureError.self) { try DSSEEnvelope(parsing: json.canonicalBytes) }
        }
    }

    @Test("Members that the protocol does not define are ignored; a repeated one is refused")
    func members() throws {
        let signer = try Signer()
        let text = String(decoding: try signer.envelope().encoded, as: UTF8.self)
        let extended = Array(text.dropLast().utf8) + Array(#","extra":[1]}"#.utf8)
        let repeated = Array(text.dropLast().utf8) + Array(#","payloadType":"t"}"#.utf8)
        #expect(try DSSEEnvelope(parsing: extended) == signer.envelope())
        #expect(throws: SignatureError.self) { try DSSEEnvelope(parsing: repeated) }
    }

    @Test("An envelope needs 1 to 64 signatures")
    func counts() throws {
        func envelope(_ count: Int) -> [UInt8] {
            let signatures = Array(repeating: ["sig": "AAAA"] as JSON, count: count)
            let json: JSON = [
                "payload": "", "payloadType": "t", "signatures": .array(signatures),
            ]
            return json.canonicalBytes
        }
        #expect(throws: SignatureError.noSignature) {
            try SignatureFormat.dsse.signatures(in: envelope(0))
        }
        #expect(try SignatureFormat.dsse.signatures(in: envelope(64)).count == 64)
        #expect(throws: SignatureError.tooManySignatures(limit: 64)) {
            try SignatureFormat.dsse.signatures(in: envelope(65))
        }
    }
}

/// The 32 bytes of a number written in decimal.
private func decimal(_ digits: String) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 32)
    for digit in digits.utf8 {
        var carry = Int(digit - UInt8(ascii: "0"))
        for index in bytes.indices.reversed() {
            carry += Int(bytes[index]) * 10
            bytes[index] = UInt8(truncatingIfNeeded: carry)
            carry >>= 8
        }
    }
    return bytes
}
