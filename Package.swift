// swift-tools-version: 6.2
import PackageDescription

// Folders are named for what lives in them; modules have a prefix, so that they collide with none of a
// program that uses the library. The modules and the direction in which they may import:
// docs/architecture.md. A test holds the import lines to that table.

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")
let systemPackage = Target.Dependency.product(
    name: "SystemPackage", package: "swift-system")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")

/// Our modules by the names of their folders.
func ours(_ folders: [String]) -> [Target.Dependency] {
    folders.map { .target(name: "Closeout" + $0) }
}

/// The module of a folder below Sources.
func module(
    _ folder: String, uses folders: [String] = [], resources: [Resource] = []
) -> Target {
    .target(
        name: "Closeout" + folder, dependencies: ours(folders), path: "Sources/" + folder,
        resources: resources, swiftSettings: settings)
}

/// The tests of the module of a folder, which they use with what it builds on.
func tests(_ folder: String, use folders: [String], exclude: [String] = []) -> Target {
    .testTarget(
        name: folder + "Tests", dependencies: ours(folders + ["TestSupport"]), exclude: exclude,
        swiftSettings: settings)
}

let base = ["Encodings", "OpenSSL"]
let inputs = ["Records", "Signatures", "Manifests", "Files"] + base
let verifying = ["Verification", "Bundles"] + inputs

let package = Package(
    name: "closeout",
    products: [
        .executable(name: "closeout", targets: ["CloseoutCommandLine"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(
            url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2", traits: []),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    ],
    targets: [
        .systemLibrary(
            name: "CloseoutCOpenSSL", path: "Sources/COpenSSL", pkgConfig: "libcrypto",
            providers: [.apt(["libssl-dev"])]),
        module("OpenSSL", uses: ["COpenSSL"]),
        module("Encodings", uses: ["OpenSSL"]),
        module("Files"),
        module("Manifests", uses: ["Files"] + base),
        module("Signatures", uses: base),
        module("Records", uses: ["Signatures"] + base),
        module("Bundles", uses: inputs),
        module("Verification", uses: ["Bundles"] + inputs),
        module("Decisions", uses: ["Verification", "Bundles", "Records", "Signatures"] + base),
        module("Interchange", uses: ["Decisions", "Verification", "Records"] + base),
        module("Reports", uses: ["Decisions", "Verification", "Records", "Manifests"] + base),
        module("Workflows", uses: ["Interchange", "Decisions"] + verifying),
        module(
            "Trial", uses: ["Workflows", "Reports", "Decisions"] + verifying,
            resources: [.embedInCode("Scenarios")]),
        .executableTarget(
            name: "CloseoutCommandLine",
            dependencies: ours(
                ["Trial", "Workflows", "Reports", "Interchange", "Decisions"] + verifying)
                + [argumentParser, subprocess, systemPackage],
            path: "Sources/CommandLine", swiftSettings: settings),

        .target(
            name: "CloseoutTestSupport",
            dependencies: ours(["Files"] + base) + [subprocess, systemPackage],
            path: "Tests/TestSupport", swiftSettings: settings),
        tests("OpenSSL", use: ["OpenSSL"]),
        tests("Encodings", use: base),
        tests("Files", use: ["Files"]),
        tests("Manifests", use: ["Manifests", "Files"] + base),
        tests("Signatures", use: ["Signatures"] + base),
        tests("Records", use: ["Records", "Signatures"] + base),
        tests("Bundles", use: ["Bundles"] + inputs),
        tests("Verification", use: ["Decisions"] + verifying),
        tests("Decisions", use: ["Decisions"] + verifying),
        tests("Interchange", use: ["Interchange", "Decisions", "Verification", "Records"] + base),
        tests(
            "Reports",
            use: ["Reports", "Verification", "Records", "Signatures", "Manifests"] + base,
            exclude: ["Oracles"]),
        tests("Trial", use: ["Trial", "Workflows", "Reports", "Decisions"] + verifying),
        tests(
            "CommandLine",
            use: ["CommandLine", "Trial", "Workflows", "Reports", "Interchange", "Decisions"]
                + verifying,
            exclude: ["SignatureRows", "Transcripts"]),
        tests("Workflows", use: ["Workflows", "Decisions"] + verifying),
        tests(
            "Architecture",
            use: ["Trial", "Workflows", "Reports", "Interchange", "Decisions"] + verifying),
    ],
    swiftLanguageModes: [.v6]
)
