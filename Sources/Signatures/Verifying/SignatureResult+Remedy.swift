import CloseoutEncodings
import CloseoutOpenSSL

extension SignatureResult {
    /// What the signer or the policy's owner can do, where the way of signing is what keeps the
    /// signature from counting; nil where it is not.
    package var remedy: String? {
        switch outcome {
        case .malformed(let error): error.remedy
        case .notAcceptable(let found): found.remedy
        case .timeUnknown: isLateByOwnWord ? Self.remedyOfOwnEnd : nil
        default: nil
        }
    }

    private var isLateByOwnWord: Bool {
        guard case .openPGPPart(let part)? = key?.material else { return false }
        return part.lateness != nil
    }

    private static let remedyOfOwnEnd =
        "if its owner has extended the key, take a newer copy of it; or do not look at its own end: "
        + "--key-expiry ignore, which is \"key_expiry\":\"ignore\" in the policy's entry"

    /// Whether it could count with something that is only not at hand: a certificate, a revocation
    /// list or a proof of its time.
    package var canStillCount: Bool {
        switch outcome {
        case .accepted, .revoked, .timeUnknown, .certificate(.revocationUnknown),
            .certificate(.revoked):
            true
        case .notAcceptable(let found): found.kind == .missingCertificate
        case .keyless(let finding, _): finding.status == .unknown && finding.step == .times
        case .unknownKey, .malformed, .invalid, .otherContent, .outsideWindow,
            .certificate(.chain), .certificate(.purpose):
            false
        }
    }
}

extension SignatureError {
    /// What a signer does to make a file that is taken; nil where the file does not show it.
    var remedy: String? {
        switch self {
        case .openPGP(let error): error.remedy
        case .encoding(let encoding): encoding.remedy
        case .unsupported("ssh-rsa is not accepted"):
            "sign with rsa-sha2-512, as ssh-keygen does by default, and not with SHA-1"
        default: nil
        }
    }
}

extension OpenPGPError {
    /// What a signer does to make a signature that is taken; nil where the error does not say.
    var remedy: String? {
        switch self {
        case .hashAlgorithm: "sign with another digest: gpg --digest-algo SHA512 --detach-sign"
        case .signatureType(0x01): "sign without --textmode: gpg --detach-sign"
        case .shortHash: "sign with a longer digest: gpg --digest-algo SHA512 --detach-sign"
        case .boundBySHA1:
            "ask the signer for a newer copy of the key, or let it count: --sha1-binding, which is "
                + "\"sha1_binding\":true in the policy's entry"
        case .inlineMessage, .cleartextMessage, .cleartext:
            "make a detached signature: gpg --detach-sign"
        default: nil
        }
    }
}
