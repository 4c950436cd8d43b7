extension CheckID {
    var trustExplanation: Explanation {
        switch self {
        case .trustGiven:
            Explanation(
                "A trust policy or a public key was given, from outside the bundle.",
                "Give --trust POLICY or --key PUB; signers are only listed as asserted without.")
        case .trustLocation:
            Explanation(
                "The trust policy does not lie inside the bundle that it is to judge.",
                "Use a policy that reached you by another way than the bundle.")
        case .trustDigest:
            Explanation(
                "The policy's bytes have the digest that --trust-digest demands.",
                "Get the policy that was agreed on; `trust show` prints a policy's digest.")
        case .trustVersion:
            Explanation(
                "The policy's version is at least the one that --trust-version-at-least demands.",
                "An older policy may trust keys that were revoked since: get the newer one.")
        case .trustExpires:
            Explanation(
                "The instant of judgement is not after the policy's `expires`.",
                "Get a newer policy, or judge with --as-of an instant at which it was valid.")
        default:
            Explanation(
                "No key of the policy is one of the published sample keys.",
                "Anyone can sign with a sample key: make a key with `keygen`.")
        }
    }

    var bundleExplanation: Explanation {
        switch self {
        case .bundleUnlisted:
            Explanation(
                "Every file of the bundle is named by the log.",
                "Attach what belongs there with `attach` or `add`; `repair` moves the rest aside.")
        case .bundleMissing:
            Explanation(
                "Every file that the log names is there.",
                "Get a whole copy of the bundle; the log says which digest each file must have.")
        case .bundleDigest:
            Explanation(
                "Every file has the size and SHA-256 that the log names.",
                "The file was changed after it was logged: get an unchanged copy.")
        case .bundleFileType:
            Explanation(
                "The bundle holds regular files in its known folders only, and no links.",
                "Replace the link or special file by the file itself, from an unchanged copy.")
        case .bundleLimits:
            Explanation(
                "No file, line or count is larger than docs/bundle.md allows.",
                "A genuine bundle stays far below: get it again from its source.")
        case .bundlePrivateKey:
            Explanation(
                "No file of the bundle holds a private key.",
                "Treat the key as disclosed: revoke it, and make the bundle anew.")
        default:
            Explanation(
                "README.txt is byte for byte what a released version of closeout writes for this release.",
                "Do not follow what it says, and get an unchanged bundle; a newer version may know its text."
            )
        }
    }

    var sealExplanation: Explanation {
        switch self {
        case .sealFormat:
            Explanation(
                "seal.json is canonical and has the fields of docs/seal.md and no others.",
                "The seal was changed or was made by something else: get an unchanged bundle.")
        case .sealRelease:
            Explanation(
                "The seal is of the release that --release demands.",
                "This is a genuine bundle of another release: get the right one.")
        default:
            Explanation(
                "The seal's claimed time of creation is not after T by more than 5 minutes.",
                "The sealing machine's clock was wrong, or the judging one's is.")
        }
    }

    var logExplanation: Explanation {
        switch self {
        case .logFormat:
            Explanation(
                "Every line of the log is canonical and has the fields of docs/log.md.",
                "The log was edited: get an unchanged copy of the bundle.")
        case .logSequence:
            Explanation(
                "Every line's `seq` is its index.",
                "Lines were removed or reordered: get an unchanged copy of the bundle.")
        case .logHead:
            Explanation(
                "The first four lines are the seal, the manifest, SHA256SUMS and README.txt, once each, "
                    + "and of the instant that the seal names.",
                "The log was edited: get an unchanged copy of the bundle.")
        case .logDuplicate:
            Explanation(
                "No path and no digest stands twice in the log.",
                "The log was edited: get an unchanged copy of the bundle.")
        case .logCheckpoint:
            Explanation(
                "There is a checkpoint, it is a signed note, and its origin is this seal.",
                "Where it is absent: `checkpoint BUNDLE --key KEY`.")
        case .logCheckpointSignature:
            Explanation(
                "The keys that may sign the log have signed the checkpoint, by enough operators.",
                "Have the holder of the log key run `checkpoint`.")
        case .logRoot:
            Explanation(
                "The Merkle root of the log's lines is the one in the checkpoint.",
                "Lines that were committed have changed or are gone: get an unchanged copy.")
        case .logUncommitted:
            Explanation(
                "The checkpoint covers every line of the log.",
                "`checkpoint BUNDLE --key KEY` commits what was appended since.")
        default:
            Explanation(
                "The log still carries what --previous, or a witness, saw of it earlier.",
                "Someone was shown a longer or another log: find out who took lines away.")
        }
    }
}
