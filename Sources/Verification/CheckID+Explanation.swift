/// What a check is about, for `closeout explain` and docs/checks.md.
package struct Explanation: Equatable, Sendable {
    /// What is recomputed or compared.
    package let checks: String
    /// What to do where it does not pass.
    package let remedy: String

    /// Explains a check in one sentence, and says in another what to do.
    package init(_ checks: String, _ remedy: String) {
        self.checks = checks
        self.remedy = remedy
    }
}

extension CheckID {
    /// What this check is about and what to do where it does not pass.
    package var explanation: Explanation {
        Self.explanations[self] ?? Explanation(rawValue, rawValue)
    }

    /// The part of the id before the dot.
    package var family: String { String(rawValue.utf8.prefix { $0 != Self.dot }) ?? rawValue }
    /// The part of the id after the dot.
    package var name: String {
        String(rawValue.utf8.drop { $0 != Self.dot }.dropFirst()) ?? rawValue
    }

    private static let dot = UInt8(ascii: ".")

    /// What each check is about.
    ///
    /// A test holds that none is missing, and that docs/checks.md has the
    /// same words.
    package static let explanations: [CheckID: Explanation] = [
        .trustGiven: Explanation(
            "A trust policy or a public key was given, from outside the bundle.",
            "Give --trust POLICY or --key PUB; signers are only listed as asserted without."),
        .trustLocation: Explanation(
            "The trust policy is not a file inside the bundle that is verified by it.",
            "Use a policy that reached you by another way than the bundle."),
        .trustDigest: Explanation(
            "The policy's bytes have the digest of --trust-digest.",
            "Get the policy that was agreed on; `trust show` prints a policy's digest."),
        .trustVersion: Explanation(
            "The policy's version is at least that of --trust-version-at-least.",
            "An older policy may trust keys that were revoked since: get the newer one."),
        .trustExpires: Explanation(
            "The verification time is not after the policy's `expires`.",
            "Get a newer policy, or verify as of an instant at which it was valid: --as-of "
                + "INSTANT."),
        .trustSampleKey: Explanation(
            "No key of the policy is one of the published sample keys.",
            "Anyone can sign with a sample key: make a key with `keygen`."),

        .bundleUnlisted: Explanation(
            "Every file of the bundle is named by the log.",
            "Attach what belongs there with `attach` or `add`; `repair` moves the rest aside."),
        .bundleMissing: Explanation(
            "Every file that the log names is there.",
            "Get a whole copy of the bundle; the log says which digest each file must have."),
        .bundleDigest: Explanation(
            "Every file has the size and SHA-256 that the log names.",
            "The file was changed after it was logged: get an unchanged copy."),
        .bundleFileType: Explanation(
            "The bundle holds regular files in its known folders only, and no links.",
            "Replace the link or special file by the file itself, from an unchanged copy."),
        .bundleLimits: Explanation(
            "No file, line or count is larger than docs/bundle.md allows.",
            "A genuine bundle stays far below: get it again from its source."),
        .bundlePrivateKey: Explanation(
            "No file of the bundle holds a private key.",
            "Treat the key as disclosed: revoke it, and make the bundle anew."),
        .bundleReadme: Explanation(
            "README.txt is byte for byte what a released version of closeout writes for this "
                + "release.",
            "Do not follow what it says, and get an unchanged bundle; a newer version of "
                + "closeout may know its text."),

        .sealFormat: Explanation(
            "seal.json is canonical and has the fields of docs/seal.md and no others.",
            "The seal was changed or was made by something else: get an unchanged bundle."),
        .sealRelease: Explanation(
            "The seal is of the release that --release names.",
            "This is a genuine bundle of another release: get the right one."),
        .sealCreated: Explanation(
            "The seal's creation time is at most 5 minutes after the verification time.",
            "The clock of the sealing machine was wrong, or the clock here is."),

        .signatureFormat: Explanation(
            "Every signature file is of the format that the log names.",
            "Attach signatures with `attach`, which stores only what it could read."),
        .signatureSubject: Explanation(
            "Every signature covers this bundle's seal and nothing else.",
            "The signature belongs to another seal, or is a statement about this one."),
        .signatureValid: Explanation(
            "A signature that names a key of the policy verifies under it.",
            "The signature or what it signs was changed, or it names a key that did not make it."),
        .signatureKeyKnown: Explanation(
            "The signature was made with a key of the policy.",
            "If the signer is to be trusted, add the key: `trust add`. It is not counted "
                + "until then."),
        .signatureKeyWindow: Explanation(
            "The signature was made while its key was valid, as far as that is proven.",
            "A time-stamp or a witness proves when it was made; without one, the "
                + "verification time must lie in the window. Where the owner ended an OpenPGP key, "
                + "a newer copy of the key may have a later end."),
        .signatureKeyRevoked: Explanation(
            "The key was not revoked, or the signature is proven to be older than the revocation.",
            "Have the release signed with another key."),
        .signatureKeyStrength: Explanation(
            "The key and its algorithm are supported and strong enough.",
            "Sign with Ed25519, ECDSA P-256, P-384 or P-521, or RSA of 3072 bits or more."),
        .signatureLimits: Explanation(
            "There are at most 64 signature files over one subject, and no more work than "
                + "docs/bundle.md allows in checking all signatures.",
            "A genuine bundle stays far below: get it again from its source."),
        .signatureThreshold: Explanation(
            "Each required role of the policy has signatures of enough people.",
            "The reason says how many are missing; `attach` adds one that was made elsewhere."),

        .certificateFormat: Explanation(
            "Every file of `certificates/` holds certificates or revocation lists, and "
                + "nothing else.",
            "Store certificates and lists as PEM or DER, as their authority gives them out."),
        .certificateChain: Explanation(
            "A valid chain leads from the signer's certificate to the anchor of the policy, "
                + "and no other operator has its key.",
            "The reason names the rule and the certificate: get a certificate from its "
                + "authority that follows the rule."),
        .certificatePurpose: Explanation(
            "The signer's certificate is for one of the purposes that the policy names.",
            "Sign with a certificate for signing code, or name the `purposes` in the policy."),
        .certificateRevocation: Explanation(
            "No certificate of the chain was revoked at the signing time, by the revocation "
                + "lists that apply.",
            "Get the authority's current list into `certificates/`."),

        .sigstoreForm: Explanation(
            "A Sigstore bundle with a certificate has the form that docs/sigstore.md "
                + "gives it.",
            "Get the bundle again from its source; a newer version of Closeout may know "
                + "another form."),
        .sigstoreContent: Explanation(
            "What a Sigstore bundle signs is this seal or record, byte for byte.",
            "The bundle belongs to other content, or is a statement about this one."),
        .sigstoreLeaf: Explanation(
            "The signer's certificate can be read, is no authority's, and has a key "
                + "that is supported.",
            "Have it signed again by a client of Sigstore."),
        .sigstoreTimes: Explanation(
            "A log or a time-stamp authority of the trusted root proves when it was "
                + "signed, as the policy demands.",
            "Where the root does not know who stamped it, get a newer trusted root; "
                + "else have it signed again."),
        .sigstoreChain: Explanation(
            "An authority of the trusted root certified the signer, validly at every "
                + "proven time.",
            "Where no authority of the root did, get a newer trusted root, or the root "
                + "of the right instance."),
        .sigstoreSCT: Explanation(
            "A log of certificates that the trusted root knows has signed a time-stamp "
                + "of the certificate.",
            "Where the log is not known, get a newer trusted root; a private instance "
                + "has no such log: `sct` is 0."),
        .sigstoreProfile: Explanation(
            "The signer's certificate is for signing code, and has exactly one name.",
            "Have it signed again by a client of Sigstore."),
        .sigstoreIdentity: Explanation(
            "The signer's issuer, name and claims are those of an identity of the "
                + "policy.",
            "If the signer is to be trusted, add the identity: `trust add --identity "
                + "NAME --issuer URL --root FILE`."),
        .sigstoreLog: Explanation(
            "A log of the trusted root holds the entry, by a proof up to a checkpoint "
                + "that it signed.",
            "Where the log is not known, get a newer trusted root; old bundles without "
                + "a proof count with `inclusion` `promise`."),
        .sigstoreBinding: Explanation(
            "The log's entry is of this very signature, certificate and digest.",
            "The entry belongs to another signature: get the bundle again from its "
                + "source."),
        .sigstoreSignature: Explanation(
            "The key of the certificate made the signature over the content.",
            "The signature or what it signs was changed: get an unchanged copy."),
        .sigstoreAsOf: Explanation(
            "Nothing that a Sigstore bundle proves is later than the verification time.",
            "Verify as of a later instant, or look at the clock here."),

        .timestampFormat: Explanation(
            "Every stored time-stamp is the answer of a time-stamp authority, or the token "
                + "inside one.",
            "Ask the authority again, and attach its answer as it came."),
        .timestampValid: Explanation(
            "A time-stamp covers a file of this bundle, and is signed by the authority that it "
                + "names, which was allowed to sign it at that time.",
            "Ask for a new one: this one proves no time."),
        .timestampAnchorKnown: Explanation(
            "The time-stamp's authority leads to a `timestamp` anchor of the policy.",
            "If it is to be trusted, add its anchor to the policy, in the role `timestamp`."),
        .timestampStale: Explanation(
            "checkpoint.tsr covers the present checkpoint; the verdict does not depend on it.",
            "Have the present checkpoint stamped; the old stamp is harmless."),

        .logFormat: Explanation(
            "Every line of the log is canonical and has the fields of docs/log.md.",
            "The log was edited: get an unchanged copy of the bundle."),
        .logSequence: Explanation(
            "The `seq` of every line is its index.",
            "Lines were removed or reordered: get an unchanged copy of the bundle."),
        .logHead: Explanation(
            "The first four lines are the seal, the manifest, SHA256SUMS and README.txt, "
                + "once each, with the creation time of the seal.",
            "The log was edited: get an unchanged copy of the bundle."),
        .logDuplicate: Explanation(
            "No path and no digest occurs twice in the log.",
            "The log was edited: get an unchanged copy of the bundle."),
        .logCheckpoint: Explanation(
            "There is a checkpoint, it is a signed note, and its origin names this seal.",
            "Where it is absent: `checkpoint BUNDLE --key KEY`."),
        .logCheckpointSignature: Explanation(
            "Enough people whose keys may sign the log have signed the checkpoint.",
            "Have the holder of the log key run `checkpoint`."),
        .logRoot: Explanation(
            "The Merkle root of the log's lines is the one in the checkpoint.",
            "Lines that were committed have changed or are gone: get an unchanged copy."),
        .logUncommitted: Explanation(
            "The checkpoint covers every line of the log.",
            "`checkpoint BUNDLE --key KEY` commits what was appended since."),
        .logRollback: Explanation(
            "The log still holds every line that --previous or a witness saw earlier.",
            "Someone was shown a longer or another log: find out who took lines away."),

        .recordFormat: Explanation(
            "Every record is canonical, has the fields of its kind and no others, and is of "
                + "a known kind.",
            "A record of a later version needs a later closeout; any other was changed."),
        .recordRelease: Explanation(
            "Every record names the release of this bundle.",
            "The record belongs to another release and proves nothing here."),
        .recordSeal: Explanation(
            "Every record names the seal of this bundle.",
            "The record belongs to another bundle and proves nothing here."),
        .recordLink: Explanation(
            "Every link of a record leads to an earlier file of this log, of the right kind.",
            "The record is about something else: make it anew about the files of this bundle."),
        .recordAt: Explanation(
            "No record says that it was made after the verification time; the verdict does "
                + "not depend on it.",
            "The clock of its maker was wrong, or the clock here is."),
        .recordSignature: Explanation(
            "Every signature of a record is one signature over a record of this log, and is "
                + "valid where it names a key of the policy.",
            "The record or its signature was changed or belongs elsewhere: have it signed anew."),
        .recordAsserted: Explanation(
            "Every record that needs signatures has them, of enough people.",
            "Until then it is only a claim: have it signed."),
        .recordRole: Explanation(
            "The keys that signed a record have the role that its kind needs.",
            "Have it signed by someone with the role, or give the key the role: `trust role`."),
        .recordOperator: Explanation(
            "Where a record needs a second person, another person signed it.",
            "Nobody approves their own request: have another person sign."),
        .recordSupersedes: Explanation(
            "A record that approves what was denied or revoked links to the denial or revocation.",
            "It has no effect: make a new one that names the record that it replaces."),
        .recordWithheld: Explanation(
            "No file that the log names was withheld from this copy.",
            "Ask for the whole bundle: nothing can be verified without what is withheld."),

        .retentionShortened: Explanation(
            "No retention that is requested or approved is shorter than one that was "
                + "approved before.",
            "Ask for no less than was approved: retention is never shortened."),

        .deliverySchedule: Explanation(
            "The schedule of every retry plan of version 2 is the one that follows from the seal, the "
                + "ids of its deliveries and their last attempts.",
            "The plan does not count: make it anew with `retry plan`."),
        .deliveryReview: Explanation(
            "Every live run names the approval of its plan's dry run, and sends nothing "
                + "beyond that dry run.",
            "Make a dry run, have it reviewed, and name the review in the live run."),

        .manifestDigest: Explanation(
            "manifest.jsonl has the SHA-256 of the seal.",
            "The manifest was changed after sealing: get an unchanged bundle."),
        .manifestFormat: Explanation(
            "The manifest's header and every line are canonical and of a known type.",
            "It was made by another program or by a later version of closeout."),
        .manifestOrder: Explanation(
            "The paths ascend strictly by their bytes.",
            "The manifest was not made by closeout: get an unchanged bundle."),
        .manifestPath: Explanation(
            "Every path is relative, in UTF-8, and has no empty, `.` or `..` component.",
            "The manifest was not made by closeout: do not unpack anything with it."),
        .manifestParent: Explanation(
            "The parent of every path is listed before it, as a directory.",
            "The manifest was not made by closeout: do not unpack anything with it."),
        .manifestLinkEscape: Explanation(
            "No symbolic link leads out of the release, unless the header allows it.",
            "The manifest was not made by closeout: do not unpack anything with it."),
        .manifestNotEmpty: Explanation(
            "The manifest names at least one file.",
            "A release without files proves nothing: seal the right folder."),
        .manifestTotals: Explanation(
            "The seal's counts of entries, files, directories, links and bytes are the "
                + "manifest's.",
            "The seal and the manifest do not belong together: get an unchanged bundle."),
        .manifestMerkleRoot: Explanation(
            "The Merkle root over the manifest's lines is the one in the seal.",
            "The seal and the manifest do not belong together: get an unchanged bundle."),
        .manifestSums: Explanation(
            "SHA256SUMS is byte for byte what the manifest generates.",
            "The list was edited, so `sha256sum -c` would check other files: get an "
                + "unchanged bundle."),

        .artifactGiven: Explanation(
            "The shipped files were given, so that they could be compared.",
            "Give --artifacts DIR, or --artifacts none to verify the evidence only."),
        .artifactName: Explanation(
            "A file that is checked by itself has the name of its manifest entry.",
            "Give its path in the release: --file FILE=PATH."),
        .artifactMissing: Explanation(
            "Every entry of the manifest is there.",
            "Get the file from an unchanged copy."),
        .artifactUnexpected: Explanation(
            "There is no file, folder or link that the manifest does not name.",
            "Remove it, or seal a release that ships it."),
        .artifactType: Explanation(
            "Every entry is a file, directory or symbolic link as the manifest says.",
            "Something else has this path: get an unchanged copy."),
        .artifactSize: Explanation(
            "Every file has the manifest's size.",
            "Get the file from an unchanged copy."),
        .artifactDigest: Explanation(
            "Every file has the manifest's SHA-256.",
            "Get the file from an unchanged copy."),
        .artifactMode: Explanation(
            "Every file has the manifest's mode.",
            "Set it with chmod; for media that lose modes use --modes ignore, which the "
                + "first line of the report says."),
        .artifactLinkTarget: Explanation(
            "Every symbolic link has the manifest's target.",
            "Get the link from an unchanged copy."),
        .artifactExcluded: Explanation(
            "There is no path that an exclude of the manifest leaves out.",
            "Remove it, or accept it with --allow-excluded."),
        .artifactUnreadable: Explanation(
            "Every entry could be read.",
            "Give read permission, or replace the medium."),
        .artifactUnstable: Explanation(
            "No file changed while it was read.",
            "Stop the program that writes there, and verify again."),

        .criteriaGiven: Explanation(
            "The criteria of a recorded decision are known: given, pinned by the policy, or "
                + "a profile.",
            "Give --criteria FILE; without it the decision is shown as recorded, not recomputed."),
        .criteriaPinned: Explanation(
            "The criteria are those that the trust policy pins.",
            "Use the criteria that the policy names, or have the policy changed by its owner."),

        .decisionPrefix: Explanation(
            "A decision pins the log before it, by size and Merkle root, and is signed after it.",
            "The decision was made on another log: decide anew with `close`."),
        .decisionAsOf: Explanation(
            "A decision's `as_of` is not before its seal, a record or a proven time of its "
                + "log, nor after the verification time.",
            "The decision is dated back, or the clock here is wrong: decide anew with `close`."),
        .decisionComputed: Explanation(
            "The computed records that a decision links to are those that its log gives.",
            "Another program wrote or changed them: decide anew with `close`."),
        .decisionRecomputed: Explanation(
            "A recorded decision, recomputed on the log before it, has the same outcome and "
                + "results.",
            "Trust the output of `decide` and not the record; the reason names the criterion."),
        .decisionRequired: Explanation(
            "The last signed decision was recomputed and is ready, where --require-decision "
                + "or the policy requires one.",
            "Give what recomputing needs, such as --criteria FILE or --trust-then POLICY, or "
                + "decide anew with `close`."),
    ]
}
