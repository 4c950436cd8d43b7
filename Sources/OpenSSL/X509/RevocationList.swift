import CloseoutCOpenSSL
import Synchronization

/// A list of revoked certificates (RFC 5280, 5) as it is written; nothing in it is believed before
/// its signature is checked.
///
/// `@unchecked Sendable`: nothing in it changes after `init` but what is remembered of its signature
/// under a lock, and libcrypto locks what it sorts.
package final class RevocationList: @unchecked Sendable {
    /// The list in DER.
    package let der: [UInt8]
    /// When it was made, in seconds since 1970.
    package let thisUpdate: Int64
    /// When its successor is due at the latest, in seconds since 1970, if the list says so.
    package let nextUpdate: Int64?
    /// Why it covers no certificate by itself, although its entries count; nil for a complete list.
    package let limit: String?

    /// Equal where libcrypto takes two issuers for one name; seldom equal elsewhere.
    let issuerHash: UInt
    /// What it is signed with.
    let algorithm: Algorithm
    let isDelta: Bool
    let isIndirect: Bool
    let list: Owned<RevocationListObject>
    /// Whether a key, by its SubjectPublicKeyInfo, made the signature.
    private let signers = Mutex<[[UInt8]: Bool]>([:])

    /// Reads one list in DER and nothing but that.
    ///
    /// - Throws: ``CertificateError/notARevocationList(_:)``, ``CertificateError/openSSL(_:)``.
    package init(der: [UInt8]) throws(CertificateError) {
        let list = try Self.parsed(der)
        do {
            thisUpdate = try unsafe seconds(X509_CRL_get0_lastUpdate(list.pointer))
            let next = unsafe X509_CRL_get0_nextUpdate(list.pointer)
            nextUpdate = unsafe next == nil ? nil : try unsafe seconds(next)
            issuerHash = try unsafe Certificate.hash(ofName: X509_CRL_get_issuer(list.pointer))
        } catch { throw .openSSL(error) }
        isDelta = unsafe X509_CRL_get_ext_by_NID(list.pointer, NID_delta_crl, -1) >= 0
        isIndirect = Self.isIndirect(list)
        algorithm = Algorithm(of: list, der)
        limit =
            algorithm.isAccepted
            ? Self.limit(of: list, isDelta: isDelta, isIndirect: isIndirect)
            : "is signed by an algorithm that is not accepted (\(algorithm.name))"
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

    /// What keeps it from covering anything, in its order of importance.
    private static func limit(
        of list: borrowing Owned<RevocationListObject>, isDelta: Bool, isIndirect: Bool
    ) -> String? {
        if isDelta { return "is a delta list, which never covers alone" }
        if isIndirect { return "is an indirect list, which never covers" }
        let understood = [
            NID_issuing_distribution_point, NID_authority_key_identifier, NID_delta_crl,
        ]
        for index in 0..<(unsafe X509_CRL_get_ext_count(list.pointer)) {
            let found = unsafe X509_CRL_get_ext(list.pointer, index)
            let identifier = unsafe OBJ_obj2nid(X509_EXTENSION_get_object(found))
            if unsafe X509_EXTENSION_get_critical(found) == 1, !understood.contains(identifier) {
                return "has a critical extension that is not known"
            }
        }
        guard unsafe COpenSSL_X509_CRL_has_unknown_entries(list.pointer) == 0 else {
            return "has an entry with a critical extension that is not known"
        }
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
        return false
    }
}

// MARK: Whose it is, and of whom it speaks

extension RevocationList {
    /// Whether it has the name of a certificate's issuer.
    func isNamed(asIssuerOf certificate: Certificate) -> Bool {
        guard issuerHash == certificate.issuerHash else { return false }
        let name = unsafe X509_CRL_get_issuer(list.pointer)
        return unsafe X509_NAME_cmp(name, X509_get_issuer_name(certificate.certificate.pointer))
            == 0
    }

    /// Whether a certificate's key made the signature; that is computed once for a key.
    func isSigned(by signer: Certificate) -> Bool {
        if let known = signers.withLock({ $0[signer.spki] }) { return known }
        let key = unsafe X509_get0_pubkey(signer.certificate.pointer)
        let isRight = unsafe key != nil && X509_CRL_verify(list.pointer, key) == 1
        OpenSSLError.clearQueue()
        signers.withLock { $0[signer.spki] = isRight }
        return isRight
    }

    /// Why it does not cover a certificate of its issuer, or the reasons for which it does, as bits.
    func scope(over certificate: Certificate) -> Scope {
        if let limit { return .nothing(limit) }
        let scope = unsafe COpenSSL_X509_CRL_scope(
            list.pointer, certificate.certificate.pointer)
        OpenSSLError.clearQueue()
        guard scope < 0 else { return .reasons(scope) }
        let reason =
            switch scope {
            case CInt(COpenSSL_SCOPE_INDIRECT): "is an indirect list, which never covers"
            case CInt(COpenSSL_SCOPE_ATTRIBUTES): "is about attribute certificates only"
            case CInt(COpenSSL_SCOPE_USERS): "is about certificates of no authority only"
            case CInt(COpenSSL_SCOPE_AUTHORITIES): "is about certificates of authorities only"
            case CInt(COpenSSL_SCOPE_OTHER_POINT):
                "is of a distribution point that the certificate does not name"
            default: "has an issuing distribution point that cannot be read"
            }
        return .nothing(reason)
    }

    /// What a list covers of a certificate.
    enum Scope {
        /// The reasons for which it does, as bits.
        case reasons(CInt)
        /// Nothing, and why: what the list is, without a subject.
        case nothing(String)
    }

    /// All that it says of a certificate of its issuer: each entry with the serial number counts,
    /// whatever reason it gives, but for one that takes a revocation back in a delta list.
    func entries(of certificate: Certificate) throws(OpenSSLError) -> [Revocation] {
        let number = unsafe X509_get0_serialNumber(certificate.certificate.pointer)
        var match: OpaquePointer?
        // Sorts the entries, under a lock.
        _ = unsafe X509_CRL_get0_by_serial(list.pointer, &match, number)
        if isIndirect {
            // The issuer of an entry's certificate is in an entry before it, which libcrypto knows.
            let result = unsafe X509_CRL_get0_by_cert(
                list.pointer, &match, certificate.certificate.pointer)
            guard result != 0, let match = unsafe match else { return [] }
            return unsafe [try revocation(of: certificate, match)].compactMap(\.self)
        }
        var index = unsafe COpenSSL_X509_CRL_first(list.pointer, number)
        var found: [Revocation] = []
        let count = unsafe COpenSSL_X509_CRL_count(list.pointer)
        while index >= 0, index < count {
            guard let entry = unsafe COpenSSL_X509_CRL_entry(list.pointer, index),
                unsafe ASN1_STRING_cmp(X509_REVOKED_get0_serialNumber(entry), number) == 0
            else { break }
            if let revocation = try unsafe revocation(of: certificate, entry) {
                found.append(revocation)
            }
            index += 1
        }
        return found
    }

    private func revocation(
        of certificate: Certificate, _ entry: OpaquePointer
    ) throws(OpenSSLError) -> Revocation? {
        let reason = unsafe takenInteger(
            X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, nil, nil).map { OpaquePointer($0) })
        if isDelta, reason == 8 { return nil }
        let since = unsafe X509_REVOKED_get_ext_d2i(entry, NID_invalidity_date, nil, nil)
            .map { OpaquePointer($0) }
        let invalidSince = try unsafe takenSeconds(since)
        OpenSSLError.clearQueue()
        return Revocation(
            subject: certificate.subject,
            at: try unsafe seconds(X509_REVOKED_get0_revocationDate(entry)),
            isKeyCompromise: [1, 2].contains(reason), isOrderly: [0, 3, 4, 5].contains(reason),
            invalidSince: invalidSince)
    }
}

/// The seconds of an `ASN1_GENERALIZEDTIME`, which is freed.
private func takenSeconds(_ pointer: OpaquePointer?) throws(OpenSSLError) -> Int64? {
    guard let pointer = unsafe pointer else { return nil }
    let time = unsafe UnsafeMutablePointer<ASN1_STRING>(pointer)
    defer { unsafe ASN1_STRING_free(time) }
    return try unsafe seconds(time)
}

/// The value of an `ASN1_ENUMERATED`, which is freed.
private func takenInteger(_ pointer: OpaquePointer?) -> Int? {
    guard let pointer = unsafe pointer else { return nil }
    let number = unsafe UnsafeMutablePointer<ASN1_STRING>(pointer)
    defer { unsafe ASN1_STRING_free(number) }
    return unsafe Int(ASN1_ENUMERATED_get(number))
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
