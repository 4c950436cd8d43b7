import CloseoutCOpenSSL
import Synchronization

/// An X.509 certificate as it is written; reading one trusts it for nothing (docs/signatures.md).
///
/// Two certificates are equal if their bytes are.
///
/// `@unchecked Sendable`: nothing in it changes after `init`, which makes libcrypto fill the caches
/// that an `X509` has, but what is remembered of its signature under a lock; any number of threads
/// may read one.
package final class Certificate: @unchecked Sendable {
    /// The certificate in DER.
    package let der: [UInt8]
    /// SHA-256 of ``der``.
    package let fingerprint: SHA256Digest
    /// The subject as in RFC 4514, in UTF-8, such as `CN=release,O=Acme`; asserted by its issuer.
    package let subject: [UInt8]
    /// The first second of its validity, in seconds since 1970.
    package let notBefore: Int64
    /// The last second of its validity, in seconds since 1970.
    package let notAfter: Int64
    /// The SubjectPublicKeyInfo in DER, as it is in the certificate.
    package let spki: [UInt8]
    /// The key inside, where it is one of the closed list; a chain may hold others.
    package let publicKey: PublicKey?
    /// What kinds of thing the key is for; nil without the extension, which then excludes nothing.
    package let extendedKeyUsage: ExtendedKeyUsage?
    /// The mail addresses, host names and URIs that the certificate is for, as in a policy.
    package let alternativeNames: [[UInt8]]
    /// The issuer's name in DER.
    let issuer: [UInt8]
    /// The serial number, the content of its INTEGER.
    let serialNumber: [UInt8]
    /// The identifier that its issuer gave to the key, if there is one.
    let subjectKeyIdentifier: [UInt8]?
    /// Equal where libcrypto takes two subjects for one name; seldom equal elsewhere.
    let subjectHash: UInt
    /// The same of the issuer's name.
    let issuerHash: UInt

    let certificate: Owned<CertificateObject>
    /// Whether a key, by its SubjectPublicKeyInfo, made the signature.
    let issuers = Mutex<[[UInt8]: Bool]>([:])

    /// Reads one certificate in DER and nothing but that.
    ///
    /// - Throws: ``CertificateError/notACertificate(_:)``, ``CertificateError/openSSL(_:)``.
    package init(der: [UInt8]) throws(CertificateError) {
        let certificate = try Self.parsed(der)
        self.der = der
        do {
            fingerprint = try SHA256Digest.of(der)
            subject = try unsafe Self.text(ofName: X509_get_subject_name(certificate.pointer))
            notBefore = try unsafe seconds(X509_get0_notBefore(certificate.pointer))
            notAfter = try unsafe seconds(X509_get0_notAfter(certificate.pointer))
            subjectHash = try unsafe Self.hash(ofName: X509_get_subject_name(certificate.pointer))
            issuerHash = try unsafe Self.hash(ofName: X509_get_issuer_name(certificate.pointer))
        } catch { throw .openSSL(error) }
        let key = unsafe X509_get_X509_PUBKEY(certificate.pointer)
        guard let spki = unsafe encoded({ unsafe i2d_X509_PUBKEY(key, $0) }) else {
            throw .notACertificate(OpenSSLError.taken(after: "i2d_X509_PUBKEY").description)
        }
        self.spki = spki
        publicKey = try? PublicKey(spki: spki)
        OpenSSLError.clearQueue()
        extendedKeyUsage = try Self.extendedKeyUsage(of: certificate)
        alternativeNames = try Self.alternativeNames(of: certificate)
        issuer = Self.issuer(of: certificate)
        serialNumber = Self.serialNumber(of: certificate)
        subjectKeyIdentifier = Self.subjectKeyIdentifier(of: certificate)
        self.certificate = certificate
    }

    /// The longest certificate that is read.
    static let sizeLimit = 65_536
}

extension Certificate {
    /// A certificate in DER, and nothing but that.
    static func parsed(
        _ der: [UInt8]
    ) throws(CertificateError) -> Owned<CertificateObject> {
        guard der.count <= sizeLimit else {
            throw .notACertificate("longer than \(sizeLimit) bytes")
        }
        let certificate = try emptyCertificate()
        var pointer: OpaquePointer? = unsafe certificate.pointer
        guard unsafe decoded(der, { unsafe d2i_X509(&pointer, $0, $1) }) != nil else {
            throw .notACertificate(OpenSSLError.taken(after: "d2i_X509").description)
        }
        guard unsafe encoded({ unsafe i2d_X509(certificate.pointer, $0) }) == der else {
            throw .notACertificate("not in DER, or with bytes after its end")
        }
        // Fills the caches and finds extensions that are malformed or appear twice.
        guard unsafe X509_check_purpose(certificate.pointer, -1, 0) == 1 else {
            OpenSSLError.clearQueue()
            throw .notACertificate("with malformed extensions")
        }
        return certificate
    }

    private static func emptyCertificate() throws(CertificateError) -> Owned<CertificateObject> {
        do {
            let library = try Library.shared()
            return try unsafe Owned(
                owning: X509_new_ex(library.context, nil), from: "X509_new_ex")
        } catch { throw .openSSL(error) }
    }

    private static func text(ofName name: OpaquePointer?) throws(OpenSSLError) -> [UInt8] {
        let output = try unsafe Owned<MemoryBuffer>(
            owning: BIO_new(BIO_s_mem()), from: "BIO_new")
        guard unsafe COpenSSL_X509_NAME_print(output.pointer, name) >= 0 else {
            throw .taken(after: "X509_NAME_print_ex")
        }
        return output.bytes
    }

    /// A name in DER as in RFC 4514; nil where it is no name.
    static func text(ofNameInDER der: [UInt8]) -> [UInt8]? {
        let name = unsafe decoded(der, { unsafe d2i_X509_NAME(nil, $0, $1) })
        defer {
            unsafe X509_NAME_free(name)
            OpenSSLError.clearQueue()
        }
        return unsafe name == nil ? nil : try? unsafe text(ofName: name)
    }

    static func hash(ofName name: OpaquePointer?) throws(OpenSSLError) -> UInt {
        let library = try Library.shared()
        var isDone: CInt = 0
        let hash = unsafe X509_NAME_hash_ex(name, library.context, nil, &isDone)
        try require(isDone, "X509_NAME_hash_ex")
        return hash
    }
}

extension Certificate: Hashable {
    package static func == (left: Certificate, right: Certificate) -> Bool {
        left.der == right.der
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(fingerprint)
    }
}

/// Why bytes were not taken as a certificate or revocation list.
package enum CertificateError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Not a certificate in a form that is read here; the text says what is wrong.
    case notACertificate(String)
    /// Not a revocation list in a form that is read here; the text says what is wrong.
    case notARevocationList(String)
    /// A call of libcrypto failed.
    case openSSL(OpenSSLError)

    /// What is wrong, on one line.
    package var description: String {
        switch self {
        case .notACertificate(let reason): "not a certificate: \(reason)"
        case .notARevocationList(let reason): "not a revocation list: \(reason)"
        case .openSSL(let error): "\(error)"
        }
    }
}

/// Names `X509`.
enum CertificateObject: OpenSSLObject {
    static func free(_ pointer: OpaquePointer) { unsafe X509_free(pointer) }
}

/// Names a `BIO` that collects bytes.
enum MemoryBuffer: OpenSSLObject {
    static func free(_ pointer: OpaquePointer) { unsafe BIO_free_all(pointer) }
}

extension Owned where Object == MemoryBuffer {
    /// What was written; it is taken out.
    fileprivate var bytes: [UInt8] {
        var size = 0
        let count = unsafe Int(BIO_ctrl_pending(pointer))
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            let result = unsafe BIO_read_ex(pointer, buffer.baseAddress, count, &size)
            initialized = result == 1 ? size : 0
        }
    }
}

/// The seconds since 1970 of an `ASN1_TIME`.
func seconds(_ time: UnsafePointer<ASN1_TIME>?) throws(OpenSSLError) -> Int64 {
    guard let epoch = unsafe ASN1_TIME_set(nil, 0) else { throw .taken(after: "ASN1_TIME_set") }
    defer { unsafe ASN1_STRING_free(epoch) }
    var (days, seconds): (CInt, CInt) = (0, 0)
    // Without a time this would take the clock's.
    guard let time = unsafe time,
        unsafe ASN1_TIME_diff(&days, &seconds, epoch, time) == 1
    else { throw .taken(after: "ASN1_TIME_diff") }
    return Int64(days) * 86_400 + Int64(seconds)
}

/// The seconds since 1970 of a GeneralizedTime in DER; nil if there is no such day or time.
func secondsOfGeneralizedTime(_ der: [UInt8]) -> Int64? {
    guard
        let pointer = unsafe der.withUnsafeBufferPointer({
            der -> UnsafeMutablePointer<ASN1_STRING>? in
            var next = der.baseAddress
            return unsafe d2i_ASN1_GENERALIZEDTIME(nil, &next, der.count)
        })
    else {
        OpenSSLError.clearQueue()
        return nil
    }
    defer { unsafe ASN1_STRING_free(pointer) }
    let result = unsafe try? seconds(pointer)
    OpenSSLError.clearQueue()
    return result
}
