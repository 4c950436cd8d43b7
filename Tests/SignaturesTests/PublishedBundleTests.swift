import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

/// Bundles that people published, as the packages hold them that scripts/bootstrap fetches, under the roots of
/// the two public instances.
@Suite("Published Sigstore bundles", .requires(pythonTool))
struct PublishedBundleTests {
    private static let folder = toolCache + "/sigstore"
    private static let github = "https://token.actions.githubusercontent.com"

    /// A published bundle and whose it is.
    struct Published: Sendable, CustomTestStringConvertible {
        let path: String
        let issuer: String
        let name: String
        var isOfStaging = false
        var testDescription: String { path }
    }

    private static func assets(_ name: String) -> String {
        "pypi_attestations-0.0.30/test/assets/\(name)"
    }

    static let all: [Published] = {
        let own =
            "https://github.com/trailofbits/pypi-attestations/.github/workflows/release.yml@refs/tags/v0.0.19"
        let models =
            "https://github.com/trailofbits/pypi-attestation-models/.github/workflows/release.yml@refs/tags/v0.0.4a2"
        let (person, login) = ("william@yossarian.net", "https://github.com/login/oauth")
        let wheel = "rfc8785-0.1.2-py3-none-any.whl"
        return [
            Published(
                path: assets("pypi_attestations-0.0.19.tar.gz.publish.attestation"), issuer: github,
                name: own),
            Published(
                path: assets("pypi_attestations-0.0.19.tar.gz.slsa.attestation"), issuer: github,
                name: own),
            Published(
                path: assets("pypi_attestations-0.0.19.tar.gz.provenance"), issuer: github,
                name: own),
            Published(
                path: assets("gitlab_oidc_project-0.0.3.tar.gz.publish.attestation"),
                issuer: "https://gitlab.com",
                name:
                    "https://gitlab.com/facutuesca/gitlab-oidc-project//.gitlab-ci.yml@refs/heads/main"
            ),
            Published(
                path: assets("gcb_attestation_test-0.0.0.tar.gz.provenance"),
                issuer: "https://accounts.google.com",
                name: "919436158236-compute@developer.gserviceaccount.com"),
            Published(
                path: assets(
                    "circleci_sign_publish_example-0.0.1.dev137-py3-none-any.whl.publish.attestation"
                ),
                issuer: "https://oidc.circleci.com",
                name: "https://circleci.com/api/v2/projects/fdd9283f-e619-46af-8f9c-851f7d3e8b2b/"
                    + "pipeline-definitions/8e4f8ab2-8d7c-4827-9f15-de076d6d647f"),
            Published(
                path: assets("pypi_attestation_models-0.0.4a2.tar.gz.attestation"), issuer: github,
                name: models),
            Published(
                path: assets("pypi_attestation_models-0.0.4a2.tar.gz.sigstore"), issuer: github,
                name: models),
            Published(
                path: assets("\(wheel).attestation"), issuer: login, name: person, isOfStaging: true
            ),
            Published(
                path: assets("\(wheel).publish.attestation"), issuer: login, name: person,
                isOfStaging: true),
            Published(
                path: assets("\(wheel).sigstore"), issuer: login, name: person, isOfStaging: true),
            Published(
                path: assets(
                    "spt3g-1.0-cp310-cp310-manylinux_2_17_x86_64.manylinux2014_x86_64.whl.publish.attestation"
                ),
                issuer: login, name: person, isOfStaging: true),
            Published(
                path: "conda_sigstore-0.1.5/tests/fixtures/rattler/"
                    + "agent-skill-conda-forge-0.0.21-h4616a5c_0.conda.sigs",
                issuer: github,
                name:
                    "https://github.com/pavelzw/skill-forge/.github/workflows/package.yml@refs/heads/main"
            ),
            Published(
                path: "conda_sigstore-0.1.5/tests/fixtures/prefix-actionlint.v0.sigs",
                issuer: github,
                name:
                    "https://github.com/hunger/octoconda/.github/workflows/octoconda.yaml@refs/heads/main"
            ),
        ]
    }()

    @Test(
        "counts for its signer under the root of its instance, and for nobody under the other",
        arguments: all)
    func counts(published: Published) async throws {
        let bundle = try self.bundle(published)
        let content = try self.content(bundle)
        for isStaging in [false, true] {
            let policy = try await policy(published, isStaging: isStaging)
            let results = try verify(policy, asOf: "2026-12-01T00:00:00Z")
                .verify(bundle.canonicalBytes, as: .sigstore, over: content)
            let result = try #require(results.first)
            if isStaging == published.isOfStaging {
                #expect(result.outcome == .accepted, "\(result.steps)")
                #expect(result.timeProof != nil)
            } else {
                #expect(result.effect == .ignored)
                let log = result.steps.first { $0.step == .log }
                #expect(log?.status == .unknown, "\(result.steps)")
            }
        }
    }

    @Test(
        "does not count for another name or issuer, nor for its signer before it was made",
        arguments: all)
    func strangers(published: Published) async throws {
        let bundle = try self.bundle(published)
        let content = try self.content(bundle)
        for (name, issuer) in [
            (published.name + "x", published.issuer), (published.name, published.issuer + "/x"),
        ] {
            var other = published
            other = Published(
                path: other.path, issuer: issuer, name: name, isOfStaging: other.isOfStaging)
            let policy = try await policy(other, isStaging: published.isOfStaging)
            let results = try verify(policy, asOf: "2026-12-01T00:00:00Z")
                .verify(bundle.canonicalBytes, as: .sigstore, over: content)
            #expect(results.map(\.effect) == [.ignored])
        }
        let policy = try await policy(published, isStaging: published.isOfStaging)
        let early = try verify(policy, asOf: "2024-01-01T00:00:00Z")
            .verify(bundle.canonicalBytes, as: .sigstore, over: content)
        #expect(early.map(\.effect) == [.ignored])
        let changed = try verify(policy, asOf: "2026-12-01T00:00:00Z")
            .verify(bundle.canonicalBytes, as: .sigstore, over: .file(content.bytes + [0]))
        #expect(changed.map(\.effect) == [.fails])
    }

    @Test("The roots of both public instances are read, with all their authorities and logs")
    func roots() async throws {
        for isStaging in [false, true] {
            let key = try await KeyEntry(
                id: "r", operator: "o", inlining: root(isStaging: isStaging))
            #expect(key.format == .sigstoreRoot)
            let policy = try TrustPolicy.starting(with: [key], roles: [])
            #expect(policy.keys.first?.material.authorityKeys.count == (isStaging ? 10 : 7))
        }
    }

    // MARK: What the tests are made of

    private func root(isStaging: Bool) async throws -> [UInt8] {
        let instance = isStaging ? "sigstage" : "sigstore"
        let program =
            "import os, sigstore, sys; sys.stdout.write(os.path.dirname(sigstore.__file__))"
        let folder = try await runSuccessfully(pythonTool, ["-c", program])
        return try readFile(
            String(decoding: folder, as: UTF8.self)
                + "/_store/https%3A%2F%2Ftuf-repo-cdn.\(instance).dev/trusted_root.json")
    }

    private func policy(_ published: Published, isStaging: Bool) async throws -> TrustPolicy {
        let root: JSON = [
            "id": "root", "operator": "sigstore", "format": "sigstore-root",
            "key": .string(try await root(isStaging: isStaging)),
        ]
        let identity: JSON = [
            "id": "ci", "operator": "acme", "format": "sigstore", "root": "root",
            "issuer": JSON(published.issuer), "identity": JSON(published.name),
        ]
        return try SignaturesTests.policy([root, identity], roles: ["release": rule(["ci"])])
    }

    /// The bundle itself, or the one that an attestation of PyPI's form is.
    private func bundle(_ published: Published) throws -> JSON {
        var json = try JSON(parsing: readFile("\(Self.folder)/\(published.path)"))
        if case .array(let all) = json, let first = all.first { json = first }
        if case .array(let all)? = json["attestation_bundles"],
            case .array(let attestations)? = all.first?["attestations"],
            let first = attestations.first
        {
            json = first
        }
        guard let material = json["verification_material"], let envelope = json["envelope"] else {
            return json
        }
        // Some encoders of base64 write lines.
        func text(_ value: JSON?) -> JSON {
            guard case .string(let bytes)? = value else { return .null }
            return .string(bytes.filter { $0 != 0x0A })
        }
        return [
            "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
            "verificationMaterial": [
                "certificate": ["rawBytes": text(material["certificate"])],
                "tlogEntries": material["transparency_entries"] ?? [],
            ],
            "dsseEnvelope": [
                "payload": text(envelope["statement"]),
                "payloadType": "application/vnd.in-toto+json",
                "signatures": [["sig": text(envelope["signature"])]],
            ],
        ]
    }

    private func content(_ bundle: JSON) throws -> SignedContent {
        guard case .string(let payload)? = bundle["dsseEnvelope"]?["payload"],
            let statement = Base64.decode(payload)
        else { throw MalformedSample() }
        return .file(statement)
    }
}
