// swift-tools-version: 6.2
import PackageDescription

// Seals a release with a signer of its own, in a package that has modules of the names that others would
// pick too, and that asks for older versions of the packages which the program `closeout` uses.

let package = Package(
    name: "SealRelease",
    dependencies: [
        .package(name: "closeout", path: "../.."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.4.0"),
    ],
    targets: [
        .target(name: "COpenSSL"),
        .target(name: "OpenSSL", dependencies: ["COpenSSL"]),
        .target(name: "Files"),
        .target(name: "TestSupport"),
        .executableTarget(
            name: "SealRelease",
            dependencies: [
                "OpenSSL", "Files", "TestSupport",
                .product(name: "Closeout", package: "closeout"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]),
    ]
)
