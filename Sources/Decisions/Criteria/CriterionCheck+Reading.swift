import CloseoutEncodings
import CloseoutRecords
import CloseoutSignatures

extension CriterionCheck {
    /// Takes a check's parameters out of the object `with`.
    ///
    /// - Throws: `JSONShapeError` that names the place.
    init(_ name: Name, taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        switch name {
        case .artifactsVerified: self = .artifactsVerified
        case .bundleComplete: self = .bundleComplete
        case .retriesPlanned: self = .retriesPlanned
        case .sealSigned:
            let item = try reader.required("role")
            let role: Role = try item.choice()
            guard [.release, .archive].contains(role) else {
                throw item.invalid("must be release or archive")
            }
            self = .sealSigned(
                role: role, operators: Int(try reader.integer("operators", in: 1...64)))
        case .readinessComplete:
            self = .readinessComplete(
                try reader.distinct("evidence") { item throws(JSONShapeError) in
                    try item.choice()
                })
        case .evidenceContent:
            self = .evidenceContent(
                try reader.distinct("evidence") { item throws(JSONShapeError) in
                    let kind: Readiness.Evidence = try item.choice()
                    guard EvidenceContent.kinds.contains(kind) else {
                        throw item.invalid("must be one of tests, sbom, scan")
                    }
                    return kind
                })
        case .closeoutClosed:
            self = .closeoutClosed(try reader.names("criteria"))
        case .deliverySettled:
            self = .deliverySettled(
                try reader.required("event").demandableEvent(),
                routes: try reader.anyNames("routes"))
        case .alertsSettled: self = .alertsSettled(routes: try reader.anyNames("routes"))
        case .retentionApproved: self = .retentionApproved(try RetentionDemand(taking: &reader))
        case .retentionHealthy: self = .retentionHealthy(try HealthDemand(taking: &reader))
        }
    }
}

extension CriterionCheck.RetentionDemand {
    fileprivate init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        classes = try reader.anyNames("classes")
        minimum = try reader.optional("minimum").map { item throws(JSONShapeError) in
            try item.period()
        }
        mode = try reader.optional("mode").map { item throws(JSONShapeError) in
            try item.choice()
        }
    }
}

extension CriterionCheck.HealthDemand {
    fileprivate init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        severity = try reader.required("at_or_above").choice()
        observed = try reader.bool("observed")
        classes = try reader.optional("classes").map { item throws(JSONShapeError) in
            try item.digest()
        }
    }
}

extension JSONObjectReader {
    /// Takes a non-empty array whose elements differ.
    fileprivate mutating func distinct<Element: Equatable>(
        _ key: String, _ read: (JSONItem) throws(JSONShapeError) -> Element
    ) throws(JSONShapeError) -> [Element] {
        let list = try required(key)
        var elements: [Element] = []
        for item in try list.array() {
            let element = try read(item)
            guard !elements.contains(element) else { throw item.invalid("is there twice") }
            elements.append(element)
        }
        guard !elements.isEmpty else { throw list.invalid("empty") }
        return elements
    }

    /// Takes a non-empty array of distinct names.
    fileprivate mutating func names(_ key: String) throws(JSONShapeError) -> [String] {
        try distinct(key) { item throws(JSONShapeError) in try item.name() }
    }

    /// Takes an array of distinct names that may be empty.
    fileprivate mutating func anyNames(_ key: String) throws(JSONShapeError) -> [String] {
        guard case .array(let elements)? = optional(key)?.value, elements.isEmpty else {
            return try names(key)
        }
        return []
    }
}
