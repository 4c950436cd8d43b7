import CloseoutEncodings
import CloseoutOpenSSL

extension SigstoreRoot {
    /// The roots that one file may hold, and the logs or authorities of one root.
    static let most = 64

    /// Reads a file of one root, or of several with one in each line.
    ///
    /// - Throws: `JSONShapeError` at the place that is wrong.
    static func roots(in file: [UInt8]) throws(JSONShapeError) -> [SigstoreRoot] {
        if let json = try? JSON(parsing: file) { return [try SigstoreRoot(json)] }
        let lines = file.split(separator: 0x0A, omittingEmptySubsequences: true)
        guard (2...most).contains(lines.count) else {
            throw JSONItem(.null).invalid("neither a trusted root nor a file with one in each line")
        }
        var roots: [SigstoreRoot] = []
        for (index, line) in lines.enumerated() {
            guard let json = try? JSON(parsing: Array(line)) else {
                throw JSONItem(.null, at: "line \(index + 1)").invalid("no trusted root in JSON")
            }
            roots.append(try SigstoreRoot(json, at: "line \(index + 1)"))
        }
        return roots
    }

    private init(_ json: JSON, at place: String = "") throws(JSONShapeError) {
        var reader = try JSONObjectReader(json, at: place)
        let type = try reader.required("mediaType")
        guard Self.mediaTypes.contains(try type.string()) else {
            throw type.invalid("not a trusted root of version 0.1 or 0.2")
        }
        logs = try Self.list(reader.present("tlogs")) { item throws(JSONShapeError) in
            try Log(item, isOfCertificates: false)
        }
        certificateLogs = try Self.list(reader.present("ctlogs")) { item throws(JSONShapeError) in
            try Log(item, isOfCertificates: true)
        }
        authorities = try Self.list(reader.present("certificateAuthorities")) {
            item throws(JSONShapeError) in try Authority(item)
        }
        timestampAuthorities = try Self.list(reader.present("timestampAuthorities")) {
            item throws(JSONShapeError) in try Authority(item)
        }
        guard !authorities.isEmpty else {
            throw reader.invalid("certificateAuthorities", "must name an authority")
        }
        try reader.finish()
    }

    private static let mediaTypes = [
        "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
        "application/vnd.dev.sigstore.trustedroot.v0.1+json",
        "application/vnd.dev.sigstore.trustedroot.v0.2+json",
    ]

    private static func list<Element>(
        _ item: JSONItem?, _ read: (JSONItem) throws(JSONShapeError) -> Element
    ) throws(JSONShapeError) -> [Element] {
        guard let item else { return [] }
        let items = try item.array()
        guard items.count <= most else { throw item.invalid("more than \(most)") }
        var elements: [Element] = []
        for item in items { elements.append(try read(item)) }
        return elements
    }
}

// MARK: Authorities

extension SigstoreRoot.Authority {
    fileprivate init(_ item: JSONItem) throws(JSONShapeError) {
        var reader = try item.object()
        if let subject = reader.present("subject") {
            try subject.readTexts(["organization", "commonName"])
        }
        _ = try reader.present("uri")?.bytes()
        _ = try reader.present("operator")?.bytes()
        var list = try reader.object("certChain")
        let certificates = try list.required("certificates")
        try list.finish()
        var chain: [Certificate] = []
        for item in try certificates.array() {
            var certificate = try item.object()
            let bytes = try certificate.base64("rawBytes")
            try certificate.finish()
            do { chain.append(try Certificate(der: bytes)) } catch {
                throw item.invalid("\(error)")
            }
        }
        guard let anchor = chain.last, chain.count <= 6 else {
            throw certificates.invalid("must hold 1 to 6 certificates")
        }
        self.chain = chain
        self.anchor = anchor
        window = try SigstoreWindow(reader.required("validFor"))
        try reader.finish()
    }
}

extension SigstoreWindow {
    init(_ item: JSONItem) throws(JSONShapeError) {
        var reader = try item.object()
        start = try reader.required("start").sigstoreInstant()
        end = try reader.present("end")?.sigstoreInstant()
        if let end, end < start { throw reader.invalid("end", "earlier than start") }
        try reader.finish()
    }
}

extension JSONItem {
    fileprivate func sigstoreInstant() throws(JSONShapeError) -> SigstoreInstant {
        guard let instant = SigstoreInstant(parsing: try bytes()) else {
            throw invalid("not an instant of the form 2026-01-31T12:00:00.5Z")
        }
        return instant
    }

    /// Reads an object of texts, of which nothing is kept.
    fileprivate func readTexts(_ keys: [String]) throws(JSONShapeError) {
        var reader = try object()
        for key in keys { _ = try reader.present(key)?.bytes() }
        try reader.finish()
    }
}
