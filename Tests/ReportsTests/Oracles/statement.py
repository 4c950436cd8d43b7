"""Reads in-toto statements as others do: what in_toto_attestation and packageurl make of each."""
import json
import sys

from google.protobuf import json_format
from in_toto_attestation.predicates.vsa.v1 import vsa_pb2
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement
from packageurl import PackageURL


def read(document):
    parsed = json_format.ParseDict(document, statement_pb2.Statement())
    statement = Statement(list(parsed.subject), parsed.predicate_type,
                          json_format.MessageToDict(parsed.predicate))
    statement.validate()
    found = {"type": parsed.predicate_type, "subject": parsed.subject[0].digest["sha256"]}
    if parsed.predicate_type.startswith("https://slsa.dev/"):
        # Their definition holds one level where the specification has a list.
        levels = document["predicate"].pop("verifiedLevels")
        summary = json_format.ParseDict(document["predicate"], vsa_pb2.VerificationSummary(),
                                        ignore_unknown_fields=True)
        purl = PackageURL.from_string(summary.resource_uri)
        assert purl.to_string() == summary.resource_uri
        found |= {"result": summary.verification_result, "levels": levels,
                  "time": summary.time_verified.ToJsonString(), "verifier": summary.verifier.id,
                  "name": "/".join(filter(None, [purl.namespace, purl.name])),
                  "version": purl.version}
    return found


json.dump([read(document) for document in json.load(sys.stdin)], sys.stdout)
