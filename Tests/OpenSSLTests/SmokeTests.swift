import OpenSSL
import Testing

@Test("each type round-trips", arguments: [KeyType.ed25519, .p256, .p384, .rsa])
func smoke(_ t: KeyType) throws {
    let key = try PrivateKey.generate(t)
    for a in SignatureAlgorithm.allCases where a.keyType == t {
        let s = try key.sign([1,2,3], algorithm: a)
        #expect(try key.publicKey.accepts(s, over: [1,2,3], algorithm: a))
        #expect(try !key.publicKey.accepts(s, over: [1,2,4], algorithm: a))
    }
    let pem = try key.pem(passphrase: nil)
    print(String(decoding: pem, as: UTF8.self))
    let again = try PrivateKey(parsing: pem, passphrase: nil)
    #expect(again.publicKey == key.publicKey)
    let epem = try key.pem(passphrase: [65,66])
    #expect(try PrivateKey(parsing: epem, passphrase: [65,66]).publicKey == key.publicKey)
    do { _ = try PrivateKey(parsing: epem, passphrase: [65,67]) } catch { print(error) }
    do { _ = try PrivateKey(parsing: epem, passphrase: nil) } catch { print(error) }
    #expect(try PublicKey(pem: key.publicKey.pem) == key.publicKey)
    do { _ = try PublicKey(pem: pem) } catch { print(error) }
    print(key.publicKey.bits, libraryVersion)
}
@Test func ml() throws {
    do { _ = try PrivateKey.generate(.mldsa44) } catch { print(error) }
}
