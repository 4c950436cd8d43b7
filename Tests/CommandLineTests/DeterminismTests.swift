import CloseoutTestSupport
import Testing

@Suite("The same release, key and instant")
struct DeterminismTests {
    @Test("give the same bytes again, elsewhere, and for every copy of the tree")
    func sameBytes() async throws {
        try await withScene { scene in
            try await scene.shellDone(
                """
                set -e
                closeout keygen --quiet --no-passphrase -o release
                printf x > 'dist/a b'; printf y > dist/é; chmod 640 dist/é
                seq 1000 | while read n; do echo $n > dist/empty/$n; done
                """)
            let seal = """
                closeout seal --release p@1 --key "$top/release.pem" --created \
                2026-01-02T03:04:05Z
                """
            try await scene.shellDone(
                """
                set -e
                top=$PWD
                \(seal) dist -o first.closeout
                \(seal) dist -o second.closeout
                cp -a dist copy
                \(seal) copy -o copied.closeout
                mkdir -p other/place
                tar -cf - dist | tar -xf - -C other/place
                cd other/place/dist
                umask 077
                TZ=Pacific/Auckland LC_ALL=tr_TR.UTF-8 LANG=tr_TR.UTF-8 COLUMNS=7 \
                  \(seal) . -o "$top/packed.closeout"
                cd "$top"
                env -i PATH="$PATH" \(seal) "$top/dist/" -o bare.closeout
                """)
            for other in ["second", "copied", "packed", "bare"] {
                try await scene.shellDone("diff -r first.closeout \(other).closeout")
            }
        }
    }

    @Test("SOURCE_DATE_EPOCH dates a bundle where --created does not")
    func sourceDate() async throws {
        try await withScene { scene in
            try await scene.done(
                "freeze", "dist", "--release", "p@1", environment: ["SOURCE_DATE_EPOCH": "0"])
            let summary = try await scene.done("show", "p-1.closeout")
            #expect(summary.contains("created      1970-01-01T00:00:00Z"))
            let refused = try await scene.closeout(
                "freeze", "dist", "--release", "p@2",
                environment: ["SOURCE_DATE_EPOCH": "yesterday"])
            #expect(refused.status == 64)
        }
    }

    @Test("the same bundle, policy and instant give the same report")
    func sameReport() async throws {
        try await withSealedRelease { scene in
            let arguments = [
                "verify", "p-1.closeout", "--trust", "trust.json", "--artifacts", "dist",
                "--as-of", "2030-01-01T00:00:00Z",
            ]
            for format in ["text", "json"] {
                let first = try await scene.closeout(arguments + ["--format", format])
                let second = try await scene.closeout(
                    arguments + ["--format", format],
                    environment: ["TZ": "Asia/Tokyo", "LC_ALL": "C"])
                #expect(first.status == 0)
                #expect(first.stdout == second.stdout)
            }
        }
    }
}
