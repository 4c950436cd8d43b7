/// Says of documents whether a schema below `docs/schemas` takes them, by a foreign validator.
///
/// Needs `pythonTool`.
///
/// - Parameter documents: The name of a schema, such as `delivery` or `readiness.v2`, and a JSON
///   document on one line.
/// - Returns: One verdict a document, in their order.
/// - Throws: What running a program throws.
package func schemaVerdicts(_ documents: [(schema: String, bytes: [UInt8])]) async throws -> [Bool]
{
    let input = documents.flatMap { item -> [UInt8] in
        let name = item.schema.contains(".v") ? item.schema : item.schema + ".v1"
        let path = "\(repositoryRoot)/docs/schemas/\(name).schema.json "
        return Array(path.utf8) + item.bytes + [UInt8(ascii: "\n")]
    }
    let output = try await runSuccessfully(pythonTool, ["-c", validating], stdin: input)
    return String(decoding: output, as: UTF8.self).split(separator: "\n").map { $0 == "yes" }
}

/// Reads lines of a schema's path and a document; says of each whether the schema takes it.
private let validating = """
    import json, sys
    from jsonschema import Draft202012Validator
    validators = {}
    for line in sys.stdin:
        path, document = line.split(" ", 1)
        if path not in validators:
            with open(path) as f:
                schema = json.load(f)
            Draft202012Validator.check_schema(schema)
            validators[path] = Draft202012Validator(schema)
        print("yes" if validators[path].is_valid(json.loads(document)) else "no")
    """
