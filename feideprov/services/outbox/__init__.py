"""What is sent to providers: mails and webhooks, and the state of each message."""
