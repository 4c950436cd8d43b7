// swift-tools-version: 6.2
import PackageDescription

// The rooms and the direction in which they may import: docs/architecture.md.
// A test holds the import lines to this table.

let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")
let systemPackage = Target.Dependency.product(
    name: "SystemPackage", package: "swift-system")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")

let package = Package(
    name: "closeout",
    products: [
        .executable(name: "closeout", targets: ["closeout"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(
            url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2", traits: []),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    ],
    targets: [
        .systemLibrary(
            name: "COpenSSL", pkgConfig: "libcrypto",
            providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
        .target(name: "OpenSSL", dependencies: ["COpenSSL"]),
        .target(name: "Encodings", dependencies: ["OpenSSL"]),
        .target(name: "Files"),
        .target(name: "Manifests", dependencies: ["Files", "Encodings", "OpenSSL"]),
        .target(name: "Signatures", dependencies: ["Encodings", "OpenSSL"]),
        .target(name: "Records", dependencies: ["Signatures", "Encodings", "OpenSSL"]),
        .target(
            name: "Bundles",
            dependencies: ["Records", "Signatures", "Manifests", "Files", "Encodings", "OpenSSL"]),
        .target(
            name: "Verification",
            dependencies: [
                "Bundles", "Records", "Signatures", "Manifests", "Files", "Encodings", "OpenSSL",
            ]),
        .target(
            name: "Decisions",
            dependencies: [
                "Verification", "Bundles", "Records", "Signatures", "Encodings", "OpenSSL",
            ]),
        .target(
            name: "Imports",
            dependencies: ["Decisions", "Verification", "Records", "Encodings", "OpenSSL"]),
        .target(
            name: "Reports",
            dependencies: [
                "Decisions", "Verification", "Records", "Manifests", "Encodings", "OpenSSL",
            ]),
        .executableTarget(
            name: "closeout",
            dependencies: [
                "Reports", "Imports", "Decisions", "Verification", "Bundles", "Records",
                "Signatures", "Manifests", "Files",
                "Encodings", "OpenSSL", argumentParser, subprocess, systemPackage,
            ]),

        .target(
            name: "TestSupport",
            dependencies: ["OpenSSL", "Encodings", "Files", subprocess, systemPackage],
            path: "Tests/TestSupport"),
        .testTarget(name: "OpenSSLTests", dependencies: ["OpenSSL", "TestSupport"]),
        .testTarget(name: "EncodingsTests", dependencies: ["Encodings", "OpenSSL", "TestSupport"]),
        .testTarget(name: "FilesTests", dependencies: ["Files", "TestSupport"]),
        .testTarget(
            name: "ManifestsTests",
            dependencies: ["Manifests", "Files", "Encodings", "OpenSSL", "TestSupport"]),
        .testTarget(
            name: "SignaturesTests",
            dependencies: ["Signatures", "Encodings", "OpenSSL", "TestSupport"]),
        .testTarget(
            name: "RecordsTests",
            dependencies: ["Records", "Signatures", "Encodings", "OpenSSL", "TestSupport"]),
        .testTarget(
            name: "BundlesTests",
            dependencies: [
                "Bundles", "Records", "Signatures", "Manifests", "Files", "Encodings", "OpenSSL",
                "TestSupport",
            ]),
        .testTarget(
            name: "VerificationTests",
            dependencies: [
                "Decisions", "Verification", "Bundles", "Records", "Signatures", "Manifests",
                "Files", "Encodings", "OpenSSL", "TestSupport",
            ]),
        .testTarget(
            name: "DecisionsTests",
            dependencies: [
                "Decisions", "Verification", "Bundles", "Records", "Signatures", "Manifests",
                "Files", "Encodings", "OpenSSL", "TestSupport",
            ]),
        .testTarget(
            name: "ImportsTests",
            dependencies: [
                "Imports", "Decisions", "Verification", "Records", "Encodings", "OpenSSL",
                "TestSupport",
            ]),
        .testTarget(
            name: "ReportsTests",
            dependencies: [
                "Reports", "Verification", "Records", "Signatures", "Manifests", "Encodings",
                "OpenSSL", "TestSupport",
            ],
            exclude: ["Oracles"]),
        .testTarget(
            name: "CommandLineTests",
            dependencies: [
                "closeout", "Reports", "Imports", "Decisions", "Verification", "Bundles", "Records",
                "Signatures", "Manifests",
                "Files", "Encodings", "OpenSSL", "TestSupport",
            ],
            exclude: ["SignatureRows", "Transcripts"]),
        .testTarget(name: "ArchitectureTests", dependencies: ["TestSupport", "Files"]),
    ],
    swiftLanguageModes: [.v6]
)

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

for target in package.targets where target.type != .system {
    target.swiftSettings = settings
}
