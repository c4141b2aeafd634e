# SPDX-License-Identifier: GPL-3.0-or-later
"""A proxy for tests that cuts connections: python3 cutting_proxy.py SEED. Prints its port. Commands on standard input:
"target PORT", "cut BYTES" (every connection is cut after a random number of bytes of answers, up to that many), "whole"
(none is). Ends with its standard input."""
import random
import socket
import sys
import threading

chance = random.Random(int(sys.argv[1]))
target = 0
most = 0


def pump(source, sink, left):
    try:
        while True:
            data = source.recv(65536)
            if not data:
                break
            if left is not None:
                data = data[:left]
                left -= len(data)
            sink.sendall(data)
            if left == 0:
                break
    except OSError:
        pass
    for end in (source, sink):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def serve(client):
    try:
        broker = socket.create_connection(("127.0.0.1", target))
    except OSError:
        client.close()
        return
    left = chance.randint(1, most) if most else None
    threading.Thread(target=pump, args=(client, broker, None), daemon=True).start()
    pump(broker, client, left)


def accept(server):
    while True:
        client, _ = server.accept()
        threading.Thread(target=serve, args=(client,), daemon=True).start()


listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
threading.Thread(target=accept, args=(listener,), daemon=True).start()
for line in sys.stdin:
    word, *rest = line.split()
    if word == "target":
        target = int(rest[0])
    most = int(rest[0]) if word == "cut" else 0
    print("done", flush=True)
