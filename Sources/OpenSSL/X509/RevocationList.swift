import COpenSSL

/// A list of revoked certificates (RFC 5280, 5) as it is written; nothing in it is believed before
/// its signature is checked.
///
/// `@unchecked Sendable`: nothing in it changes after `init`, and libcrypto locks what it sorts.
package final class RevocationList: @unchecked Sendable {
    /// The list in DER.
    package let der: [UInt8]
    /// When it was made, in seconds since 1970.
    package let thisUpdate: Int64
    /// When its successor is due at the latest, in seconds since 1970, if the list says so.
    package let nextUpdate: Int64?
    /// Why the list cannot be used at all; nil for a whole list over an issuer's own certificates.
    package let defect: String?

    let list: Owned<RevocationListObject>

    /// Reads one list in DER and nothing but that.
    ///
    /// - Throws: ``CertificateError/notARevocationList(_:)``, ``CertificateError/openSSL(_:)``.
    package init(der: [UInt8]) throws(CertificateError) {
        let list = try Self.parsed(der)
        do {
            thisUpdate = try unsafe seconds(X509_CRL_get0_lastUpdate(list.pointer))
            let next = unsafe X509_CRL_get0_nextUpdate(list.pointer)
            nextUpdate = unsafe next == nil ? nil : try unsafe seconds(next)
        } catch { throw .openSSL(error) }
        defect = Self.defect(of: list)
        self.der = der
        self.list = list
    }

    /// The longest list that is read.
    private static let sizeLimit = 16 * 1024 * 1024

    private static func parsed(
        _ der: [UInt8]
    ) throws(CertificateError) -> Owned<RevocationListObject> {
        guard der.count <= sizeLimit else {
            throw .notARevocationList("longer than \(sizeLimit) bytes")
        }
        let list = try emptyList()
        var pointer: OpaquePointer? = unsafe list.pointer
        guard unsafe decoded(der, { unsafe d2i_X509_CRL(&pointer, $0, $1) }) != nil else {
            throw .notARevocationList(OpenSSLError.taken(after: "d2i_X509_CRL").description)
        }
        guard unsafe encoded({ unsafe i2d_X509_CRL(list.pointer, $0) }) == der else {
            throw .notARevocationList("not in DER, or with bytes after its end")
        }
        return list
    }

    private static func emptyList() throws(CertificateError) -> Owned<RevocationListObject> {
        do {
            let library = try Library.shared()
            return try unsafe Owned(
                owning: X509_CRL_new_ex(library.context, nil), from: "X509_CRL_new_ex")
        } catch { throw .openSSL(error) }
    }

    private static func defect(of list: borrowing Owned<RevocationListObject>) -> String? {
        if unsafe X509_CRL_get_ext_by_NID(list.pointer, NID_delta_crl, -1) >= 0 {
            return "it is a delta list"
        }
        if isIndirect(list) { return "it is an indirect list" }
        var (digest, key): (CInt, CInt) = (NID_undef, NID_undef)
        let algorithm = unsafe X509_CRL_get_signature_nid(list.pointer)
        let isKnown = unsafe OBJ_find_sigid_algs(algorithm, &digest, &key) == 1
        guard
            algorithm == NID_ED25519
                || isKnown && [NID_sha256, NID_sha384, NID_sha512].contains(digest)
        else { return "it is signed by an algorithm that is not accepted" }
        return nil
    }

    /// Whether it may speak of other issuers' certificates: `[4]` of its distribution point.
    private static func isIndirect(_ list: borrowing Owned<RevocationListObject>) -> Bool {
        let index = unsafe X509_CRL_get_ext_by_NID(list.pointer, NID_issuing_distribution_point, -1)
        guard index >= 0 else { return false }
        let found = unsafe X509_CRL_get_ext(list.pointer, index)
        let value = unsafe bytes(of: X509_EXTENSION_get_data(found))
        var outer = DERReader(value[...])
        var fields = DERReader(outer.readLast(.sequence) ?? [])
        while let (tag, content) = fields.readAny() {
            if tag == 0x84 { return content != [0] }
        }
        return !fields.isAtEnd
    }
}

extension RevocationList: Hashable {
    package static func == (left: RevocationList, right: RevocationList) -> Bool {
        left.der == right.der
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(thisUpdate)
        hasher.combine(der.count)
    }
}

/// Names `X509_CRL`.
enum RevocationListObject: OpenSSLObject {
    static func free(_ pointer: OpaquePointer) { unsafe X509_CRL_free(pointer) }
}
