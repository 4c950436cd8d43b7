import CloseoutBundles
import CloseoutEncodings
import CloseoutTestSupport
import FoundationEssentials
import Testing

@Suite("The scanner for private keys, where there is none")
struct NoPrivateKeyTests {
    @Test("takes no file of fixtures/ for a key")
    func fixtures() throws {
        let root = repositoryRoot + "/fixtures"
        var count = 0
        for name in try FileManager.default.subpathsOfDirectory(atPath: root) {
            let path = root + "/" + name
            guard !isDirectory(path), fileExists(path) else { continue }
            count += 1
            #expect(!PrivateKeyScanner.finds(in: try readFile(path)), "\(name)")
        }
        #expect(count > 500)
    }

    @Test("takes what a system documents for a key only where there is one")
    func documentation() throws {
        let root = "/usr/share/doc"
        guard let names = try? FileManager.default.subpathsOfDirectory(atPath: root) else { return }
        for name in names.sorted() where !isDirectory(root + "/" + name) {
            guard let content = try? readFile(root + "/" + name), content.count < 100_000 else {
                continue
            }
            guard PrivateKeyScanner.finds(in: content) else { continue }
            let text = String(decoding: content, as: UTF8.self)
            #expect(text.contains("PRIVATE KEY-----"), "\(name)")
        }
    }

    @Test("takes a program's form for a key for none")
    func forms() {
        let form = "-----BEGIN RSA PRIVATE KEY-----\n%s-----END RSA PRIVATE KEY-----\n\0"
        #expect(!PrivateKeyScanner.finds(in: bytes("usage\n\0\0\0" + form)))
    }

    @Test("takes neither random bytes nor random text for a key", arguments: [1, 2, 3] as [UInt64])
    func random(seed: UInt64) {
        var numbers = SplitMix64(seed: seed)
        let random = (0..<131_072).flatMap { _ in
            let number = numbers.next()
            return (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
        }
        #expect(!PrivateKeyScanner.finds(in: random), "bytes")
        let letters = Base64.encode(random)
        #expect(!PrivateKeyScanner.finds(in: letters), "base64")
        #expect(!PrivateKeyScanner.finds(in: letters.flatMap { [$0, 0] }), "base64 in UTF-16")
        let capitals = random.map { $0 % 19 + UInt8(ascii: "G") }
        #expect(!PrivateKeyScanner.finds(in: capitals), "capitals")
        let json = (0..<20_000).map { _ in
            "{\"name\":\"\(numbers.next() % 977)\",\"M\":\"MII\(numbers.next())\",\"IV\":-1}\n"
        }
        #expect(!PrivateKeyScanner.finds(in: bytes(json.joined())), "JSON")
        for begin in [0x30, 0x94, 0x95, 0xC5] as [UInt8] {
            for start in stride(from: 0, to: 60_000, by: 60) {
                let file = [begin] + random[start..<(start + 200)]
                #expect(!PrivateKeyScanner.finds(in: file), "\(begin) and random bytes")
            }
        }
    }

    @Test(
        "takes neither public keys, certificates and what they sign, nor encrypted DER for a key",
        .requires("openssl"))
    func publicMaterial() async throws {
        try await withTemporaryDirectory { path in
            let script = """
                openssl req -x509 -newkey rsa:2048 -nodes -keyout k -out c -subj /CN=a -set_serial 1
                openssl ecparam -genkey -noout -name prime256v1 -out e
                openssl req -new -key e -subj /CN=a -out r
                echo M > M; echo secret > pass
                mkdir out
                for f in PEM DER; do
                openssl x509 -in c -outform $f -out out/c.$f
                openssl req -in r -outform $f -out out/r.$f
                openssl rsa -in k -pubout -outform $f -out out/k.$f
                openssl rsa -in k -RSAPublicKey_out -outform $f -out out/pk1.$f
                openssl ec -in e -pubout -outform $f -out out/e.$f
                openssl cms -sign -nodetach -in M -signer c -inkey k -outform $f -out out/s.$f
                openssl cms -encrypt -aes256 -in M -outform $f -out out/n.$f c
                openssl cms -EncryptedData_encrypt -aes256 -secretkey \
                    000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f \
                    -in M -outform $f -out out/d.$f
                openssl crl2pkcs7 -nocrl -certfile c -outform $f -out out/p7.$f
                done
                openssl dgst -sha256 -sign e -out out/sig M
                openssl ts -query -data M -cert -out out/q
                openssl pkcs8 -topk8 -in e -passout pass:x -outform DER -out out/encrypted.der
                """
            try await runSuccessfully("sh", ["-ec", script], workingDirectory: path)
            for name in try FileManager.default.contentsOfDirectory(atPath: path + "/out") {
                let content = try readFile(path + "/out/" + name)
                for dress in KeyDress.ofText + KeyDress.ofBytes {
                    let dressed = dress.wear(content)
                    #expect(!PrivateKeyScanner.finds(in: dressed), "\(name) \(dress.name)")
                }
                #expect(!PrivateKeyScanner.finds(in: content), "\(name)")
            }
        }
    }
}
