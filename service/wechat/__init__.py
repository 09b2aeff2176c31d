"""WeChat: a thin client for the endpoints we call. Knows nothing of people or messages."""
