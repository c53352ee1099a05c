print("APIGateway")
