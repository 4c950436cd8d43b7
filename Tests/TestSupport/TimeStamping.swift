extension Authority.Certified {
    /// Answers a time-stamp request as `openssl ts` does, at the machine's present time.
    ///
    /// - Parameters:
    ///   - request: The request in DER.
    ///   - chain: More certificates for the response, in PEM.
    ///   - digest: The digest that the response is signed with.
    /// - Returns: The response in DER.
    /// - Throws: `RunFailure` where the command refuses.
    package func answer(
        _ request: [UInt8], chain: [UInt8] = [], digest: String = "sha256"
    ) async throws -> [UInt8] {
        try await withTemporaryDirectory { folder in
            try writeFile(request, to: folder + "/request")
            try writeFile(chain, to: folder + "/chain")
            try writeFile("01\n", to: folder + "/serial")
            try writeFile(Self.configuration, to: folder + "/ts.cnf")
            try await runSuccessfully(
                "openssl",
                [
                    "ts", "-reply", "-config", "ts.cnf", "-queryfile", "request", "-signer", path,
                    "-inkey", keyPath, "-out", "response", "-\(digest)",
                ] + (chain.isEmpty ? [] : ["-chain", "chain"]), workingDirectory: folder)
            return try readFile(folder + "/response")
        }
    }

    private static let configuration = """
        [tsa]
        default_tsa = this
        [this]
        serial = serial
        signer_digest = sha256
        default_policy = 1.2.3.4.1
        digests = sha256, sha384, sha512, sha1
        ess_cert_id_alg = sha256
        accuracy = secs:1
        ordering = yes
        tsa_name = yes

        """

    /// Issues a token at any time, by putting the authority's statement together here and letting
    /// `openssl cms` sign it; thus also with certificates that `openssl ts` would not use.
    ///
    /// - Parameters:
    ///   - digest: The digest that is stamped.
    ///   - time: The time, such as `20260601120000Z`.
    ///   - algorithm: The content of the digest's object identifier; SHA-256's by default.
    ///   - options: More arguments of `openssl cms`; `-cades` names the certificate by digest.
    ///   - certificates: More certificates to put into the token, in PEM.
    ///   - extensions: What the statement has behind its time, in DER.
    /// - Returns: The bare token in DER.
    /// - Throws: `RunFailure` where the command refuses.
    package func token(
        over digest: [UInt8], at time: String,
        algorithm: [UInt8] = [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1],
        options: [String] = ["-cades"], certificates: [UInt8] = [], extensions: [UInt8] = []
    ) async throws -> [UInt8] {
        let hash = der(0x30, der(0x06, algorithm))
        let statement = der(
            0x30,
            der(0x02, [1]) + der(0x06, [0x2A, 3, 4, 1]) + der(0x30, hash + der(0x04, digest))
                + der(0x02, [7]) + der(0x18, Array(time.utf8)) + extensions)
        return try await withTemporaryDirectory { folder in
            try writeFile(statement, to: folder + "/statement")
            try writeFile(certificates, to: folder + "/certificates")
            return try await runSuccessfully(
                "openssl",
                [
                    "cms", "-sign", "-binary", "-nodetach", "-nosmimecap", "-outform", "DER",
                    "-econtent_type", "1.2.840.113549.1.9.16.1.4", "-in", "statement",
                    "-signer", path, "-inkey", keyPath, "-md", "sha256",
                ] + options + (certificates.isEmpty ? [] : ["-certfile", "certificates"]),
                workingDirectory: folder)
        }
    }
}

/// An element of DER with its tag, length and content, which is shorter than 64 KiB.
package func der(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    let count = content.count
    let length: [UInt8] =
        if count < 0x80 {
            [UInt8(count)]
        } else if count < 0x100 {
            [0x81, UInt8(count)]
        } else {
            [0x82, UInt8(truncatingIfNeeded: count >> 8), UInt8(truncatingIfNeeded: count)]
        }
    return [tag] + length + content
}

/// DER with bytes added to the end of an element that is the last of the last, so many levels deep.
package func derAppending(_ extra: [UInt8], to element: [UInt8], depth: Int) -> [UInt8] {
    guard let tag = element.first else { return element }
    let content = Array(element.dropFirst(derHeaderSize(element[...])))
    guard depth > 0 else { return der(tag, content + extra) }
    var last = content[...]
    while case let size = derHeaderSize(last) + derContentSize(last), size < last.count {
        last = last.dropFirst(size)
    }
    let before = content.dropLast(last.count)
    return der(tag, before + derAppending(extra, to: Array(last), depth: depth - 1))
}

private func derHeaderSize(_ element: ArraySlice<UInt8>) -> Int {
    let length = element.dropFirst().first ?? 0
    return length < 0x80 ? 2 : 2 + Int(length & 0x7F)
}

private func derContentSize(_ element: ArraySlice<UInt8>) -> Int {
    let length = element.dropFirst().first ?? 0
    guard length >= 0x80 else { return Int(length) }
    return element.dropFirst(2).prefix(Int(length & 0x7F)).reduce(0) { $0 << 8 | Int($1) }
}
