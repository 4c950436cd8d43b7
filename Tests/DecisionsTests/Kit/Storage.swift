import CloseoutDecisions

/// A SHA-256 of one digit.
func hex(_ digit: Character) -> String { String(repeating: digit, count: 64) }

/// A table with one class.
func classes(
    id: String = "standard", minimum: String = "P1Y", basis: String? = nil, mode: String = "none"
) throws -> RetentionClasses {
    let event = basis.map { #","basis":"\#($0)""# } ?? ""
    let text =
        #"{"kind":"closeout/retention-classes/v1","warning":"P30D","freshness":"P7D","classes":[{"#
        + #""id":"\#(id)","minimum":"\#(minimum)","mode":"\#(mode)"\#(event)}]}"#
    return try RetentionClasses(parsing: Array(text.utf8))
}

/// A copy of which everything is known and good, but for some fields.
func copy(_ changes: [String: String] = [:], without field: String? = nil) -> String {
    var fields = [
        "name": #""a""#, "original": #""\#(hex("a"))""#, "sha256": #""\#(hex("a"))""#,
        "hashed_at": #""2026-05-30T00:00:00Z""#, "until": #""2033-01-01T00:00:00Z""#,
        "mode": #""compliance""#, "locked": "true", "bypass": "false", "held": "true",
        "hidden": "false", "key_usable": "true", "replica": "true",
    ].merging(changes) { $1 }
    if let field { fields[field] = nil }
    return "{" + fields.map { #""\#($0)":\#($1)"# }.sorted().joined(separator: ",") + "}"
}

/// What a provider reported.
func observations(
    _ copies: String, at instant: String = "2026-05-31T00:00:00Z", expected: Int = 1
) throws -> Observations {
    try Observations(
        parsing: Array(observationsText(copies, at: instant, expected: expected).utf8))
}

/// The same as a file.
func observationsText(
    _ copies: String, at instant: String = "2026-05-31T00:00:00Z", expected: Int = 1,
    provider: String = "s3"
) -> String {
    #"{"kind":"closeout/observations/v1","provider":"\#(provider)","at":"\#(instant)","#
        + #""expected":\#(expected),"copies":[\#(copies)]}"#
}
