"""What leaves for providers: mails, webhooks, and what became of each."""
