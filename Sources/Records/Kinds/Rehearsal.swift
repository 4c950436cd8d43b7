import CloseoutEncodings
package import CloseoutOpenSSL

extension RetryRun {
    /// What a dry run would send, told without a value of any of it (docs/records.md, "retry-run").
    package struct Rehearsal: Equatable, Sendable {
        /// What can be said of the receiver's address without looking its name up.
        package enum Verdict: String, CaseIterable, Sendable {
            /// The host is a name, and nobody looked it up.
            case notResolved = "not_resolved"
            /// The host is an address in a range that the route's owner allows.
            case allowedByOwner = "allowed_by_owner"
        }

        /// What kind of receiver it is.
        package let provider: EvidenceCode
        /// The names of the header fields, in lower case, ascending.
        package let headerNames: [String]
        /// How many bytes the body has.
        package let bodySize: Int
        /// Which receiver it is, without saying who; nil exactly where nothing is committed to.
        package let routeTag: RouteTag?
        /// Salted digests of what its owner can show, ascending.
        package let commitments: [SHA256Digest]
        /// What is known of the address.
        package let verdict: Verdict
        /// The range that allows it; nil unless its owner does.
        package let range: String?

        /// States what would be sent; lists are brought into order.
        package init(
            provider: EvidenceCode, headerNames: [String], bodySize: Int,
            routeTag: RouteTag?, commitments: [SHA256Digest], verdict: Verdict,
            range: String? = nil
        ) {
            self.provider = provider
            self.headerNames = Set(headerNames.map { $0.lowercased() }).sorted()
            self.bodySize = bodySize
            self.routeTag = routeTag
            self.commitments = Set(commitments).sorted()
            self.verdict = verdict
            self.range = range
        }
    }
}

extension RetryRun.Rehearsal {
    /// The fields that it adds to a result.
    var members: [JSONMember] {
        present([
            ("provider", JSON(provider.text)),
            ("header_names", .array(headerNames.map { JSON($0) })),
            ("body_size", JSON(count: bodySize)),
            ("route_tag", routeTag?.json),
            ("commitments", .array(commitments.map { JSON($0) })),
            ("verdict", JSON(verdict.rawValue)), ("range", range.map { JSON($0) }),
        ])
    }

    /// Takes the fields that it adds to a result.
    init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        provider = try reader.code("provider")
        headerNames = try reader.ascending("header_names", most: DeliveryRecord.Details.most) {
            item throws(JSONShapeError) in
            try item.headerName()
        } by: {
            $0.utf8.lexicographicallyPrecedes($1.utf8)
        }
        bodySize = try reader.count("body_size")
        routeTag = try reader.optional("route_tag").map { item throws(JSONShapeError) in
            try RouteTag(item)
        }
        commitments = try reader.commitments()
        let verdict: Verdict = try reader.choice("verdict")
        self.verdict = verdict
        range = try reader.optional("range").map { item throws(JSONShapeError) in
            try item.addressRange()
        }
        guard (routeTag == nil) == commitments.isEmpty else {
            throw reader.invalid(
                "route_tag", "must be present if and only if commitments is not empty")
        }
        guard (verdict == .allowedByOwner) == (range != nil) else {
            throw reader.invalid(
                "range", "must be present if and only if verdict is allowed_by_owner")
        }
    }
}

extension JSONItem {
    /// The name of a header field: 1 to 64 of `a-z 0-9 -`, a letter first.
    fileprivate func headerName() throws(JSONShapeError) -> String {
        let bytes = try bytes()
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        guard let first = bytes.first, letters.contains(first), bytes.count <= 64,
            bytes.allSatisfy({ letters.contains($0) || $0.isDigit || $0 == UInt8(ascii: "-") })
        else { throw invalid("must be the name of a header field in lower case") }
        return String(decoding: bytes, as: UTF8.self)
    }
}
