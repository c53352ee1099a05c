import ServiceHost

// The HTTP API: takes requests, hands claims and creations to the workers, and reads their outcomes.
await ServiceHost.run(role: .apiGateway) { context in
    try GatewayServices(context).make()
}
