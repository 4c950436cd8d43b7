import CloseoutManifests
import CloseoutTestSupport
import CloseoutVerification
import Testing

extension FailureCase {
    /// A SHA-256 that is none of the release's.
    private static let digest = String(repeating: "ab", count: 32)

    private static func fileLine(_ path: String, mode: String = "0644") -> String {
        #"{"mode":"\#(mode)","path":"\#(path)","sha256":"\#(digest)","size":1,"type":"file"}"#
    }

    private static func linkLine(_ path: String, _ target: String) -> String {
        #"{"path":"\#(path)","target":"\#(target)","type":"symlink"}"#
    }

    private static func signed(
        _ id: CheckID, _ title: String,
        _ edit: @escaping @Sendable (inout [String]) -> Void
    ) -> FailureCase {
        FailureCase(id, title) { bench in
            var lines = try bench.entryLines()
            edit(&lines)
            try bench.forgeManifest(lines)
        }
    }

    static let manifest: [FailureCase] = [
        FailureCase(.manifestDigest, "a byte of the manifest changes") { bench in
            try Bench.flip(bench.path("manifest.jsonl"))
        },
        FailureCase(.manifestDigest, "the manifest is another one, and the log names it") { bench in
            let text = String(decoding: try bench.file("manifest.jsonl"), as: UTF8.self)
            try bench.forge("manifest.jsonl", bytes(text.replacing("0755", with: "0644")))
        },
        FailureCase(.manifestDigest, .unknown, "the manifest is not there", verdict: .failed) {
            try $0.remove("manifest.jsonl")
        },
        signed(.manifestFormat, "a signed line is not canonical") { $0[0] += " " },
        signed(.manifestFormat, "a signed path holds a NUL") {
            $0.append(fileLine("z\\u0000z"))
        },
        signed(.manifestFormat, "a signed mode is setuid") {
            $0.append(fileLine("z", mode: "4755"))
        },
        FailureCase(.manifestFormat, "the signed header is of a later version") { bench in
            let header = try bench.manifestLines()[0]
            try bench.forgeManifest(
                bench.entryLines(), header: header.replacing("/v1", with: "/v2"))
        },
        signed(.manifestOrder, "signed lines are out of order") { $0.swapAt(0, 1) },
        signed(.manifestOrder, "a signed path is listed twice") { $0.append($0[$0.count - 1]) },
        signed(.manifestPath, "a signed path is absolute") { $0.insert(fileLine("/etc/x"), at: 0) },
        signed(.manifestPath, "a signed path climbs out by `..`") {
            $0.insert(fileLine("../x"), at: 0)
        },
        signed(.manifestParent, "the folder of a signed path is not listed") {
            $0.append(fileLine("z/y"))
        },
        signed(.manifestLinkEscape, "a signed link leads out by `..`") {
            $0.append(linkLine("z", "../outside"))
        },
        signed(.manifestLinkEscape, "a signed link is absolute") {
            $0.append(linkLine("z", "/etc/passwd"))
        },
        signed(.manifestLinkEscape, "a signed link leads out through another link") {
            // y is a link to share, so y/.. is the root, and y/../.. is above it.
            $0.append(linkLine("y", "share/empty"))
            $0.append(linkLine("z", "y/../../.."))
        },
        FailureCase(.manifestNotEmpty, "the signed manifest names no file") { bench in
            try bench.forgeManifest([#"{"path":"empty","type":"directory"}"#])
        },
        FailureCase(.manifestTotals, "the signed counts are not the manifest's") { bench in
            try bench.forgeManifest(bench.entryLines()) { $0.bytes += 1 }
        },
        FailureCase(.manifestMerkleRoot, "the signed Merkle root is not the manifest's") { bench in
            let seal = String(decoding: try bench.file("seal.json"), as: UTF8.self)
            let place = try #require(seal.firstRange(of: #""merkle_root":""#)).upperBound
            let other = seal[..<place] + digest + seal[place...].dropFirst(64)
            try bench.forgeSeal(bytes(String(other)))
        },
        FailureCase(.manifestSums, "SHA256SUMS lists other digests, and the log names it") {
            bench in
            try bench.forge("SHA256SUMS", bytes("\(digest)  bin/tool\n"))
        },
    ]
}
