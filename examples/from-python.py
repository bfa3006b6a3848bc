"""Chats with the gateway from Python: an ordinary answer, and one that streams. Needs nothing but the standard library.

With OpenAI's own package it is what you have already, with another address:

    client = OpenAI(base_url=f"{GATEWAY}/v1", api_key="your key for the gateway")
    client.chat.completions.create(model="openai/gpt-4o-mini", messages=[...])
"""

import json
import os
import urllib.request

GATEWAY = os.environ.get("GATEWAY_URL", "http://127.0.0.1:8080")


def ask(question: str, stream: bool = False):
    body = {
        "model": "openai/gpt-4o-mini",
        "fallbacks": ["anthropic/claude-haiku-4-5"],
        "messages": [{"role": "user", "content": question}],
        "stream": stream,
    }
    headers = {"content-type": "application/json", "authorization": "Bearer your-key-for-the-gateway"}
    request = urllib.request.Request(f"{GATEWAY}/v1/chat/completions", json.dumps(body).encode(), headers)
    return urllib.request.urlopen(request)


with ask("Summarize this ticket.") as response:
    answer = json.load(response)
    print(answer["choices"][0]["message"]["content"])
    print("answered by", answer["extra_fields"]["provider"], "after", len(answer["extra_fields"]["attempts"]), "attempts")

with ask("Summarize this ticket.", stream=True) as response:
    for line in response:
        if line.startswith(b"data: {"):
            choices = json.loads(line[6:])["choices"]
            print(choices[0]["delta"].get("content") or "" if choices else "", end="")
print()
