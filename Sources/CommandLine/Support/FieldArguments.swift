import ArgumentParser
import CloseoutEncodings
import CloseoutRecords

/// Reads a text of a record from the command line (docs/records.md, "Types of field").
@Sendable package func textArgument(_ text: String) throws -> String {
    try fieldArgument(text) { item throws(JSONShapeError) in try item.text() }
}

/// Reads a name of a record from the command line (docs/records.md, "Types of field").
@Sendable func nameArgument(_ text: String) throws -> String {
    try fieldArgument(text) { item throws(JSONShapeError) in try item.name() }
}

/// Reads the rule behind an end of retention from the command line.
@Sendable func periodArgument(_ text: String) throws -> String {
    try fieldArgument(text) { item throws(JSONShapeError) in try item.periodText() }
}

/// Reads a value as a record's field is read, so that an error names its option.
private func fieldArgument(
    _ text: String, _ read: (JSONItem) throws(JSONShapeError) -> String
) throws -> String {
    do throws(JSONShapeError) {
        return try read(JSONItem(JSON(text)))
    } catch {
        throw ValidationError("\(error.reason)")
    }
}
