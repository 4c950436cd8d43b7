import CloseoutCOpenSSL

extension RevocationList {
    /// What a list is signed with.
    struct Algorithm {
        /// As libcrypto names it, or in dotted decimals.
        let name: String
        /// Whether this libcrypto can check such signatures.
        let canBeChecked: Bool
        /// Whether a list that is signed so may cover.
        let isAccepted: Bool

        init(of list: borrowing Owned<RevocationListObject>, _ der: [UInt8]) {
            let identifier = unsafe X509_CRL_get_signature_nid(list.pointer)
            var (digest, key): (CInt, CInt) = (NID_undef, NID_undef)
            let isKnown = unsafe OBJ_find_sigid_algs(identifier, &digest, &key) == 1
            var outer = DERReader(der[...])
            var fields = DERReader(outer.readLast(.sequence) ?? [])
            _ = fields.read(.sequence)
            var algorithm = DERReader(fields.read(.sequence) ?? [])
            let dotted = algorithm.read(.objectIdentifier).flatMap(ObjectIdentifier.dotted)
            var name =
                unsafe identifier == NID_undef
                ? nil : OBJ_nid2ln(identifier).map { unsafe String(cString: $0) }
            if identifier == NID_rsassaPss {
                let hash = Self.digestOfPSS(&algorithm)
                digest = unsafe OBJ_txt2nid(hash)
                name = unsafe OBJ_nid2sn(digest).map {
                    unsafe "RSA-PSS with " + String(cString: $0)
                }
            }
            self.name = name ?? dotted ?? "an algorithm without a name"
            let needsNone = isKnown && digest == NID_undef && identifier != NID_rsassaPss
            canBeChecked = isKnown && (needsNone || Self.isAvailable(digest))
            isAccepted =
                identifier == NID_ED25519
                || isKnown && [NID_sha256, NID_sha384, NID_sha512].contains(digest)
        }

        /// The identifier of the digest that parameters of RSA-PSS name: SHA-1 unless they do.
        private static func digestOfPSS(_ algorithm: inout DERReader) -> String {
            let sha1 = "1.3.14.3.2.26"
            var fields = DERReader(algorithm.read(.sequence) ?? [])
            guard let (tag, content) = fields.readAny(), tag == 0xA0 else { return sha1 }
            var outer = DERReader(content)
            var hash = DERReader(outer.readLast(.sequence) ?? [])
            return hash.read(.objectIdentifier).flatMap(ObjectIdentifier.dotted) ?? ""
        }

        private static func isAvailable(_ digest: CInt) -> Bool {
            guard digest != NID_undef, let library = try? Library.shared() else { return false }
            let found = unsafe EVP_MD_fetch(library.context, OBJ_nid2sn(digest), nil)
            defer {
                unsafe EVP_MD_free(found)
                OpenSSLError.clearQueue()
            }
            return unsafe found != nil
        }
    }
}
