// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .treatAllWarnings(as: .error),
]

/// Targets that talk to C are also held to strict memory safety: every unsafe expression is marked.
let settingsForC = settings + [.strictMemorySafety()]

func shared(
    _ name: String, _ dependencies: [Target.Dependency] = [], settings: [SwiftSetting] = settings
) -> Target {
    .target(name: name, dependencies: dependencies, path: "Sources/Shared/\(name)", swiftSettings: settings)
}

func role(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// Tests are not optimized: what they test is, and they are built in half the time.
let settingsForTests = settings + [.unsafeFlags(["-Onone"])]

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: settingsForTests)
}

let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let coreMetrics: Target.Dependency = .product(name: "CoreMetrics", package: "swift-metrics")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let httpClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let nio: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioFoundation: Target.Dependency = .product(name: "NIOFoundationCompat", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTPTypes: Target.Dependency = .product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioHTTPTypesHTTP1: Target.Dependency = .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let configuration: Target.Dependency = .product(name: "Configuration", package: "swift-configuration")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "paylinks",
    products: [
        .executable(name: "APIGateway", targets: ["APIGateway"]),
        .executable(name: "ClaimWorker", targets: ["ClaimWorker"]),
        .executable(name: "ExpiryWorker", targets: ["ExpiryWorker"]),
        .executable(name: "SettlementWorker", targets: ["SettlementWorker"]),
        .executable(name: "WebhookWorker", targets: ["WebhookWorker"]),
        .executable(name: "paylinks", targets: ["paylinks"]),
        .library(name: "PaylinksClient", targets: ["PaylinksClient"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.7.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.0.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.80.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.30.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.30.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.1.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.0.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.6.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.15.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.26.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.8.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CLibPQ", path: "Sources/Shared/CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(
            name: "CRabbitMQ", path: "Sources/Shared/CRabbitMQ", pkgConfig: "librabbitmq",
            providers: [.apt(["librabbitmq-dev"])]),
        .systemLibrary(name: "CLinux", path: "Sources/Shared/CLinux"),

        .target(
            name: "PaylinksClient", dependencies: [httpClient, nio, nioFoundation, nioHTTP1, crypto],
            swiftSettings: settings),
        shared("Threading", ["CLinux"], settings: settingsForC),
        shared("Postgres", ["CLibPQ", "CLinux", "Threading", deque, logging, metrics], settings: settingsForC),
        shared("RabbitMQ", ["CRabbitMQ", "CLinux", "Threading", deque, logging, metrics], settings: settingsForC),
        shared("PaymentLinks", ["CLinux"]),
        shared("Sealing", ["PaymentLinks", crypto]),
        shared("Webhooks", ["PaymentLinks", crypto]),
        shared("Storage", ["Postgres", "PaymentLinks", logging]),
        shared("Jobs", ["RabbitMQ", "PaymentLinks", "Sealing", "Threading", logging]),
        shared("Relay", ["Storage", "Jobs", logging, metrics]),
        shared("Consuming", ["Storage", "Jobs", "RabbitMQ", "PaymentLinks", "Threading", lifecycle, logging, metrics]),
        shared("HTTPServing", [hummingbirdCore, nio, nioHTTP1, nioHTTPTypes, nioHTTPTypesHTTP1, logging]),
        shared("ServiceHost", ["HTTPServing", hummingbird, nio, lifecycle, configuration, logging, metrics]),
        shared("PrivateServers", ["Threading"]),
        shared("Nacha"),

        role(
            "APIGateway",
            [
                "PaymentLinks", "Sealing", "Storage", "Jobs", "Relay", "ServiceHost", "HTTPServing", "Threading",
                "Webhooks",
                hummingbird, nio, nioHTTP1, nioHTTPTypes, nioHTTPTypesHTTP1, lifecycle, logging, metrics, yams,
            ]),
        role(
            "ClaimWorker",
            [
                "PaymentLinks", "Postgres", "RabbitMQ", "Storage", "Jobs", "Relay", "Consuming", "ServiceHost",
                "Threading", lifecycle, logging, metrics,
            ]),
        role(
            "ExpiryWorker",
            [
                "PaymentLinks", "Postgres", "RabbitMQ", "Storage", "Jobs", "Relay", "ServiceHost", lifecycle, logging,
                metrics,
            ]),
        role(
            "SettlementWorker",
            [
                "PaymentLinks", "RabbitMQ", "Sealing", "Jobs", "Consuming", "ServiceHost", "Threading", lifecycle,
                logging, metrics,
            ]),
        role(
            "WebhookWorker",
            [
                "PaymentLinks", "Postgres", "RabbitMQ", "Sealing", "Storage", "Jobs", "Consuming", "ServiceHost",
                "Webhooks", deque, httpClient, nio, nioPosix, nioHTTP1, nioSSL, lifecycle, logging, metrics,
            ]),
        role(
            "paylinks",
            [
                "PaymentLinks", "Sealing", "Storage", "Postgres", "RabbitMQ", "Jobs", "ServiceHost", "HTTPServing",
                "PrivateServers",
                "Webhooks", argumentParser, httpClient, hummingbird, nio, nioFoundation, nioHTTP1, logging,
            ]),

        .target(
            name: "TestSupport",
            dependencies: [
                "PaymentLinks", "Postgres", "RabbitMQ", "Storage", "Jobs", "Sealing", "PrivateServers", httpClient,
                logging, yams,
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
                nioPosix, nioSSL,
            ],
            path: "Tests/TestSupport", swiftSettings: settingsForTests),
        tests(
            "IntegrationTests",
            [
                "TestSupport", "PaymentLinks", "Postgres", "RabbitMQ", "Storage", "Jobs", "Sealing", "PrivateServers",
                "Webhooks", "ServiceHost", "PaylinksClient",
            ]),
        tests("PaymentLinksTests", ["PaymentLinks"]),
        tests("HTTPServingTests", ["HTTPServing", nio, nioHTTP1, .product(name: "NIOEmbedded", package: "swift-nio")]),
        tests(
            "APIGatewayTests",
            [
                "APIGateway", "PaymentLinks", "Storage", "Postgres", "Jobs", "Sealing", "ServiceHost", "Threading",
                hummingbird, logging, nio, nioHTTP1, yams,
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ]),
        tests(
            "PaylinksClientTests", ["PaylinksClient", "PaymentLinks", "TestSupport", "Webhooks", httpClient, crypto]),
        tests("JobsTests", ["Jobs", "PaymentLinks", "RabbitMQ", "Relay", "Sealing", "Threading", "TestSupport"]),
        tests("ThreadingTests", ["Threading"]),
        tests("SealingTests", ["Sealing", "PaymentLinks"]),
        tests("StorageTests", ["Storage", "PaymentLinks", "Postgres", "RabbitMQ", "Jobs", "Relay", logging]),
        tests("WebhooksTests", ["PaymentLinks", "Webhooks"]),
        tests(
            "WebhookWorkerTests",
            ["WebhookWorker", "PaymentLinks", "Storage", "TestSupport", "Webhooks", nio, nioPosix]),
        tests("PostgresTests", ["Postgres", "PrivateServers", logging]),
        tests("RabbitMQTests", ["RabbitMQ", "PrivateServers", logging]),
        tests(
            "ServiceHostTests", ["ServiceHost", httpClient, lifecycle, logging, metrics, coreMetrics, nio, nioHTTP1]),
        tests(
            "SettlementWorkerTests",
            [
                "SettlementWorker", "PaymentLinks", "Sealing", "Jobs", "RabbitMQ", "Consuming", "ServiceHost", logging,
                coreMetrics,
            ]),
        tests(
            "ConsumingTests",
            ["Consuming", "PaymentLinks", "Storage", "Postgres", "Jobs", "RabbitMQ", logging, metrics]),
        tests("PrivateServersTests", ["PrivateServers"]),
        .testTarget(
            name: "NachaTests", dependencies: ["Nacha"], exclude: ["Golden", "CrossCheck"],
            swiftSettings: settingsForTests),
        tests("DocumentationTests", ["ServiceHost", "PrivateServers", "TestSupport", yams]),
    ],
    swiftLanguageModes: [.v6]
)

// The bench's own programs, which nobody needs in order to build, run or test the product: bench/setup asks for them.
if Context.environment["PAYLINKS_BENCH"] != nil {
    let histogram: Target.Dependency = .product(name: "Histogram", package: "hdrhistogram-swift")
    package.dependencies.append(.package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"))
    package.targets += [
        .systemLibrary(name: "CEpoll", path: "bench/CEpoll"),
        .executableTarget(
            name: "LoadGenerator", dependencies: ["CEpoll", "PaylinksClient", httpClient, histogram, argumentParser],
            path: "bench/LoadGenerator",
            swiftSettings: settings),
        .executableTarget(
            name: "NachaFigures", dependencies: ["Nacha"], path: "bench/NachaFigures", swiftSettings: settings),
        .executableTarget(
            name: "BrokerLimit", dependencies: ["RabbitMQ", logging, argumentParser], path: "bench/BrokerLimit",
            swiftSettings: settings),
    ]
}
