package import CloseoutOpenSSL

/// Where the bytes of a signed file come from: a file, a pipe, or whatever else gives bytes in order.
package protocol ByteSource {
    /// How many bytes there are; `nil` where that shows only at the end, and they come but once.
    var count: Int? { get }

    /// Goes back to the first byte, where `count` is known.
    mutating func rewind()

    /// Reads the next bytes into the beginning of the buffer.
    ///
    /// - Returns: How many; 0 after the last.
    mutating func read(into buffer: inout [UInt8]) throws -> Int

    /// All bytes at once, where `count` is known.
    func region() throws -> any ByteRegion

    /// Confirms that what was read is still what is there.
    func confirmUnchanged() throws
}

/// Why a signature over bytes from a source cannot be checked.
package enum ByteSourceError: Error, Equatable, CustomStringConvertible {
    /// The signature covers the bytes themselves, and there are too many to hold.
    case tooLong(limit: Int)
    /// The source gave its bytes once, and more would have to be known of them.
    case isUsedUp

    /// The reason in words.
    package var description: String {
        switch self {
        case .tooLong(let limit):
            "the signature covers the bytes themselves and not a digest, and more than \(limit) came "
                + "from a pipe"
        case .isUsedUp: "it would have to be read again, and a pipe is read once"
        }
    }
}

extension SignatureVerifier {
    /// Verifies every signature of a file over bytes that are read in pieces, once where all is well.
    ///
    ///     let results = try verifier.verify(bytes, as: format, over: source, named: path)
    ///
    /// Digests are computed while the bytes go by; what they turn out to have left open is computed by
    /// reading again.
    ///
    /// - Parameters:
    ///   - file: The bytes of the signature file.
    ///   - format: The format that it is said to be of; no other is tried.
    ///   - source: What the signatures have to be over.
    ///   - name: The path or name by which a signed list of digests finds it.
    ///   - stamps: Time-stamps, of which those over the file or a signature's value date it.
    /// - Returns: One result a signature, in file order; one for a file that is malformed.
    /// - Throws: What the source throws; ``ByteSourceError``; `OpenSSLError` when libcrypto could not look.
    package func verify<Source: ByteSource>(
        _ file: [UInt8], as format: SignatureFormat, over source: inout Source,
        named name: [UInt8]? = nil, stamps: TimeStamps = []
    ) throws -> [SignatureResult] {
        var reading = MessageReading(needs: needs(of: file, as: format))
        var message = try reading.first(of: &source)
        while true {
            let content = CheckedContent(message: message, payloadType: nil, fileName: name)
            let results: [SignatureResult]
            do throws(OpenSSLError) {
                results = try verify(file, as: format, over: content, [], stamps, true)
            } catch {
                guard let more = try reading.more(than: message, of: &source) else { throw error }
                message = more
                continue
            }
            try source.confirmUnchanged()
            return results
        }
    }

    /// What the signatures of a file ask of their content.
    private func needs(of file: [UInt8], as format: SignatureFormat) -> MessageNeeds {
        var needs = MessageNeeds()
        for signature in (try? format.signatures(in: file)) ?? [] {
            switch signature {
            case .keyed(let signature): needs.formUnion(signature.needs(of: policy?.keys ?? []))
            case .certified(let signature): needs.formUnion(signature.needs)
            case .keyless(let signature): needs.formUnion(signature.needs)
            }
        }
        return needs
    }
}
