package import CloseoutManifests

/// The README.txt of every bundle (docs/bundle.md, "README.txt").
package enum Readme {
    /// The text that new bundles get; docs/bundle-readme.txt, which a test holds to it.
    package static var template: String { version2 }

    /// Every text that a released version gave to bundles.
    ///
    /// None of them ever changes: a new one is added beside them.
    package static var released: [String] { [version1, version2] }

    /// The text of versions 0.1 to 0.2, with `{name}` and `{version}` in place of the release's.
    private static let version1 = #"""
        {name} {version}: closeout bundle

        This folder seals a release. With it you can check, offline, that the files you have are the files
        that were released, and who signed for them. It needs no trust in whoever gave it to you, but it
        does need one thing from elsewhere: the public key or the trust policy of the signers. Nothing in
        this folder can tell you whom to trust.

          seal.json        names the release and the manifest's SHA-256; this is what is signed
          manifest.jsonl   every released file with its type, mode, size and SHA-256, one a line
          SHA256SUMS       the same SHA-256 digests for sha256sum
          log.jsonl        every file of this folder, in the order in which they were added
          checkpoint       a signed statement of how long the log is and what is in it
          signatures/      the signatures, as they came from their signers
          evidence/        records about the release
          attachments/     documents that belong to them


        To verify with closeout

        The released files are in DIR:

          closeout verify THIS-FOLDER --trust POLICY --artifacts DIR
          closeout verify THIS-FOLDER --key PUBLIC-KEY --artifacts DIR

        The first word of the first line is the verdict: VERIFIED (exit code 0), FAILED (30) or
        INCOMPLETE (40). `closeout explain ID` tells what a check is about.


        To verify without closeout

        1. The files. In DIR, and with the path of this folder:

             sha256sum --check --strict THIS-FOLDER/SHA256SUMS

           This finds changed and missing files. It finds neither added files nor changed links and modes.

        2. The manifest. Both commands must print the same digest:

             sha256sum manifest.jsonl
             grep -o '"sha256":"[0-9a-f]*"' seal.json

           The digests in SHA256SUMS must be those of the files in manifest.jsonl.

        3. The signature. A file signatures/*.sig is a plain signature over all bytes of seal.json:

             openssl dgst -sha256 -verify PUBLIC-KEY -signature signatures/FILE.sig seal.json
             openssl pkeyutl -verify -pubin -inkey PUBLIC-KEY -rawin \
               -in seal.json -sigfile signatures/FILE.sig

           The first is for ECDSA P-256 and RSA keys, with -sha384 for P-384; RSA with PSS also needs
           -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest. The second is for Ed25519.

           A file signatures/*.dsse.json is a DSSE envelope. Its signature is over these bytes, without line
           breaks: "DSSEv1 28 application/vnd.in-toto+json ", the size of seal.json in bytes as a decimal
           number, one blank, and seal.json itself:

             printf 'DSSEv1 28 application/vnd.in-toto+json %s ' $(wc -c < seal.json) > pae
             cat seal.json >> pae
             grep -o '"sig":"[^"]*"' signatures/FILE.dsse.json | cut -d '"' -f 4 | base64 -d > sig
             openssl pkeyutl -verify -pubin -inkey PUBLIC-KEY -rawin -in pae -sigfile sig

           For an ECDSA or RSA key use the first command above, on pae instead of seal.json.

        The formats are described byte by byte in the docs folder of closeout.

        """#

    /// The text of version 0.3 on.
    private static let version2 = #"""
        {name} {version}: closeout bundle

        This folder is the sealed record of a release. It lists every released file with its digest, and
        holds the signatures of the people and systems that released it. With it you can check, without a
        network, that the files you have are the files that were released, and who signed for them.

        You need one more thing, from the publisher and not from this folder: the public key or the trust
        policy of the signers. Nothing in this folder can say whom to trust.

          seal.json        the release and the digest of manifest.jsonl; this file is what is signed
          manifest.jsonl   every released file with type, mode, size and SHA-256, one a line
          SHA256SUMS       the same SHA-256 digests, for sha256sum
          log.jsonl        every file of this folder, in the order in which they were added
          checkpoint       a signed statement of the log's length and contents
          signatures/      the signatures, as the signers' tools wrote them
          evidence/        records about the release
          attachments/     documents that the records refer to


        Verify with closeout

        With the released files in DIR:

          closeout verify THIS-FOLDER --trust POLICY --artifacts DIR
          closeout verify THIS-FOLDER --key PUBLIC-KEY --artifacts DIR

        The first word that it prints is the verdict:

          VERIFIED     exit code 0: the files are the released ones, and the required signatures are good
          FAILED       exit code 30: something is wrong, and is named
          INCOMPLETE   exit code 40: nothing is wrong, but something is missing

        `closeout explain ID` explains a check.


        Verify without closeout

        1. The files. In DIR, with the path of this folder:

             sha256sum --check --strict THIS-FOLDER/SHA256SUMS

           This finds changed and missing files, but not added files or changed links and modes.

        2. The manifest. Both commands must print the same digest:

             sha256sum manifest.jsonl
             grep -o '"sha256":"[0-9a-f]*"' seal.json

           The digests in SHA256SUMS must be those in manifest.jsonl.

        3. The signature. A file signatures/*.sig is a plain signature of seal.json:

             openssl dgst -sha256 -verify PUBLIC-KEY -signature signatures/FILE.sig seal.json
             openssl pkeyutl -verify -pubin -inkey PUBLIC-KEY -rawin \
               -in seal.json -sigfile signatures/FILE.sig

           The first command is for ECDSA P-256 and RSA keys (-sha384 for P-384; RSA with PSS also needs
           -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest), the second for Ed25519.

           Files signatures/*.pgp, *.sshsig, *.minisig and *.p7s are verified with gpg, ssh-keygen, minisign
           and openssl cms, as signatures of seal.json.

           A file signatures/*.dsse.json is a DSSE envelope. It signs these bytes, without line breaks:
           "DSSEv1 28 application/vnd.in-toto+json ", the size of seal.json in bytes, one blank, and
           seal.json itself:

             printf 'DSSEv1 28 application/vnd.in-toto+json %s ' $(wc -c < seal.json) > pae
             cat seal.json >> pae
             grep -o '"sig":"[^"]*"' signatures/FILE.dsse.json | cut -d '"' -f 4 | base64 -d > sig
             openssl pkeyutl -verify -pubin -inkey PUBLIC-KEY -rawin -in pae -sigfile sig

           For an ECDSA or RSA key use the first command above, with pae in place of seal.json.

        The formats are specified byte by byte in the docs folder of closeout.

        """#

    /// The file for a release.
    package static func bytes(of release: Release) -> [UInt8] {
        bytes(of: release, by: template)
    }

    /// Whether a released version gave this file to a bundle of the release.
    package static func isReleased(_ bytes: [UInt8], for release: Release) -> Bool {
        released(for: release).contains(bytes)
    }

    /// The files that released versions give to bundles of the release.
    static func released(for release: Release) -> [[UInt8]] {
        released.map { bytes(of: release, by: $0) }
    }

    private static func bytes(of release: Release, by template: String) -> [UInt8] {
        var text: [UInt8] = []
        var rest = Array(template.utf8)[...]
        while let brace = rest.firstIndex(of: UInt8(ascii: "{")) {
            text += rest[..<brace]
            rest = rest[brace...]
            let values = [("{name}", release.name), ("{version}", release.version)]
            guard let (word, value) = values.first(where: { rest.starts(with: $0.0.utf8) }) else {
                text.append(rest.removeFirst())
                continue
            }
            text += value.utf8
            rest = rest.dropFirst(word.utf8.count)
        }
        return text + rest
    }
}
