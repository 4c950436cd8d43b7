import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords

extension Criteria {
    /// The value of `kind`.
    static let kind = "closeout/criteria/v1"
    /// The most bytes of a criteria file.
    package static let largestFile = 256 * 1024
    /// The most criteria of a file.
    static let most = 256

    /// Reads a criteria file with the strict reader (docs/criteria.md, "File").
    ///
    /// - Throws: `CriteriaError` that names the place.
    package init(parsing bytes: [UInt8]) throws(CriteriaError) {
        do {
            guard bytes.count <= Self.largestFile else {
                throw CriteriaError("longer than \(Self.largestFile) bytes")
            }
            var reader = try JSONObjectReader(JSON(parsing: bytes))
            try reader.constant("kind", Self.kind)
            id = try reader.required("id").name()
            version = try reader.integer("version", in: 1...JSON.largestInteger)
            title = try reader.required("title").text()
            acceptance = try AcceptanceLimits(reader.required("acceptance"))
            let list = try reader.required("criteria")
            criteria = try Self.criteria(list)
            try reader.finish()
            self.bytes = bytes
            digest = try SHA256Digest.of(bytes)
        } catch let error as CriteriaError {
            throw error
        } catch {
            throw CriteriaError("\(error)")
        }
    }

    private static func criteria(_ list: JSONItem) throws(JSONShapeError) -> [Criterion] {
        var criteria: [Criterion] = []
        var ids: [[UInt8]: CriterionCheck.Name] = [:]
        let items = try list.array()
        guard (1...most).contains(items.count) else {
            throw list.invalid("must have 1 to \(most) elements")
        }
        for item in items {
            let criterion = try Criterion(item)
            guard ids.updateValue(criterion.check.name, forKey: Array(criterion.id.utf8)) == nil
            else { throw item.invalid("has an id that another has") }
            criteria.append(criterion)
        }
        for (criterion, item) in zip(criteria, items) {
            guard case .closeoutClosed(let named) = criterion.check else { continue }
            for id in named where ids[Array(id.utf8)] ?? .closeoutClosed == .closeoutClosed {
                throw item.invalid(
                    "names \(id), which is no criterion of this file, or is itself "
                        + CriterionCheck.Name.closeoutClosed.rawValue)
            }
        }
        return criteria
    }
}

extension Criterion {
    fileprivate init(_ item: JSONItem) throws(JSONShapeError) {
        var reader = try item.object()
        id = try reader.required("id").name()
        title = try reader.required("title").text()
        let name: CriterionCheck.Name = try reader.required("check").choice()
        if let with = reader.optional("with") {
            var parameters = try with.object()
            check = try CriterionCheck(name, taking: &parameters)
            try parameters.finish()
        } else {
            var none = try JSONObjectReader(.object([]), at: "\(item.place).with")
            check = try CriterionCheck(name, taking: &none)
        }
        severity = try reader.required("severity").choice()
        isWaivable = try reader.bool("waivable")
        var controls: [String] = []
        for control in try reader.optional("maps_to")?.array() ?? [] {
            controls.append(try control.text())
        }
        mapsTo = controls
        guard !isWaivable || name.isWaivable else {
            throw reader.invalid(
                "waivable", "must be false: nobody can accept a failure of \(name.rawValue)")
        }
        try reader.finish()
    }
}

extension AcceptanceLimits {
    fileprivate init(_ item: JSONItem) throws(JSONShapeError) {
        var reader = try item.object()
        most = try reader.optional("max_active").map { item throws(JSONShapeError) in
            Int(try item.integer(in: 0...1024))
        }
        var days: [RetentionHealth.Severity: Int64] = [:]
        var limits = try reader.object("max_days")
        for severity in RetentionHealth.Severity.allCases {
            guard let item = limits.optional(severity.rawValue) else { continue }
            days[severity] = try item.integer(in: 1...3660)
        }
        try limits.finish()
        self.days = days
        try reader.finish()
    }
}

/// Why a file is none of criteria, retention classes or observations.
package struct CriteriaError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong, and where.
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
