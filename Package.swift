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

/// Tests run optimised modules, and are not optimised themselves: that would take longer than it saves.
let testSettings = settings + [.unsafeFlags(["-Onone"], .when(configuration: .release))]

/// What others wrote is for the programs and for tests: without the trait none of it is fetched.
func others(
    _ product: String, _ package: String, traits: Set<String> = ["Tool"]
) -> Target.Dependency {
    .product(name: product, package: package, condition: .when(traits: traits))
}

let argumentParser = others("ArgumentParser", "swift-argument-parser")
let systemPackage = others("SystemPackage", "swift-system")
let subprocess = others("Subprocess", "swift-subprocess")
/// The courier speaks to receivers, and the console to whoever says who a person is.
let networking: Set = ["Courier", "Console"]
let network = [
    others("AsyncHTTPClient", "async-http-client", traits: networking),
    others("NIOCore", "swift-nio", traits: networking),
    others("NIOHTTP1", "swift-nio", traits: networking),
    others("NIOPosix", "swift-nio", traits: networking),
    others("NIOTLS", "swift-nio", traits: networking),
    others("NIOSSL", "swift-nio-ssl", traits: networking),
]
func database(trait: String) -> Target.Dependency {
    others("GRDB", "GRDB.swift", traits: [trait])
}
let web = [
    others("Hummingbird", "hummingbird", traits: ["Console"]),
    others("HummingbirdCore", "hummingbird", traits: ["Console"]),
    others("HummingbirdTLS", "hummingbird", traits: ["Console"]),
    others("HTTPTypes", "swift-http-types", traits: ["Console"]),
    others("Logging", "swift-log", traits: ["Console"]),
    others("Mustache", "swift-mustache", traits: ["Console"]),
    others("NIOHTTPTypes", "swift-nio-extras", traits: ["Console"]),
    others("ServiceLifecycle", "swift-service-lifecycle", traits: ["Console"]),
]

/// For modules of the programs into which a test looks.
let testable = settings + [.unsafeFlags(["-enable-testing"])]

/// The same where nothing is computed for long: less code, and a smaller program.
let small = testable + [.unsafeFlags(["-Osize"], .when(configuration: .release))]

/// Our modules by the names of their folders.
func ours(_ folders: [String]) -> [Target.Dependency] {
    folders.map { .target(name: "Closeout" + $0) }
}

/// The module of a folder below Sources.
func module(
    _ folder: String, uses folders: [String] = [], _ others: [Target.Dependency] = [],
    resources: [Resource] = [], swiftSettings: [SwiftSetting] = settings
) -> Target {
    .target(
        name: "Closeout" + folder, dependencies: ours(folders) + others,
        path: "Sources/" + folder, resources: resources, swiftSettings: swiftSettings)
}

/// The program of a folder below Sources.
func program(
    _ folder: String, uses folders: [String], _ others: [Target.Dependency] = []
) -> Target {
    .executableTarget(
        name: "Closeout" + folder, dependencies: ours(folders) + others,
        path: "Sources/" + folder, swiftSettings: settings)
}

/// The tests of the module of a folder, which they use with what it builds on.
func tests(
    _ folder: String, use folders: [String], _ others: [Target.Dependency] = [],
    exclude: [String] = []
) -> Target {
    .testTarget(
        name: folder + "Tests", dependencies: ours(folders + ["TestSupport"]) + others,
        exclude: exclude, swiftSettings: testSettings)
}

let base = ["Encodings", "OpenSSL"]
let inputs = ["Records", "Signatures", "Manifests", "Files"] + base
let verifying = ["Verification", "Bundles"] + inputs

let package = Package(
    name: "closeout",
    products: [
        .library(name: "Closeout", targets: ["Closeout"]),
        .executable(name: "closeout", targets: ["CloseoutProgram"]),
        .executable(name: "closeout-courier", targets: ["CloseoutCourier"]),
        .executable(name: "closeout-console", targets: ["CloseoutConsoleProgram"]),
    ],
    traits: [
        .default(enabledTraits: ["Tool", "Courier", "Console"]),
        .trait(name: "Tool", description: "The program `closeout`, with all that it depends on."),
        .trait(
            name: "Courier",
            description: "The program `closeout-courier`, with all that it depends on."),
        .trait(
            name: "Console",
            description: "The program `closeout-console`, with all that it depends on."),
    ],
    // The lower bounds are the oldest versions that are built and tested.
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CloseoutCOpenSSL", path: "Sources/COpenSSL", pkgConfig: "libcrypto",
            providers: [.apt(["libssl-dev"])]),
        .systemLibrary(
            name: "CloseoutCZlib", path: "Sources/CZlib", pkgConfig: "zlib",
            providers: [.apt(["zlib1g-dev"])]),
        module("OpenSSL", uses: ["COpenSSL"]),
        module("Encodings", uses: ["OpenSSL"]),
        module("Files"),
        module("Outbound", uses: base, network),
        module("Manifests", uses: ["Files"] + base),
        module("Signatures", uses: base),
        module("Records", uses: ["Signatures"] + base),
        module("Bundles", uses: inputs),
        module("Verification", uses: ["Bundles"] + inputs),
        module("Decisions", uses: ["Verification", "Bundles", "Records", "Signatures"] + base),
        module("Interchange", uses: ["Decisions", "Verification", "Records"] + base),
        module(
            "Reports",
            uses: ["Decisions", "Verification", "Bundles", "Records", "Signatures", "Manifests"]
                + base, resources: [.embedInCode("SelfVerifying")]),
        module("Workflows", uses: ["Interchange", "Decisions"] + verifying),
        module(
            "Delivery", uses: ["CZlib", "Outbound", "Workflows", "Decisions"] + verifying,
            [database(trait: "Courier")] + network),
        module("Index", uses: ["Workflows"] + verifying, [database(trait: "Console")]),
        module(
            "Trial", uses: ["Workflows", "Reports", "Decisions"] + verifying,
            resources: [.embedInCode("Scenarios")], swiftSettings: small),
        .target(
            name: "Closeout",
            dependencies: ours(["Workflows", "Reports", "Decisions"] + verifying),
            swiftSettings: settings),
        module(
            "CommandLine",
            uses: ["Trial", "Workflows", "Reports", "Interchange", "Decisions"] + verifying,
            [argumentParser, subprocess, systemPackage],
            swiftSettings: small),
        program("Program", uses: ["CommandLine"]),
        program(
            "Courier",
            uses: [
                "CommandLine", "Delivery", "Outbound", "Trial", "Workflows", "Reports", "Decisions",
            ] + verifying, [argumentParser, subprocess, systemPackage] + network),
        module(
            "Console",
            uses: [
                "Index", "Outbound", "Trial", "Workflows", "Reports", "Interchange", "Decisions",
            ]
                + verifying,
            web + network, resources: [.embedInCode("Templates")], swiftSettings: testable),
        program(
            "ConsoleProgram",
            uses: [
                "Console", "Index", "CommandLine", "Outbound", "Trial", "Workflows", "Reports",
                "Decisions",
            ] + verifying, [argumentParser, subprocess, systemPackage] + web + network),

        .target(
            name: "CloseoutTestSupport",
            dependencies: ours(["Files"] + base) + [subprocess, systemPackage],
            path: "Tests/TestSupport", swiftSettings: testSettings),
        tests("OpenSSL", use: ["OpenSSL"]),
        tests("Encodings", use: base),
        tests("Files", use: ["Files"]),
        tests("Outbound", use: ["Outbound"] + base, exclude: ["Receiver/receiver.py"]),
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
                + verifying, [argumentParser],
            exclude: ["Pages", "SignatureRows", "Transcripts"]),
        tests("Workflows", use: ["Workflows", "Decisions"] + verifying),
        tests("Courier", use: ["Courier", "CommandLine", "Program"] + base),
        tests(
            "Console",
            use: ["Console", "Index", "Outbound", "Trial", "Workflows", "Reports", "Decisions"]
                + verifying,
            exclude: ["Oracles"]),
        tests(
            "Index", use: ["Index", "Trial", "Workflows", "Reports", "Decisions"] + verifying),
        tests(
            "Delivery", use: ["Delivery", "Outbound", "Workflows", "Decisions"] + verifying,
            exclude: ["Sending/relay.py"]),
        .testTarget(
            name: "CloseoutTests", dependencies: ["Closeout"] + ours(["TestSupport"]),
            swiftSettings: testSettings),
        tests(
            "Architecture",
            use: ["Trial", "Workflows", "Reports", "Interchange", "Decisions"] + verifying,
            ["Closeout"]),
    ],
    swiftLanguageModes: [.v6]
)

// Every module names all of ours that are below it: a module is compiled anew only where one that it names has
// changed, and a type of a module between can hold values from further below (findings/).
let below = Dictionary(
    uniqueKeysWithValues: package.targets.map { target in
        (target.name, target.dependencies.compactMap(\.nameOfOurs))
    })
for target in package.targets where target.type != .system {
    let direct = Set(target.dependencies.compactMap(\.nameOfOurs))
    var named = direct
    var rest = Array(named)
    while let name = rest.popLast() {
        for further in below[name] ?? [] where named.insert(further).inserted {
            rest.append(further)
        }
    }
    // In order, since what is asked of the compiler in another order is compiled anew.
    target.dependencies += named.subtracting(direct).sorted().map { .target(name: $0) }
}

extension Target.Dependency {
    var nameOfOurs: String? {
        switch self {
        case .targetItem(let name, _), .byNameItem(let name, _): name
        default: nil
        }
    }
}

// CLOSEOUT_TESTS names a module whose tests are built with what they use, and nothing else: OpenSSL by
// scripts/test-sanitizer, Outbound by whoever works on it.
if let folder = Context.environment["CLOSEOUT_TESTS"], !folder.isEmpty {
    let modules =
        ["COpenSSL", "OpenSSL", "Encodings", "Files", "TestSupport", folder]
        + (["Delivery", "Courier", "Index"].contains(folder)
            ? ["CZlib", "Outbound", "Workflows", "Interchange", "Decisions"] + verifying : [])
        + (folder == "Courier"
            ? ["Delivery", "Trial", "Reports", "CommandLine", "Program"]
            : folder == "Index" ? ["Trial", "Reports"] : [])
    let names = modules.map { "Closeout" + $0 } + [folder + "Tests"]
    package.products = []
    package.targets.removeAll { !names.contains($0.name) }
}
