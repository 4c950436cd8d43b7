import FoundationEssentials

/// A certificate authority that the `openssl` command runs in a folder of its own.
package struct Authority: Sendable {
    /// The folder of its files.
    package let folder: String
    /// The common name, and the stem of the names of its files.
    package let name: String
    /// The stem of the files of who certified it; its own for a root.
    private let issuer: String

    private init(folder: String, name: String, issuer: String) {
        self.folder = folder
        self.name = name
        self.issuer = issuer
    }

    /// A certificate with its private key, both in files.
    package struct Certified: Sendable {
        /// The path of the private key, in PEM.
        package let keyPath: String
        /// The path of the certificate, in PEM.
        package let path: String

        /// Names the two files.
        package init(keyPath: String, path: String) {
            self.keyPath = keyPath
            self.path = path
        }

        /// The private key, in PEM.
        package func key() throws -> [UInt8] { try readFile(keyPath) }
        /// The certificate, in PEM.
        package func certificate() throws -> [UInt8] { try readFile(path) }
    }

    /// What every certificate of an authority says.
    package static let authorityExtensions = [
        "basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign",
    ]
    /// What a certificate for signing releases says.
    package static let signerExtensions = [
        "basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature",
        "extendedKeyUsage=codeSigning",
    ]
    /// What a certificate of a time-stamp authority says.
    package static let timeStampExtensions = [
        "basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature",
        "extendedKeyUsage=critical,timeStamping",
    ]

    /// Makes a root, valid in the years 2025 to 2035 unless told otherwise.
    package static func root(
        in folder: String, named name: String = "root",
        extensions: [String] = authorityExtensions
    ) async throws -> Authority {
        let root = Authority(folder: folder, name: name, issuer: name)
        try root.configure()
        _ = try await root.certify(name, extensions, options: ["-selfsign"])
        return root
    }

    /// The files of the authority by their names, to make it anew elsewhere.
    package func files() throws -> [String: [UInt8]] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        return try Dictionary(uniqueKeysWithValues: names.map { ($0, try readFile(path($0))) })
    }

    /// Makes a root anew from its files.
    ///
    /// - Parameters:
    ///   - files: What `files()` gave.
    ///   - folder: A folder that is empty.
    ///   - name: The name that the root was made with.
    /// - Throws: the file system's error.
    package init(restoring files: [String: [UInt8]], in folder: String, named name: String = "root")
        throws
    {
        self.init(folder: folder, name: name, issuer: name)
        for (name, bytes) in files { try writeFile(bytes, to: path(name)) }
    }

    /// Makes an authority below this one.
    package func authority(
        named name: String, extensions: [String] = authorityExtensions
    ) async throws -> Authority {
        _ = try await certify(name, extensions)
        let authority = Authority(folder: folder, name: name, issuer: name)
        try authority.configure()
        return authority
    }

    /// Certifies a key.
    ///
    /// - Parameters:
    ///   - name: The common name, and the stem of the files' names.
    ///   - extensions: Lines of OpenSSL's configuration.
    ///   - from: The first second of its validity, as `YYYYMMDDHHMMSSZ`.
    ///   - to: The last one.
    ///   - digest: The digest that the authority signs.
    ///   - key: The arguments of `openssl genpkey`.
    ///   - other: Whose key to certify again, in place of a new one.
    ///   - subject: The common name, where it is another than the files'.
    ///   - options: More arguments of `openssl ca`.
    /// - Returns: The files.
    /// - Throws: `RunFailure` where the command refuses.
    package func certify(
        _ name: String, _ extensions: [String] = signerExtensions,
        from: String = "20250101000000Z", to: String = "20350101000000Z",
        digest: String = "sha256",
        key: [String] = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
        of other: Certified? = nil, subject: String? = nil, options: [String] = []
    ) async throws -> Certified {
        let identifiers = ["subjectKeyIdentifier=hash", "authorityKeyIdentifier=keyid"]
        let lines = (identifiers + extensions).joined(separator: "\n") + "\n"
        try writeFile(lines, to: path("\(name).ext"))
        if let other {
            try writeFile(try other.key(), to: path("\(name).pem"))
        } else {
            try await openssl(["genpkey", "-out", "\(name).pem"] + key)
        }
        try await openssl([
            "req", "-new", "-key", "\(name).pem", "-config", "\(self.name).cnf",
            "-subj", "/O=Acme/CN=\(subject ?? name)", "-out", "\(name).csr",
        ])
        try await openssl(
            [
                "ca", "-batch", "-notext", "-config", "\(self.name).cnf", "-in", "\(name).csr",
                "-out", "\(name).crt.pem", "-extfile", "\(name).ext", "-startdate", from,
                "-enddate", to, "-md", digest,
            ] + options)
        return certified(name)
    }

    /// Makes a certificate that its own key signs, with these extensions and no others.
    ///
    /// - Parameters:
    ///   - name: The common name, and the stem of the files' names; a root's own name keeps its key.
    ///   - extensions: Lines of OpenSSL's configuration; nil for a certificate of version 1.
    /// - Returns: The files.
    /// - Throws: `RunFailure` where the command refuses.
    package func selfSigned(_ name: String, _ extensions: [String]?) async throws -> Certified {
        if name != self.name {
            try await openssl([
                "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out",
                "\(name).pem",
            ])
        }
        try await openssl([
            "req", "-new", "-key", "\(name).pem", "-config", "\(self.name).cnf", "-subj",
            "/O=Acme/CN=\(name)", "-out", "\(name).csr",
        ])
        try writeFile((extensions ?? []).joined(separator: "\n") + "\n", to: path("\(name).ext"))
        try await openssl(
            [
                "x509", "-req", "-in", "\(name).csr", "-signkey", "\(name).pem", "-days", "3650",
                "-sha256", "-out", "\(name).crt.pem",
            ] + (extensions == nil ? [] : ["-extfile", "\(name).ext"]))
        return certified(name)
    }

    /// The authority's own certificate and key.
    package var own: Certified { certified(name) }

    /// Runs the `openssl` command in the authority's folder.
    @discardableResult
    package func openssl(_ arguments: [String], stdin: [UInt8] = []) async throws -> [UInt8] {
        try await runSuccessfully(
            "openssl", arguments, stdin: stdin, workingDirectory: folder)
    }

    /// The path of a file in the authority's folder.
    package func path(_ file: String) -> String { "\(folder)/\(file)" }

    private func certified(_ name: String) -> Certified {
        Certified(keyPath: path("\(name).pem"), path: path("\(name).crt.pem"))
    }

    private func configure() throws {
        try writeFile("", to: path("\(name).index"))
        try writeFile("01\n", to: path("\(name).crlnumber"))
        try writeFile(
            """
            [ca]
            default_ca = this
            [this]
            database = \(name).index
            crlnumber = \(name).crlnumber
            new_certs_dir = .
            private_key = \(name).pem
            certificate = \(name).crt.pem
            rand_serial = yes
            unique_subject = no
            default_md = sha256
            policy = any
            [any]
            organizationName = optional
            commonName = optional
            [req]
            distinguished_name = any_name
            [any_name]

            """, to: path("\(name).cnf"))
    }
}

extension Authority {
    /// One entry of a revocation list.
    package struct Revoked: Sendable {
        let certified: Certified
        let entry: String

        /// Revokes a certificate.
        ///
        /// - Parameters:
        ///   - certified: The certificate.
        ///   - time: When, as `YYMMDDHHMMSSZ`.
        ///   - reason: `,` and what else the `openssl ca` database has behind the time.
        package init(_ certified: Certified, at time: String, reason: String = "") {
            self.certified = certified
            entry = time + reason
        }
    }

    /// Makes a revocation list.
    ///
    /// - Parameters:
    ///   - revoked: Its entries.
    ///   - from: When it is made, as `YYYYMMDDHHMMSSZ`.
    ///   - to: When the next one is due.
    ///   - extensions: Lines of OpenSSL's configuration.
    ///   - digest: The digest that the authority signs.
    /// - Returns: The list in PEM.
    /// - Throws: `RunFailure` where the command refuses.
    package func revocationList(
        _ revoked: [Revoked] = [], from: String = "20260101000000Z", to: String = "20300101000000Z",
        extensions: [String] = [], digest: String = "sha256"
    ) async throws -> [UInt8] {
        var index = ""
        for item in revoked {
            let output = try await openssl([
                "x509", "-noout", "-serial", "-in", item.certified.path,
            ])
            let serial = String(decoding: output, as: UTF8.self).dropFirst("serial=".count)
                .filter(\.isHexDigit)
            index += "R\t350101000000Z\t\(item.entry)\t\(serial)\tunknown\t/CN=revoked\n"
        }
        try writeFile(index, to: path("\(name).index"))
        let configuration = String(decoding: try readFile(path("\(name).cnf")), as: UTF8.self)
        let lines = (["[list]", "authorityKeyIdentifier=keyid"] + extensions)
            .joined(separator: "\n")
        try writeFile(configuration + lines + "\n", to: path("\(name).list.cnf"))
        return try await openssl([
            "ca", "-gencrl", "-config", "\(name).list.cnf", "-crlexts", "list", "-md", digest,
            "-crl_lastupdate", from, "-crl_nextupdate", to,
        ])
    }
}
