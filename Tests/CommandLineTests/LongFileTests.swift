import CloseoutTestSupport
import FoundationEssentials
import Testing

@Suite(
    "A signature over a long file", .requires("openssl"), .requires("ssh-keygen"),
    .requires("gpg"), .requires("minisign"), .requires("signify-openbsd"))
struct LongFileTests {
    /// Makes `signature` over the file `long`; what follows the slash are the words that name the key.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let options: String
        let script: String
        /// Whether the bytes themselves are signed.
        var isWhole = false

        var testDescription: String { name }

        static let all = [
            Case(
                name: "ssh", options: "--key k.pub",
                script: """
                    ssh-keygen -q -t ed25519 -N '' -C x -f k
                    ssh-keygen -q -Y sign -f k -n file <long >signature
                    """),
            Case(
                name: "minisign", options: "--key k.pub",
                script: """
                    minisign -G -W -p k.pub -s k >/dev/null
                    minisign -S -s k -m long -x signature
                    """),
            Case(
                name: "openpgp", options: "--key k.pub",
                script: """
                    mkdir -m 700 home
                    gpg="gpg --homedir home --batch --quiet --pinentry-mode loopback --passphrase ''"
                    eval "$gpg" --quick-generate-key x rsa2048 sign never 2>/dev/null
                    eval "$gpg" --export >k.pub
                    eval "$gpg" --output signature --detach-sign long
                    gpgconf --homedir home --kill all
                    """),
            Case(
                name: "cms", options: "--trust trust.json",
                script: """
                    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
                        -subj /CN=x -addext basicConstraints=critical,CA:FALSE \
                        -addext keyUsage=critical,digitalSignature \
                        -addext extendedKeyUsage=codeSigning -keyout k -out k.crt 2>/dev/null
                    openssl cms -sign -binary -md sha256 -in long -signer k.crt -inkey k \
                        -outform DER -out signature
                    closeout trust init trust.json k.crt --operator x --role release \
                        --subject CN=x --revocation none >/dev/null
                    """),
            Case(
                name: "raw by P-256", options: "--key k.pub",
                script: """
                    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out k
                    openssl pkey -in k -pubout -out k.pub
                    openssl dgst -sha256 -sign k -out signature long
                    """),
            Case(
                name: "raw by Ed25519", options: "--key k.pub",
                script: """
                    openssl genpkey -algorithm ED25519 -out k
                    openssl pkey -in k -pubout -out k.pub
                    openssl pkeyutl -sign -rawin -inkey k -in long -out signature
                    """, isWhole: true),
            Case(
                name: "signify", options: "--key k.pub",
                script: """
                    signify-openbsd -G -n -p k.pub -s k.sec
                    signify-openbsd -S -s k.sec -m long -x signature
                    """, isWhole: true),
            Case(
                name: "a list of signify", options: "--key k.pub",
                script: """
                    signify-openbsd -G -n -p k.pub -s k.sec
                    sha256sum --tag long >list
                    signify-openbsd -S -e -s k.sec -m list -x signature
                    """),
        ]
    }

    @Test(
        "counts from a file and from a pipe, and not where one byte is another",
        arguments: Case.all)
    func formats(row: Case) async throws {
        try await withTemporaryDirectory { path in
            let scene = Scene(path: path)
            try await scene.shellDone(
                "set -e; seq 1 400000 | sed '1000s/$/\\r/' >long\n" + row.script)
            let verify = "closeout verify-signature"
            let good = try await scene.shell("\(verify) long signature \(row.options)")
            #expect(good.status == 0, "\(good.stderrText)\(good.stdoutText)")
            let piped = try await scene.shell(
                "mkfifo pipe; cat long >pipe & \(verify) pipe signature \(row.options)")
            // A list names the file, and the pipe has another name.
            let isList = row.name.contains("list")
            #expect(piped.status == (isList ? 30 : 0), "\(piped.stderrText)\(piped.stdoutText)")
            try await scene.shellDone("sed -i '399999s/$/x/' long")
            let changed = try await scene.shell("\(verify) long signature \(row.options)")
            let names = !row.name.contains("raw")
            #expect(
                changed.status == (names ? 30 : 40), "\(changed.stderrText)\(changed.stdoutText)")
        }
    }

    @Test("in text mode is reported as that")
    func textMode() async throws {
        try await withTemporaryDirectory { path in
            let scene = Scene(path: path)
            let script = try #require(Case.all.first { $0.name == "cms" }).script
            try await scene.shellDone(
                "set -e; seq 1 100000 >long\n" + script.replacing("-sign -binary", with: "-sign"))
            let result = try await scene.closeout(
                "verify-signature", "long", "signature", "--trust", "trust.json")
            #expect(result.status == 30)
            #expect(result.stdoutText.contains("it was made in text mode"))
        }
    }

    @Test("from a named pipe waits for whoever writes to it, and is never taken for empty")
    func namedPipe() async throws {
        let script = try #require(Case.all.first { $0.name == "ssh" }).script
        for (signed, written, status) in [("data", "data", 0), ("", "other", 30)] {
            try await withTemporaryDirectory { path in
                let scene = Scene(path: path)
                try await scene.shellDone(
                    "set -e; printf '%s' '\(signed)' >long\n\(script)\nmkfifo pipe")
                let result = try await scene.shell(
                    """
                    (sleep 1; printf '%s' '\(written)' >pipe) &
                    closeout verify-signature pipe signature --key k.pub; code=$?; wait; exit $code
                    """)
                #expect(result.status == Int32(status), "\(result.stderrText)\(result.stdoutText)")
            }
        }
    }

    @Test("of more than 2 GiB counts, in little memory")
    func memory() async throws {
        try await withTemporaryDirectory { path in
            let scene = Scene(path: path)
            let script = try #require(Case.all.first { $0.name == "ssh" }).script
            // No blocks are taken; the limit of memory is far below the size of the file.
            try await scene.shellDone("set -e; truncate -s 2200M long\n" + script)
            let result = try await scene.shell(
                "ulimit -v 1000000; closeout verify-signature long signature --key k.pub")
            #expect(result.status == 0, "\(result.stderrText)\(result.stdoutText)")
        }
    }

    @Test("over the bytes of a file that becomes shorter ends with 74, whenever it does")
    func shorter() async throws {
        try await withTemporaryDirectory { path in
            let scene = Scene(path: path)
            let script = try #require(Case.all.first { $0.name == "signify" }).script
            try await scene.shellDone("set -e; echo >long\n" + script)
            for tries in 0..<2 {
                // The file is cut once the program looks at it as a whole.
                let result = try await scene.shell(
                    """
                    truncate -s 6G long
                    closeout verify-signature long signature --key k.pub >out 2>err & program=$!
                    until grep -q "/long$" /proc/$program/maps 2>/dev/null; do
                        kill -0 $program 2>/dev/null || break
                    done
                    truncate -s \(tries * 1000) long
                    wait $program
                    """)
                let words = String(decoding: try scene.bytes("err"), as: UTF8.self)
                #expect(result.status == 74)
                #expect(words.contains("became shorter") || words.contains("it changed while"))
                #expect(try scene.bytes("out").isEmpty)
            }
        }
    }

    @Test("over the bytes themselves is refused from a long pipe, and counts from the file")
    func longPipe() async throws {
        try await withTemporaryDirectory { path in
            let scene = Scene(path: path)
            let script = try #require(Case.all.first { $0.name == "signify" }).script
            try await scene.shellDone("set -e; echo >long; mkfifo pipe\n" + script)
            let result = try await scene.shell(
                """
                head -c 268435457 /dev/zero >pipe &
                closeout verify-signature pipe signature --key k.pub
                """)
            #expect(result.status == 65)
            #expect(result.stderrText.contains("more than 268435456 came from a pipe"))
            #expect(result.stderrText.contains("hint: save them to a file"))
        }
    }
}
