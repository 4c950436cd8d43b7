import CloseoutCOpenSSL

/// CMS in BER, as `gpgsm` and writers of streams leave it, and the same in DER.
///
/// Implements "CMS" of docs/signatures.md.
enum BER {
    /// The most bytes that are read.
    private static let sizeLimit = 256 * 1024

    /// Whether bytes begin with a SEQUENCE whose length is left open, which DER never has.
    static func isLikely(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: [DERTag.sequence.rawValue, 0x80])
    }

    /// Writes a ContentInfo in DER.
    ///
    /// libcrypto reads it as `openssl cms` does, at most 30 elements deep. What signatures cover stays
    /// as it is: certificates and the values of attributes are kept as bytes, and a set of attributes is
    /// signed in DER whatever it is written in (RFC 5652, 5.4).
    ///
    /// - Throws: `CMSError.notBER`, also where anything follows.
    static func der(ofContentInfo ber: [UInt8]) throws(CMSError) -> [UInt8] {
        defer { OpenSSLError.clearQueue() }
        guard ber.count <= sizeLimit, let library = try? Library.shared(),
            let empty = unsafe CMS_ContentInfo_new_ex(library.context, nil)
        else { throw .notBER }
        // Where reading fails, libcrypto frees what it was given and leaves nothing.
        var info: OpaquePointer? = unsafe empty
        defer { unsafe CMS_ContentInfo_free(info) }
        let isWhole = unsafe ber.withUnsafeBufferPointer { ber in
            var next = ber.baseAddress
            guard unsafe d2i_CMS_ContentInfo(&info, &next, ber.count) != nil,
                let end = unsafe next
            else { return false }
            return unsafe ber.baseAddress?.distance(to: end) == ber.count
        }
        guard isWhole, let der = unsafe encoded({ unsafe i2d_CMS_ContentInfo(info, $0) }) else {
            throw .notBER
        }
        return der
    }
}
