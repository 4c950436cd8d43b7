import CloseoutTestSupport
import Testing

@Suite("What libcrypto's answers mean")
struct LibcryptoTests {
    /// Parts of the names of functions that look at something from outside.
    private static let lookers = [
        "Verify(", "verify(", "verify_cert(", "_check_", "_cmp(", "d2i_", "decrypt", "PKCS82PKEY",
        "_is_a(", "PKEY_fromdata(", "get0_by_", "find_sigid", "get_key_usage(", "TIME_diff(",
    ]

    /// The functions of libcrypto that are called in a text.
    private func calls(in text: String) -> Set<String> {
        var names: Set<String> = []
        let words = text.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "(") }
        for word in words {
            for part in word.split(separator: "(", omittingEmptySubsequences: false).dropLast() {
                let isForeign = ["EVP_", "X509_", "d2i_", "ASN1_", "OBJ_", "PKCS8_"]
                    .contains { part.hasPrefix($0) }
                let isLooker = Self.lookers.contains { "\(part)(".contains($0) }
                if isForeign, isLooker { names.insert(String(part)) }
            }
        }
        return names
    }

    @Test("are in the document for every function that looks at something from outside")
    func table() throws {
        let document = try SourceFile(reading: "docs/libcrypto.md").lines.joined(separator: "\n")
        var missing: Set<String> = []
        var seen: Set<String> = []
        for file in try SourceFile.all(below: "Sources/OpenSSL", ending: ".swift") {
            for name in calls(in: file.lines.joined(separator: "\n")) {
                seen.insert(name)
                if !document.contains("`\(name)`") { missing.insert(name) }
            }
        }
        #expect(missing == [])
        #expect(seen.contains("EVP_DigestVerify") && seen.contains("X509_verify_cert"))
        #expect(calls(in: "X509_NEW_cmp(a) d2i_NEW(b)") == ["X509_NEW_cmp", "d2i_NEW"])
    }
}
