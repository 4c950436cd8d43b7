import CloseoutEncodings
import CloseoutOpenSSL

/// Reads a policy document member by member.
struct PolicyReader {
    let context: PolicyContext

    func policy(
        _ document: JSON, bytes: [UInt8], digest: SHA256Digest
    ) throws(JSONShapeError) -> TrustPolicy {
        var reader = try JSONObjectReader(document)
        try reader.constant("kind", TrustPolicy.kind)
        let version = try reader.integer("version", in: 1...JSON.largestInteger)
        let expires = try reader.optional("expires")?.instant()
        let (keys, files) = try keys(reader.required("keys"))
        let roles = try roles(reader.required("roles"), keys: keys)
        let criteria = try reader.optional("criteria").map { item throws(JSONShapeError) in
            var reader = try item.object()
            let digest = try reader.digest("sha256")
            try reader.finish()
            return digest
        }
        let requiresDecision = try reader.optional("require_decision")?.bool() ?? false
        let earlier = try earlier(reader.optional("earlier"))
        try reader.finish()
        return TrustPolicy(
            version: version, expires: expires, keys: keys, roles: roles, criteria: criteria,
            requiresDecision: requiresDecision, earlier: earlier, bytes: bytes, digest: digest,
            keyFiles: files, acceptsSampleKeys: context.acceptsSampleKeys,
            ringRevocations: keys.ringRevocations, document: document)
    }

    /// A name of the policy's own: ASCII, so that equal names are equal bytes.
    private func name(_ item: JSONItem) throws(JSONShapeError) -> String {
        let bytes = try item.bytes()
        guard PolicyName.isValid(bytes) else { throw item.invalid(PolicyName.rule) }
        return String(decoding: bytes, as: UTF8.self)
    }
}

// MARK: Keys

extension PolicyReader {
    /// Reads the keys, and the files that some of them are in.
    private func keys(
        _ item: JSONItem
    ) throws(JSONShapeError) -> (keys: [PolicyKey], files: [[UInt8]]) {
        let items = try item.array()
        guard (1...TrustPolicy.mostKeys).contains(items.count) else {
            throw item.invalid("must hold 1 to \(TrustPolicy.mostKeys) keys")
        }
        var keys: [PolicyKey] = []
        var files: [[UInt8]] = []
        for item in items {
            let (key, file) = try key(item)
            if keys.contains(where: { $0.id == key.id }) {
                throw item.invalid("the id \(key.id) appears twice")
            }
            try checkAgreement(of: key, with: keys, at: item)
            keys.append(key)
            if let file { files.append(file) }
        }
        for (key, item) in zip(keys, items) { try checkRoot(of: key, among: keys, at: item) }
        return (keys, files)
    }

    /// An identity belongs to a trusted root that the policy has.
    private func checkRoot(
        of key: PolicyKey, among keys: [PolicyKey], at item: JSONItem
    ) throws(JSONShapeError) {
        guard case .sigstore(let identity) = key.material else { return }
        for root in keys where root.id == identity.root {
            if case .sigstoreRoot = root.material { return }
        }
        throw item.invalid(
            "its root: the policy has no \(KeyFormat.sigstoreRoot.name) entry "
                + printable(Array(identity.root.utf8)))
    }

    /// Two entries with one public key are one signer: the same operator, alive or not in both.
    private func checkAgreement(
        of key: PolicyKey, with others: [PolicyKey], at item: JSONItem
    ) throws(JSONShapeError) {
        for other in others where other.accepts(exactlyAs: key) && !key.agrees(with: other) {
            throw item.invalid(
                "\(other.id) is the same identity under another operator or with another `revoked`")
        }
        let publicKeys = Set(key.material.publicKeys)
        for other in others where !publicKeys.isDisjoint(with: other.material.publicKeys) {
            guard key.operator == other.operator else {
                throw item.invalid("\(other.id) is the same key under another operator")
            }
            guard key.revocation == other.revocation else {
                throw item.invalid("\(other.id) is the same key with another `revoked`")
            }
        }
    }

    /// Reads a key, and the file that it is in, where it is in one.
    private func key(
        _ item: JSONItem
    ) throws(JSONShapeError) -> (key: PolicyKey, file: [UInt8]?) {
        var reader = try item.object()
        let id = try name(reader.required("id"))
        let operatorName = try name(reader.required("operator"))
        let formatItem = try reader.required("format")
        guard let format = KeyFormat(named: try formatItem.string()) else {
            throw formatItem.invalid(
                "unknown key format; a newer version of Closeout may know it")
        }
        let (bytes, isFile) = format.hasKey ? try keyBytes(&reader) : ([], false)
        let material = try format.read(bytes, &reader)
        let notBefore = try reader.optional("not_before")?.instant()
        let notAfter = try reader.optional("not_after")?.instant()
        if let notBefore, let notAfter, notAfter < notBefore {
            throw reader.invalid("not_after", "earlier than not_before")
        }
        let revocation = try revocation(reader.optional("revoked"))
        try reader.finish()
        let key = PolicyKey(
            id: id, operator: operatorName, format: format, material: material,
            notBefore: notBefore, notAfter: notAfter, revocation: revocation,
            isSample: !context.acceptsSampleKeys
                && (material.publicKeys + material.authorityKeys)
                    .contains(where: SampleKeys.contains)
        )
        return (key, isFile ? bytes : nil)
    }

    /// The bytes of a key: inline, or in a file whose digest the entry pins.
    private func keyBytes(
        _ reader: inout JSONObjectReader
    ) throws(JSONShapeError) -> (bytes: [UInt8], isFile: Bool) {
        let inline = reader.optional("key")
        let file = reader.optional("file")
        switch (inline, file) {
        case (let inline?, nil):
            return (try inline.bytes(), false)
        case (nil, let file?):
            let expected = try reader.digest("sha256")
            let bytes: [UInt8]
            let path = try file.bytes()
            do throws(KeyFileError) { bytes = try context.readKeyFile(path, expected) } catch {
                throw file.invalid("\(error)")
            }
            guard try digest(of: bytes, at: file) == expected else {
                throw file.invalid("its content has another digest than `sha256` says")
            }
            return (bytes, true)
        case (nil, nil):
            throw reader.invalid("key", "required where `file` is absent, and absent")
        case (_?, _?):
            throw reader.invalid("file", "not allowed beside `key`")
        }
    }

    private func digest(of bytes: [UInt8], at item: JSONItem) throws(JSONShapeError) -> SHA256Digest
    {
        do { return try SHA256Digest.of(bytes) } catch { throw item.invalid("\(error)") }
    }

    private func revocation(_ item: JSONItem?) throws(JSONShapeError) -> PolicyKey.Revocation? {
        guard var reader = try item?.object() else { return nil }
        let at = try reader.instant("at")
        let reason: PolicyKey.Reason = try reader.choice("reason")
        try reader.finish()
        return PolicyKey.Revocation(at: at, reason: reason)
    }
}
