// swift-tools-version: 6.2
import PackageDescription

// Verifies a bundle. Without the trait `Tool` the package `closeout` brings nothing else along.

let package = Package(
    name: "VerifyRelease",
    dependencies: [.package(name: "closeout", path: "../..", traits: [])],
    targets: [
        .executableTarget(
            name: "VerifyRelease",
            dependencies: [.product(name: "Closeout", package: "closeout")])
    ]
)
