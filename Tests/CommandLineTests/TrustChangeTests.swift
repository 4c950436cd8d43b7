import CloseoutTestSupport
import Testing

@Suite("Changes of a policy")
struct TrustChangeTests {
    @Test("that are made at once are all made")
    func atOnce() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                """
                set -e
                for n in 1 2 3 4 5 6 7 8; do closeout keygen --quiet --no-passphrase -o k$n; done
                pids=
                for n in 1 2 3 4 5 6 7 8; do
                  closeout trust add trust.json k$n.pub.pem --operator o$n --role archive &
                  pids="$pids $!"
                done
                for pid in $pids; do wait $pid; done
                """)
            let shown = try await scene.done("trust", "show", "trust.json")
            #expect(shown.first == "version  9")
            for number in 1...8 {
                #expect(shown.contains { $0.hasPrefix("  k\(number) · operator o\(number)") })
            }
            #expect(try await scene.files(below: ".").allSatisfy { !$0.contains("closeout-tmp") })
        }
    }

    @Test("go through a link, which stays, and keep the file's permissions")
    func linkAndMode() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                """
                set -e
                mkdir policies; mv trust.json policies/real.json; chmod 600 policies/real.json
                ln -s policies/real.json trust.json
                closeout keygen --quiet --no-passphrase -o second
                closeout trust add trust.json second.pub.pem --operator o --role archive
                closeout trust retire trust.json second
                closeout trust revoke trust.json second --reason ceased
                """)
            #expect(try await scene.shellDone("readlink trust.json") == "policies/real.json\n")
            #expect(try await scene.shellDone("stat -c %a policies/real.json") == "600\n")
            #expect(try await scene.done("trust", "show", "trust.json").first == "version  4")
        }
    }

    @Test("are refused of what is no file, and of what lies inside a bundle")
    func refused() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone("ln -s nowhere broken; cp trust.json p-1.closeout/trust.json")
            for (policy, status) in [
                ("missing.json", 66), ("no/missing.json", 66), ("broken", 73), ("dist", 73),
                ("p-1.closeout/trust.json", 73),
            ] as [(String, Int32)] {
                let refused = try await scene.closeout("trust", "retire", policy, "release")
                #expect(refused.status == status, "\(refused.stderrText)")
            }
        }
    }

    @Test("wait for whoever has the folder locked, and not without end", .requires("flock"))
    func locked() async throws {
        try await withSealedRelease { scene in
            let result = try await scene.shell(
                "CLOSEOUT_LOCK_WAIT=0 flock . closeout trust retire trust.json release")
            #expect(result.status == 74)
            #expect(try await scene.done("trust", "show", "trust.json").first == "version  1")
        }
    }
}
