"""What puts servers behind nginx: its configuration, compose, systemd, Kubernetes, and a command for none of these."""
