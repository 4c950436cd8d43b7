import CloseoutEncodings

/// An event as a Compliance Finding of OCSF 1.8 (class 2003).
enum OCSFFinding {
    static let version = "1.8.0"

    static func json(_ event: DeliveryEvent, _ cutter: inout Cutter) -> JSON {
        var text = Cutter()
        let title = EventText(event, &text).title
        let status =
            switch event.outcome.verdict {
            case .pass: 1
            case .warning: 2
            case .fail: 3
            }
        let severity =
            switch event.severity {
            case .info: 1
            case .low: 2
            case .medium: 3
            case .high: 4
            case .critical: 5
            }
        return [
            "activity_id": 1, "activity_name": "Create", "category_uid": 2, "class_uid": 2003,
            "type_uid": 200_301, "time": .integer(event.at.secondsSince1970 * 1000),
            "severity_id": .integer(Int64(severity)), "status_id": 1,
            "message": JSON(title),
            "metadata": [
                "version": JSON(version), "uid": JSON(event.id),
                "product": ["name": "Closeout", "vendor_name": "Closeout"],
            ],
            "finding_info": ["uid": JSON(event.id), "title": JSON(title)],
            "compliance": [
                "control": JSON(event.type), "standards": ["closeout"],
                "status_id": .integer(Int64(status)),
            ],
            "resources": [["uid": JSON(event.bundle.hex), "type": "Closeout bundle"]],
            "unmapped": event.data(&cutter),
        ]
    }
}

/// An event as assessment results of OSCAL; titles are plain words and ids, as descriptions are Markdown.
enum OSCALResult {
    static let version = "1.2.3"

    static func json(
        _ event: DeliveryEvent, _ delivery: String, _ cutter: inout Cutter
    ) throws(ProviderFault) -> JSON {
        let base = "urn:closeout:delivery:v1:\(delivery)"
        let plan = try Requests.uuid(base + "#plan")
        let instant = JSON(event.at.description)
        let isSatisfied = event.outcome.verdict == .pass
        let findings = cutter.list(event.findings, most: DeliveryEvent.mostFindings)
        var properties = [
            property("event", event.type), property("bundle", event.bundle.hex),
            property("outcome", event.outcome.rawValue),
            property("severity", event.severity.rawValue),
        ]
        if let record = event.record { properties.append(property("record", record.hex)) }
        properties += [
            property("pass", "\(event.counts.pass)"), property("fail", "\(event.counts.fail)"),
            property("unknown", "\(event.counts.unknown)"),
            property("accepted", "\(event.counts.accepted)"),
        ]
        for finding in findings {
            properties.append(property("finding", cutter.text(clean(finding), most: 128)))
        }
        return [
            "assessment-results": [
                "uuid": JSON(try Requests.uuid(base)),
                "metadata": [
                    "title": "An event of Closeout", "last-modified": instant, "version": instant,
                    "oscal-version": JSON(version),
                ],
                "import-ap": ["href": JSON("#\(plan)")],
                "results": [
                    [
                        "uuid": JSON(try Requests.uuid(base + "#result")),
                        "title": JSON(event.outcome.words),
                        "description": "What the bundle named in the properties says.",
                        "start": instant, "end": instant, "props": .array(properties),
                        "reviewed-controls": ["control-selections": [["include-all": [:]]]],
                        "findings": [
                            [
                                "uuid": JSON(try Requests.uuid(base + "#finding")),
                                "title": JSON(event.outcome.words),
                                "description": "The outcome of the event.",
                                "target": [
                                    "type": "objective-id", "target-id": JSON(event.type),
                                    "status": [
                                        "state": isSatisfied ? "satisfied" : "not-satisfied"
                                    ],
                                ],
                            ]
                        ],
                    ]
                ],
                "back-matter": [
                    "resources": [
                        [
                            "uuid": JSON(plan), "title": "The criteria of Closeout",
                            "description": "The checks and criteria that the bundle was held to.",
                        ]
                    ]
                ],
            ]
        ]
    }

    /// A property; its value has no blank at an end, as the schema demands.
    private static func property(_ name: String, _ value: String) -> JSON {
        [
            "name": JSON(name), "ns": "urn:closeout:oscal:v1", "value": JSON(value),
        ]
    }

    /// An id with all but visible ASCII as `_`.
    private static func clean(_ text: String) -> String {
        let bytes = text.utf8.map { 0x21...0x7e ~= $0 ? $0 : UInt8(ascii: "_") }
        return bytes.isEmpty ? "_" : String(decoding: bytes, as: UTF8.self)
    }
}
