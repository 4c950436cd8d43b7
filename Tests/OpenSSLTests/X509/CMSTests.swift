import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

@Suite("CMS signatures", .requires("openssl"))
struct CMSTests {
    static let message = bytes("line one\nline two\n{\"a\":1}")
    static let rsa = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]
    static let p256 = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
    static let p384 = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"]

    @Test(
        "what `openssl cms` signs verifies, with and without attributes, in DER and PEM",
        arguments: [["-outform", "DER"], ["-outform", "PEM"], ["-outform", "DER", "-noattr"]])
    func foreign(options: [String]) async throws {
        try await withAuthority { root in
            for (name, key, digest, more) in [
                ("p256", Self.p256, "sha256", []), ("p384", Self.p384, "sha384", []),
                ("rsa", Self.rsa, "sha512", []),
                ("pss", Self.rsa, "sha256", ["rsa_padding_mode:pss", "rsa_pss_saltlen:digest"]),
            ] as [(String, [String], String, [String])] {
                let leaf = try await root.certify(name, key: key)
                let keyOptions = more.flatMap { ["-keyopt", $0] }
                let file = try await sign(
                    leaf, options + ["-binary", "-md", digest] + keyOptions)
                #expect(SignedData.isLikely(file))
                let signed = try SignedData(parsing: file)
                #expect(signed.content == nil)
                #expect(try verifies(signed, leaf), "\(name)")
                #expect(try !verifies(signed, leaf, over: Self.message + [0]), "\(name)")
            }
        }
    }

    @Test(
        "`openssl cms` verifies what we sign, and so do we",
        arguments: [
            (p256, .ecdsaP256SHA256),
            (p384, .ecdsaP384SHA384), (rsa, .rsaPKCS1SHA256), (rsa, .rsaPKCS1SHA512),
            (rsa, .rsaPSSSHA256), (rsa, .rsaPSSSHA384),
        ] as [([String], SignatureAlgorithm)])
    func ours(key: [String], algorithm: SignatureAlgorithm) async throws {
        try await withAuthority { root in
            let leaf = try await root.certify("leaf", key: key)
            let privateKey = try PrivateKey(parsing: leaf.key(), passphrase: nil)
            let file = try SignedData.signing(
                Self.message, with: privateKey, certificates: [read(leaf), read(root.own)],
                algorithm: algorithm)
            #expect(try verifies(SignedData(der: file), leaf))
            try writeFile(file, to: root.path("ours.p7s"))
            try writeFile(Self.message, to: root.path("message"))
            let arguments = [
                "cms", "-verify", "-binary", "-inform", "DER", "-in", "ours.p7s", "-content",
                "message", "-CAfile", root.own.path, "-purpose", "any", "-out", "content",
            ]
            try await root.openssl(arguments)
            #expect(try readFile(root.path("content")) == Self.message)
            try writeFile(Self.message + [0], to: root.path("message"))
            let other = try await run("openssl", arguments, workingDirectory: root.folder)
            #expect(other.status != 0)
        }
    }

    @Test(
        "ECDSA goes with the SHA-2 digest that the signer states",
        arguments: ["P-256", "P-384", "P-521"], ["sha256", "sha384", "sha512"])
    func curvesAndDigests(curve: String, digest: String) async throws {
        try await withAuthority { root in
            let leaf = try await root.certify(
                "leaf", key: ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:\(curve)"])
            let options = ["-outform", "DER", "-binary", "-md", digest]
            let name = "ecdsa-" + curve.lowercased().replacing("-", with: "") + "-" + digest
            let algorithm = try #require(SignatureAlgorithm(rawValue: name))
            for more in [[], ["-noattr"]] {
                let signed = try await SignedData(parsing: sign(leaf, options + more))
                let signer = try #require(signed.signers.first)
                #expect(
                    try signer.verdict(by: read(leaf), over: Self.message) == .verifies(algorithm))
                #expect(signer.algorithm(by: try read(leaf)) == algorithm)
                #expect(try !verifies(signed, leaf, over: Self.message + [0]))
            }
            let key = try PrivateKey(parsing: leaf.key(), passphrase: nil)
            let own = try SignedData.signing(
                Self.message, with: key, certificates: [read(leaf)], algorithm: algorithm)
            #expect(try verifies(SignedData(der: own), leaf))
        }
    }

    @Test(
        "RSA-PSS has the salt that the signer states, of whatever length",
        arguments: [0, 20, 32, 64])
    func salts(length: Int) async throws {
        try await withAuthority { root in
            let leaf = try await root.certify("leaf", key: Self.rsa)
            let options = ["rsa_padding_mode:pss", "rsa_pss_saltlen:\(length)"]
            let file = try await sign(
                leaf,
                ["-outform", "DER", "-binary", "-md", "sha256"]
                    + options.flatMap { ["-keyopt", $0] })
            #expect(try verifies(SignedData(parsing: file), leaf))
            // The length stands behind the mask as `[2]`, but for 20, the default.
            guard length != 20 else { return }
            let stated: [UInt8] = [0xA2, 3, 2, 1]
            let place = try #require(file.firstRange(of: stated + [UInt8(length)]))
            var other = file
            other[place.upperBound - 1] = 21
            let signer = try #require(try SignedData(parsing: other).signers.first)
            #expect(
                try signer.verdict(by: read(leaf), over: Self.message)
                    == .notAcceptable(
                        "it states an RSA-PSS salt of 21 bytes and was made with another"))
        }
    }

    @Test("algorithms have the parameters that their standards give them")
    func parameters() async throws {
        try await withAuthority { root in
            let leaf = try await root.certify("leaf", key: Self.p256)
            let file = try await sign(
                leaf, ["-outform", "DER", "-binary", "-md", "sha256", "-nocerts", "-noattr"])
            let identifier: [UInt8] = [0x30, 10, 6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2]
            let place = try #require(file.firstRange(of: identifier))
            let signature = Array(file[place.upperBound...])
            // Takes the one signer apart and puts it together with other parameters.
            let certificate = try read(leaf)
            let signer = try #require(try SignedData(parsing: file).signers.first)
            #expect(
                try signer.verdict(by: certificate, over: Self.message)
                    == .verifies(.ecdsaP256SHA256))
            var null = Array(file[..<place.lowerBound])
            null += [0x30, 12] + identifier.dropFirst(2) + [5, 0] + signature
            for at in Self.lengths(of: file, around: place.lowerBound) {
                null[at] += 2
            }
            let other = try #require(try SignedData(parsing: null).signers.first)
            #expect(
                try other.verdict(by: certificate, over: Self.message)
                    == .notAcceptable(
                        "the parameters of the algorithm 1.2.840.10045.4.3.2 must be absent"))
            // What is wrong stays wrong.
            guard
                case .wrong = try other.verdict(by: certificate, over: Self.message + [0])
            else {
                Issue.record("the parameters hide that the signature is over something else")
                return
            }
        }
    }

    /// The places of the lengths of all elements around a place, which have one or two bytes.
    private static func lengths(of file: [UInt8], around place: Int) -> [Int] {
        var (found, start): ([Int], Int) = ([], 0)
        while start < place {
            let isLong = file[start + 1] == 0x81
            let (width, at) = (file[start + 1] == 0x82 ? 4 : isLong ? 3 : 2, start)
            let last = at + width - 1
            let count =
                width == 4
                ? Int(file[at + 2]) << 8 | Int(file[at + 3]) : Int(file[last])
            if place < start + width + count {
                found.append(last)
                start += width
            } else {
                start += width + count
            }
        }
        return found
    }

    @Test("Ed25519 signs and verifies, which `openssl cms` of version 3.0 cannot")
    func ed25519() async throws {
        try await withAuthority { root in
            let leaf = try await root.certify("leaf", key: ["-algorithm", "ED25519"])
            let key = try PrivateKey(parsing: leaf.key(), passphrase: nil)
            let file = try SignedData.signing(
                Self.message, with: key, certificates: [read(leaf)], algorithm: .ed25519)
            #expect(try verifies(SignedData(der: file), leaf))
            #expect(try !verifies(SignedData(der: file), leaf, over: Self.message + [0]))
        }
    }

    @Test("a certificate of another key is refused at signing")
    func otherCertificate() async throws {
        try await withAuthority { root in
            let key = try PrivateKey.generate(.p256)
            #expect(throws: KeyError.self) {
                try SignedData.signing(
                    Self.message, with: key, certificates: [read(root.own)],
                    algorithm: .ecdsaP256SHA256)
            }
        }
    }

    @Test("a signature in text mode is reported as such", arguments: [[], ["-text"]])
    func textMode(options: [String]) async throws {
        try await withAuthority { root in
            let leaf = try await root.certify("leaf")
            for attributes in [[], ["-noattr"]] {
                let file = try await sign(leaf, ["-outform", "DER"] + options + attributes)
                let signed = try SignedData(parsing: file)
                let signer = try #require(signed.signers.first)
                let verdict = try signer.verdict(by: read(leaf), over: Self.message)
                guard case .otherContent(let reason) = verdict else {
                    Issue.record("\(verdict)")
                    continue
                }
                #expect(reason.contains("text mode"))
            }
        }
    }

    @Test("SHA-1 and MD5 are refused by name", arguments: ["sha1", "md5"])
    func weakDigests(digest: String) async throws {
        try await withAuthority { root in
            let leaf = try await root.certify("leaf", key: Self.rsa)
            let file = try await sign(leaf, ["-outform", "DER", "-binary", "-md", digest])
            let signer = try #require(try SignedData(parsing: file).signers.first)
            let verdict = try signer.verdict(by: read(leaf), over: Self.message)
            let name = digest == "sha1" ? "SHA-1" : "MD5"
            #expect(verdict == .notAcceptable("the digest \(name) is not accepted"))
        }
    }

    @Test("each of several signers is known by its own certificate")
    func severalSigners() async throws {
        try await withAuthority { root in
            let first = try await root.certify("first")
            let second = try await root.certify("second", key: Self.rsa)
            let file = try await sign(
                first,
                ["-outform", "DER", "-binary", "-signer", second.path, "-inkey", second.keyPath])
            let signed = try SignedData(parsing: file)
            #expect(signed.signers.count == 2)
            for certified in [first, second] {
                let certificate = try read(certified)
                let named = try signed.signers.filter { try $0.names(certificate) }
                #expect(named.count == 1)
                #expect(try verifies(signed, certified))
            }
        }
    }

    @Test("a signer named by its key's identifier is found, and a bare signature names nobody here")
    func keyIdentifier() async throws {
        try await withAuthority { root in
            let leaf = try await root.certify("leaf")
            let file = try await sign(leaf, ["-outform", "DER", "-binary", "-keyid", "-nocerts"])
            let signed = try SignedData(parsing: file)
            #expect(signed.certificates == [])
            #expect(try verifies(signed, leaf))
            #expect(try signed.signers.first?.names(read(root.own)) == false)
        }
    }

    @Test("a wrong key, bytes after the end, a cut file and other files are refused")
    func refused() async throws {
        try await withAuthority { root in
            let leaf = try await root.certify("leaf")
            let other = try await root.certify("other")
            let file = try await sign(leaf, ["-outform", "DER", "-binary"])
            let signer = try #require(try SignedData(parsing: file).signers.first)
            guard case .wrong = try signer.verdict(by: read(other), over: Self.message) else {
                Issue.record("another key verifies")
                return
            }
            let certificate = try read(leaf).der
            for bad in [
                file + [0], Array(file.dropLast()), Array(file.dropFirst()), certificate, [],
            ] {
                #expect(throws: CMSError.self) { try SignedData(parsing: bad) }
            }
        }
    }

    @Test("a set of attributes is not taken for the content of a signer without attributes")
    func strippedAttributes() async throws {
        try await withAuthority { root in
            let leaf = try await root.certify("leaf")
            // What a signer with attributes signs, such as this content type, is one that has lost them.
            let type: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 3]
            let value: [UInt8] = [0x31, 4, 6, 2, 0x2A, 3]
            let attribute = [0x30, 17, 6, 9] + type + value
            let attributes = [0x31, 19] + attribute
            for (content, isTaken) in [
                (attributes, false), ([0x31, 38] + attribute + attribute, false),
                (attributes + [0], true), ([0x31, 0], true), (attribute, true),
                ([0x31, 2, 5, 0], true), (bytes("1 file"), true),
            ] {
                let file = try await root.openssl(
                    [
                        "cms", "-sign", "-binary", "-noattr", "-outform", "DER", "-signer",
                        leaf.path, "-inkey", leaf.keyPath,
                    ], stdin: content)
                #expect(try verifies(SignedData(der: file), leaf, over: content) == isTaken)
            }
        }
    }

    @Test("no flipped bit of a signer is accepted, and thousands of damaged files do no harm")
    func mutated() async throws {
        try await withAuthority { root in
            let leaf = try await root.certify("leaf")
            let file = try await sign(
                leaf, ["-outform", "DER", "-binary", "-nocerts", "-nosmimecap"])
            let certificate = try read(leaf)
            for place in file.indices {
                guard let signed = try? SignedData(der: flipping(file, at: place)) else { continue }
                for signer in signed.signers where try signer.names(certificate) {
                    let verdict = try signer.verdict(by: certificate, over: Self.message)
                    if case .verifies = verdict { Issue.record("byte \(place) may be changed") }
                }
            }
            for input in mutations(of: file, seed: 31, count: 20_000) {
                _ = try? SignedData(parsing: input)
            }
        }
    }

    private func sign(_ leaf: Authority.Certified, _ options: [String]) async throws -> [UInt8] {
        try await runSuccessfully(
            "openssl", ["cms", "-sign", "-signer", leaf.path, "-inkey", leaf.keyPath] + options,
            stdin: Self.message)
    }

    private func verifies(
        _ signed: SignedData, _ leaf: Authority.Certified, over content: [UInt8] = message
    ) throws -> Bool {
        let certificate = try read(leaf)
        for signer in signed.signers where try signer.names(certificate) {
            if case .verifies = try signer.verdict(by: certificate, over: content) { return true }
        }
        return false
    }
}
