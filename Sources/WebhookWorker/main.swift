print("WebhookWorker")
