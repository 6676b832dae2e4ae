"""Pure ASGI middleware: what every request and every reply passes."""
