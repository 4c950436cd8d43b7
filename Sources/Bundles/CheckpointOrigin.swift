import CloseoutEncodings
package import CloseoutOpenSSL

/// What a checkpoint of a bundle calls its log (docs/log.md, "Checkpoint").
package enum CheckpointOrigin {
    /// `closeout/v1/` and the hex SHA-256 of `seal.json`; the key name is the same.
    package static func of(seal: SHA256Digest) -> [UInt8] {
        Array("closeout/v1/\(seal.hex)".utf8)
    }
}
