/// An authority that changed its key: the older one certified a leaf, the newer one signs lists
/// (RFC 4210, 4.4).
package struct Rollover: Sendable {
    /// Who certified both keys.
    package let root: Authority
    /// The authority with its older key.
    package let old: Authority
    /// The authority with its newer key.
    package let new: Authority
    /// What the older key certified.
    package let leaf: Authority.Certified
    /// The older key's certificate by the root.
    package let oldByRoot: Authority.Certified
    /// The newer key's certificate by the root.
    package let newByRoot: Authority.Certified
    /// The older key's certificate by the newer key.
    package let oldByNew: Authority.Certified

    /// Makes all of that, with a leaf of these extensions.
    package static func run(
        leaf extensions: [String] = Authority.signerExtensions,
        _ body: (Rollover) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { folder in
            let root = try await Authority.root(in: folder)
            for name in ["old", "new"] { try makeDirectory(root.path(name)) }
            let old = try await Authority.root(in: root.path("old"), named: "middle")
            let new = try await Authority.root(in: root.path("new"), named: "middle")
            let authority = Authority.authorityExtensions
            try await body(
                Rollover(
                    root: root, old: old, new: new,
                    leaf: try await old.certify("leaf", extensions),
                    oldByRoot: try await root.certify(
                        "old-by-root", authority, of: old.own, subject: "middle"),
                    newByRoot: try await root.certify(
                        "new-by-root", authority, of: new.own, subject: "middle"),
                    oldByNew: try await new.certify(
                        "old-by-new", authority, of: old.own, subject: "middle")))
        }
    }
}
