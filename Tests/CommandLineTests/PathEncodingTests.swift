import CloseoutTestSupport
import Testing

@Suite("Paths that are not UTF-8")
struct PathEncodingTests {
    /// The word of a shell for a name in Latin-1.
    private static let word = "\"$(printf 'caf\\351')\""

    @Test("are refused as such by every command, in each of its arguments and options")
    func everyCommand() async throws {
        try await withSealedRelease { scene in
            // What they name is there: a folder, a file, and a bundle with a file in it.
            try await scene.shellDone("cp -r p-1.closeout \(Self.word); cp trust.json policy")
            for command in try await SecretsTests.commands() {
                let words = (["closeout"] + command.words).joined(separator: " ")
                var places: [String] = []
                for index in command.arguments.indices {
                    var arguments = command.arguments
                    arguments[index] = Self.word
                    places.append(arguments.joined(separator: " "))
                }
                for option in command.options {
                    let given = command.arguments + [option, Self.word]
                    places.append(given.joined(separator: " "))
                }
                for place in places {
                    let refused = try await scene.shell("\(words) \(place)")
                    #expect(refused.status == 64, "\(words) \(place)")
                    let isHidden = place.contains("--passphrase")
                    let said =
                        isHidden ? " is not UTF-8 (not repeated" : " is not UTF-8: caf\\xe9\n"
                    #expect(refused.stderrText.contains(said), "\(words): \(refused.stderrText)")
                    #expect(isHidden || refused.stderrText.contains("hint: "))
                }
            }
        }
    }

    @Test("can be given by another name, and the present folder may have any")
    func otherName() async throws {
        try await withScene { scene in
            try await scene.shellDone(
                """
                set -e; N=\(Self.word); mkdir "$N"; mv dist "$N/"; ln -s "$N" plain
                closeout keygen --no-passphrase -o plain/release --trust plain/trust.json
                cd "$N"; export TMPDIR="$PWD" CLOSEOUT_TRUST="$N.json"; mv trust.json "$N.json"
                closeout seal dist --release p@1 --key release.pem
                openssl pkey -in release.pem -out plain.pem
                closeout sign p-1.closeout --with openssl --key-reference plain.pem --algorithm ed25519
                closeout checkpoint p-1.closeout --key release.pem
                closeout pack p-1.closeout
                closeout unpack p-1.closeout.tar -o new
                closeout verify new --artifacts dist
                closeout trial --scenario accepted-risk --out trial || [ $? = 10 ]
                """)
        }
    }

    @Test("in variables that are read as words, and as names of keys, are refused as well")
    func elsewhere() async throws {
        try await withSealedRelease { scene in
            let key = try await scene.shell(
                "CLOSEOUT_LOG_KEY=\(Self.word) closeout seal dist --release q@1 --key release.pem")
            #expect(key.status == 64)
            #expect(
                key.stderrText.hasPrefix("closeout: the variable CLOSEOUT_LOG_KEY is not UTF-8\n"))
            #expect(!scene.has("q-1.closeout"))
            let folder = try await scene.shell(
                "mkdir keys; cp release.pub.pem keys/\(Self.word).pem; "
                    + "closeout trust init new.json keys --operator o --role release")
            #expect(folder.status == 64)
            #expect(folder.stderrText.contains("the name of keys/caf\\xe9.pem is not UTF-8"))
            #expect(folder.stderrText.contains("hint: give --id NAME"))
            #expect(!scene.has("new.json"))
        }
    }

    @Test("an argument that is joined to a secret's option is not repeated")
    func secrets() async throws {
        try await withScene { scene in
            for words in ["--passphrase ", "--passphrase=", "--key ", "--key="] {
                let refused = try await scene.shell(
                    "closeout seal dist --release p@1 \(words)\"$(printf 'geheim\\351\\n\\001x')\"")
                #expect(refused.status == 64)
                #expect(!refused.stderrText.contains("geheim"), "\(refused.stderrText)")
                #expect(refused.stderrText.contains("not repeated"))
            }
        }
    }
}
