import Manifests

/// The README.txt of every bundle, from the template in docs/bundle-readme.txt.
enum Readme {
    static let template = """
        {name} {version}: closeout bundle

        This folder seals a release: seal.json names the manifest by its SHA-256, manifest.jsonl
        names every shipped file by its path, type, size and SHA-256, signatures/ holds signatures
        over seal.json, log.jsonl names every file of this folder, and checkpoint commits the log.

        """

    static func bytes(of release: Release) -> [UInt8] {
        var text: [UInt8] = []
        var rest = Array(template.utf8)[...]
        while let brace = rest.firstIndex(of: UInt8(ascii: "{")) {
            text += rest[..<brace]
            rest = rest[brace...]
            for (name, value) in [("{name}", release.name), ("{version}", release.version)]
            where rest.starts(with: name.utf8) {
                text += value.utf8
                rest = rest.dropFirst(name.utf8.count)
            }
            guard rest.first == UInt8(ascii: "{") else { continue }
            text.append(rest.removeFirst())
        }
        return text + rest
    }
}
