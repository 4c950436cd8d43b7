import CloseoutBundles
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures

/// What nobody does who keeps the rules: by hand, past every check of a workflow.
extension TrialAction {
    /// Copies the bundle to the archive's machine.
    static let copying = silent("cp -R \(TrialNames.bundle) elsewhere/") {
        try $0.copy(TrialNames.bundle, to: TrialNames.copy)
    }

    /// Writes another key id on a signature: the one that is kept as `archive`.
    static let forgery = silent(
        """
        sed \\
          's/\\(keyid":"\\)[^"]*/\\1{archive}/' \\
          \(TrialNames.copy)/signatures/{forged:16}* >forged.dsse.json
        """
    ) { desk in
        let signature = try desk.signature("forged", in: TrialNames.copy)
        let text = String(decoding: try desk.read(signature), as: UTF8.self)
        guard let start = text.firstRange(of: "keyid\":\"")?.upperBound,
            let end = text[start...].firstIndex(of: "\"")
        else { throw TrialError.lacks("a signature that names its key") }
        let forged = text[..<start] + (try desk.value("archive")) + text[end...]
        try desk.write("forged.dsse.json", Array(forged.utf8))
    }

    /// Puts a forged signature into the log, with the log key in hand.
    static let forgedEntry = silent("sh insider.sh \(TrialNames.bundle) signature forged.dsse.json")
    {
        try $0.insert(.signature, try $0.read("forged.dsse.json"))
    }

    /// Puts the approval of another release, and the signature over it, into the log.
    static let replay = [
        silent(
            """
            sh insider.sh \(TrialNames.bundle) signature \\
              \(TrialNames.other)/signatures/{signature:16}*
            """
        ) {
            try $0.insert(.signature, try $0.read($0.signature("signature", in: TrialNames.other)))
        },
        silent(
            """
            sh insider.sh \(TrialNames.bundle) evidence \\
              \(TrialNames.other)/evidence/{approval:16}*
            """
        ) { try $0.insert(.evidence, try $0.read($0.record("approval", in: TrialNames.other))) },
    ]

    /// Takes the newest record, the decision, out of the bundle.
    static let truncation = [
        silent("sed '$d' \(TrialNames.bundle)/log.jsonl >shorter.jsonl") { desk in
            let lines = try desk.read("\(TrialNames.bundle)/log.jsonl")
                .split(separator: UInt8(ascii: "\n")).dropLast()
            try desk.write(
                "shorter.jsonl",
                Array(lines.joined(separator: [UInt8(ascii: "\n")])) + [UInt8(ascii: "\n")])
        },
        silent("mv shorter.jsonl \(TrialNames.bundle)/log.jsonl") { desk in
            try desk.write("\(TrialNames.bundle)/log.jsonl", try desk.read("shorter.jsonl"))
            try desk.remove("shorter.jsonl")
        },
        silent("rm \(TrialNames.bundle)/evidence/{decision:16}*") { desk in
            try desk.remove(desk.record("decision", in: TrialNames.bundle))
        },
    ]

    /// Changes a shipped file.
    static let changedArtifact = silent(#"printf '#!/bin/sh\necho PAID\n' >app/bin/payments"#) {
        try $0.write(
            "app/bin/payments", Array("#!/bin/sh\necho PAID\n".utf8), permissions: 0o755)
    }
}

extension Desk {
    /// The path of a signature of a bundle whose digest a name has.
    func signature(_ name: String, in bundle: String) throws -> String {
        "\(bundle)/signatures/\(try value(name)).dsse.json"
    }

    /// The path of a record of a bundle whose digest a name has.
    func record(_ name: String, in bundle: String) throws -> String {
        "\(bundle)/evidence/\(try value(name)).json"
    }

    /// Puts a file into the log of the bundle as `insider.sh` does, without asking any workflow.
    fileprivate func insert(_ kind: EntryKind, _ bytes: [UInt8]) throws {
        let digest = try SHA256Digest.of(bytes)
        let log = "\(TrialNames.bundle)/log.jsonl"
        let entries = try read(log)
        let lines = entries.split(separator: UInt8(ascii: "\n"))
        let last = try JSON(parsing: Array(lines.last ?? []))
        let (ending, type): (String, MediaType) =
            kind == .signature ? ("dsse.json", .signature(.dsse)) : ("json", .record)
        let path = "\(kind == .signature ? "signatures" : "evidence")/\(digest.hex).\(ending)"
        let entry: JSON = [
            "at": last["at"] ?? .null, "kind": JSON(kind.rawValue),
            "media_type": JSON(type.name), "path": JSON(path),
            "seq": .integer(Int64(lines.count)), "sha256": JSON(digest.hex),
            "size": .integer(Int64(bytes.count)),
        ]
        try write("\(TrialNames.bundle)/\(path)", bytes)
        try write(log, entries + entry.canonicalBytes + [UInt8(ascii: "\n")])
    }
}
