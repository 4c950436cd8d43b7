import CloseoutBundles
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutTestSupport
import CloseoutVerification
import Testing

extension FailureCase {
    static let log: [FailureCase] = [
        FailureCase(.logFormat, "a line of the log is edited into another form") { bench in
            var lines = try bench.logLines()
            lines[5].append(UInt8(ascii: " "))
            try bench.setLog(lines)
            try bench.commit()
        },
        FailureCase(.logFormat, "a line of the log is of an unknown kind") { bench in
            try bench.editLog(line: 5, "\"attachment\"", "\"something\"")
        },
        FailureCase(.logFormat, "the log is empty") { try $0.write([], to: "log.jsonl") },
        FailureCase(.logFormat, "a path in the log holds a NUL") { bench in
            try bench.editLog(line: 5, "attachments/", "attachments/\\u0000")
        },
        FailureCase(.logFormat, "a path in the log leads out of the bundle") { bench in
            try bench.editLog(line: 5, "attachments/", "attachments/../../")
        },
        FailureCase(.logFormat, "the last line feed of the log is missing") { bench in
            try bench.write(bench.file("log.jsonl").dropLast(), to: "log.jsonl")
        },
        FailureCase(.logSequence, "a line is removed from the middle of the log") { bench in
            var lines = try bench.logLines()
            lines.remove(at: 5)
            try bench.setLog(lines)
            try bench.commit()
        },
        FailureCase(.logSequence, "two lines of the log are exchanged") { bench in
            var lines = try bench.logLines()
            lines.swapAt(4, 5)
            try bench.setLog(lines)
            try bench.commit()
        },
        FailureCase(.logHead, "the seal is not the first entry") { bench in
            var entries = try bench.entries()
            entries.swapAt(0, 1)
            try bench.setLog(entries)
            try bench.commit()
        },
        FailureCase(.logHead, "README.txt was logged at another instant than the seal's") {
            try $0.editLog(line: 3, "2026-05-01", "2026-05-02")
        },
        FailureCase(.logHead, "the log ends before README.txt") { bench in
            try bench.setLog(Array(try bench.entries().prefix(3)))
            try bench.commit()
        },
        FailureCase(.logDuplicate, "one file is logged twice") { bench in
            let entries = try bench.entries()
            try bench.setLog(entries + [entries[5]])
            try bench.commit()
        },
        FailureCase(.logDuplicate, "the same content is logged under two names") { bench in
            try bench.smuggle(bytes("test report"), .attachment, as: "attachments/copy")
        },
        FailureCase(.logCheckpoint, .unknown, "the checkpoint is removed") {
            try $0.remove("checkpoint")
        },
        FailureCase(.logCheckpoint, "the checkpoint is no signed note") {
            try $0.write(bytes("no note\n"), to: "checkpoint")
        },
        FailureCase(.logCheckpoint, "the checkpoint is of another bundle") { bench in
            let other = Checkpoint(
                origin: CheckpointOrigin.of(seal: try SHA256Digest.of(bytes("another"))), size: 7,
                root: try Merkle.root(of: []))
            let note = try SignedNote.signing(
                other.text, as: other.origin, with: bench.log.key())
            try bench.write(note.encoded, to: "checkpoint")
        },
        FailureCase(.logCheckpointSignature, .unknown, "a stranger signed the checkpoint") {
            try $0.commit(by: KeyPair())
        },
        FailureCase(.logCheckpointSignature, "the checkpoint's signature does not verify") {
            bench in
            let note = try SignedNote(parsing: try bench.file("checkpoint"))
            let line = try #require(note.signatures.first)
            var forged = line.bytes
            forged[9] ^= 1
            let signature = try NoteSignature(name: line.name, keyID: line.keyID, bytes: forged)
            try bench.write(
                SignedNote(text: note.text, signatures: [signature]).encoded, to: "checkpoint")
        },
        FailureCase(.logCheckpointSignature, "the log's key was revoked") { bench in
            bench.policy.keys[1] = bench.log.entry(
                "log-2026", "acme-log", revoked("2026-05-31T00:00:00Z", "ceased"))
        },
        FailureCase(.logRoot, "a line of the log is edited after the checkpoint") { bench in
            try bench.editLog(line: 5, "2026-05-02", "2026-05-03", committing: false)
        },
        FailureCase(.logRoot, "the last line of the log is taken away with its file") { bench in
            try bench.remove(bench.first(.evidence))
            try bench.setLog(try bench.logLines().dropLast())
        },
        FailureCase(.logRoot, "the checkpoint commits no line at all") { bench in
            try bench.write(
                bench.note(over: 0, of: [], by: bench.log).encoded, to: "checkpoint")
        },
        FailureCase(.logUncommitted, .unknown, "an entry is appended and not committed") {
            try $0.add(.attachment, .octets, bytes("later"))
        },
        FailureCase(.logRollback, "log and checkpoint are rolled back together") { bench in
            bench.request.previous = try bench.checkpoint()
            try bench.remove(bench.first(.evidence))
            try bench.setLog(try bench.logLines().dropLast())
            try bench.commit()
        },
        FailureCase(.logRollback, "the log tells another history than --previous") { bench in
            bench.request.previous = try bench.checkpoint()
            try bench.editLog(line: 5, "2026-05-02", "2026-05-03")
        },
        FailureCase(.logRollback, "--previous is of another bundle") { bench in
            bench.request.previous = try bench.checkpoint()
            try await bench.seal(as: "payments@1.4.1")
        },
        FailureCase(.logRollback, .unknown, "the policy has a witness that has not cosigned") {
            bench in
            bench.policy.keys.append(try KeyPair().witness("witness-1", "acme-witness"))
            bench.policy.roles["witness"] = rule("witness-1")
        },
        FailureCase(.logRollback, "a stored checkpoint tells another history") { bench in
            var lines = try bench.logLines()
            lines[2] = bytes("{}")
            let note = try bench.note(over: 5, of: lines, by: bench.log)
            try bench.smuggle(
                note.encoded, .timestamp, as: "timestamps/checkpoint-5.note", MediaType.note.name)
        },
    ]
}

extension Bench {
    /// Replaces a piece of one line of the log.
    func editLog(line: Int, _ old: String, _ new: String, committing: Bool = true) throws {
        var lines = try logLines()
        let text = String(decoding: lines[line], as: UTF8.self)
        try #require(text.contains(old))
        lines[line] = bytes(text.replacing(old, with: new))
        try setLog(lines)
        if committing { try commit() }
    }

    /// The present checkpoint, as an auditor keeps it.
    func checkpoint() throws -> Checkpoint {
        try Checkpoint(parsing: try SignedNote(parsing: try file("checkpoint")).text)
    }
}
