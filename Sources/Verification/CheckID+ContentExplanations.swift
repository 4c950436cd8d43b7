extension CheckID {
    var signatureExplanation: Explanation {
        switch self {
        case .signatureFormat:
            Explanation(
                "Every signature file is of the format that the log names.",
                "Attach signatures with `attach`, which stores only what it could read.")
        case .signatureSubject:
            Explanation(
                "Every signature is over this bundle's seal and not over something else.",
                "The signature belongs to another seal, or is a statement about this one.")
        case .signatureValid:
            Explanation(
                "A signature that names a key of the policy verifies under it.",
                "The signature or what it signs was changed, or it names a key that did not make it."
            )
        case .signatureKeyKnown:
            Explanation(
                "The signature was made with a key of the policy.",
                "If the signer is to be trusted, add the key: `trust add`. It is not counted until then."
            )
        case .signatureKeyWindow:
            Explanation(
                "The signature was made while its key was valid, as far as that is proven.",
                "A time-stamp or a witness proves when it was made; without one, T must lie in the window. "
                    + "Where the owner's own end of an OpenPGP key is meant, a newer copy of the key "
                    + "may have another."
            )
        case .signatureKeyRevoked:
            Explanation(
                "The key was not revoked, or the signature is proven to be older than the revocation.",
                "Have the release signed with another key.")
        case .signatureKeyStrength:
            Explanation(
                "Key and algorithm are of a closed list and strong enough.",
                "Sign with Ed25519, ECDSA P-256, P-384 or P-521, or RSA of 3072 bits or more.")
        case .signatureLimits:
            Explanation(
                "There are at most 64 signature files over one subject, and no more work than "
                    + "docs/bundle.md allows in checking all signatures.",
                "A genuine bundle stays far below: get it again from its source.")
        default:
            Explanation(
                "Each role of the policy that is demanded has signatures by enough operators.",
                "The reason says how many are missing; `attach` adds one that was made elsewhere.")
        }
    }

    var manifestExplanation: Explanation {
        switch self {
        case .manifestDigest:
            Explanation(
                "manifest.jsonl has the SHA-256 that the seal names.",
                "The manifest was changed after sealing: get an unchanged bundle.")
        case .manifestFormat:
            Explanation(
                "The manifest's header and every line are canonical and of a known type.",
                "It was made by something else or by a later version.")
        case .manifestOrder:
            Explanation(
                "The paths ascend strictly by their bytes.",
                "The manifest was not made by closeout: get an unchanged bundle.")
        case .manifestPath:
            Explanation(
                "Every path is relative, in UTF-8, and has no empty, `.` or `..` component.",
                "The manifest was not made by closeout: do not unpack by it.")
        case .manifestParent:
            Explanation(
                "The parent of every path is listed before it, as a directory.",
                "The manifest was not made by closeout: do not unpack by it.")
        case .manifestLinkEscape:
            Explanation(
                "No symbolic link leads out of the release, unless the header allows it.",
                "The manifest was not made by closeout: do not unpack by it.")
        case .manifestNotEmpty:
            Explanation(
                "The manifest names at least one file.",
                "A release without files proves nothing: seal the right folder.")
        case .manifestTotals:
            Explanation(
                "The seal's counts of entries, files, directories, links and bytes are the manifest's.",
                "Seal and manifest do not belong together: get an unchanged bundle.")
        case .manifestMerkleRoot:
            Explanation(
                "The Merkle root over the manifest's lines is the one in the seal.",
                "Seal and manifest do not belong together: get an unchanged bundle.")
        default:
            Explanation(
                "SHA256SUMS is byte for byte what the manifest generates.",
                "The list was edited, so `sha256sum -c` would check other files: get an unchanged bundle."
            )
        }
    }

    var artifactExplanation: Explanation {
        switch self {
        case .artifactGiven:
            Explanation(
                "The shipped files were given, so that they could be compared.",
                "Give --artifacts DIR, or --artifacts none to verify the evidence only.")
        case .artifactName:
            Explanation(
                "A file that is checked by itself has the name of its manifest entry.",
                "Name its path in the release: --file FILE=PATH.")
        case .artifactMissing:
            Explanation(
                "Every entry of the manifest is there.", "Get the file from an unchanged copy.")
        case .artifactUnexpected:
            Explanation(
                "Nothing is there that the manifest does not name.",
                "Remove it, or seal a release that ships it.")
        case .artifactType:
            Explanation(
                "Every entry is a file, directory or symbolic link as the manifest says.",
                "Something took the entry's place: get an unchanged copy.")
        case .artifactSize:
            Explanation(
                "Every file has the manifest's size.", "Get the file from an unchanged copy.")
        case .artifactDigest:
            Explanation(
                "Every file has the manifest's SHA-256.", "Get the file from an unchanged copy.")
        case .artifactMode:
            Explanation(
                "Every file has the manifest's mode.",
                "Set it with chmod; --modes ignore serves media that lose modes, and the verdict says so."
            )
        case .artifactLinkTarget:
            Explanation(
                "Every symbolic link has the manifest's target.",
                "Get the link from an unchanged copy.")
        case .artifactExcluded:
            Explanation(
                "No path is there that an exclude of the manifest hides.",
                "Remove it, or accept it with --allow-excluded.")
        case .artifactUnreadable:
            Explanation(
                "Every entry could be read.", "Give read permission, or mend the medium.")
        default:
            Explanation(
                "No file changed while it was read.", "Stop what writes there, and verify again.")
        }
    }
}
