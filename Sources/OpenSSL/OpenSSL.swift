// The Swift face of libcrypto: digests, keys, signatures, certificates, time-stamps.
//
// It is the only module that knows C types, and no pointer leaves it. It has a library context of its own,
// loads the default provider alone and reads no configuration file. A call that libcrypto refuses throws
// `OpenSSLError`; a signature that is wrong is a result and no error.
//
// Example (run by Tests/ArchitectureTests/ModuleExamples.swift):
//
//     let key = try PrivateKey.generate(.ed25519)
//     let message = Array("payments 1.4.0".utf8)
//     let signature = try key.sign(message, algorithm: .ed25519)
//     let digest = try SHA256Digest.of(message)
