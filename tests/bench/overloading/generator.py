"""Calls that begin when their time has come, not when the one before is answered: what a crowd does to a server.

A process of its own that imports nothing of Remit: `python generator.py < plan.json > told.json`. It asks over raw sockets with bytes
that are built once, so that it takes as little as can be of the processors it shares with what is measured, and it tells how much it
took. Each call takes a kept-alive connection that is free, or opens one.

Plan: {host, port, keys, head, tail, seconds} with `head` and `tail` what stands before and after the eight digits of a call's number;
and `rate` (calls a second) and `weights` for calls at random moments, or `connections` that ask again as soon as they are answered.
Told: {calls: [[begun_s, late_ms, key, status, may_come_again, code, took_ms]], seconds, cpu_s}; `begun_s` counts from the first.
"""

import json
import select
import socket
import sys
import time
from random import Random

PATIENCE_S = 30.0
GONE = 0
now = time.perf_counter


class Wire:
    """One connection, one call at a time."""

    __slots__ = ("began", "call", "key", "sock", "told", "unsent")

    def __init__(self, where, loop):
        self.sock = socket.socket()
        self.sock.setblocking(False)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.connect_ex(where)
        self.told, self.unsent, self.call = b"", b"", None
        loop.register(self.sock.fileno(), select.EPOLLIN | select.EPOLLOUT | select.EPOLLET)

    def ask(self, raw):
        self.told, self.unsent, self.began = b"", raw, now()
        self.push()

    def push(self):
        while self.unsent:
            try:
                self.unsent = self.unsent[self.sock.send(self.unsent) :]
            except (BlockingIOError, ConnectionError, OSError):
                return  # sent when the connection is there; one that is gone is seen by reading

    def pull(self):
        """Return (status, may come again, code) when the answer is whole, None before."""
        while True:
            try:
                part = self.sock.recv(65536)
            except BlockingIOError:
                return None
            except OSError:
                part = b""
            if not part:
                return GONE, False, "no answer"
            self.told += part
            head, found, body = self.told.partition(b"\r\n\r\n")
            if found:
                lowered = head.lower()
                length = lowered.partition(b"content-length: ")[2].partition(b"\r\n")[0]
                if len(body) >= int(length):
                    return _read(int(head[9:12]), lowered, body)


def _read(status, head, body):
    if status == 200:
        return status, False, ""
    code = body.partition(b'"code":')[2][:40].decode(errors="replace").strip(' "').split('"')[0]
    return status, b"retry-after:" in head and b"x-should-retry: true" in head, code


class Crowd:
    def __init__(self, plan):
        self.where, self.seconds = (plan["host"], plan["port"]), plan["seconds"]
        self.heads = [plan["head"].replace("KEY", key).encode() for key in plan["keys"]]
        self.tail, self.number = plan["tail"].encode(), plan.get("first", 1)
        self.loop, self.wires, self.free, self.calls = select.epoll(), {}, [], []
        self.waiting, self.began = 0, now()

    def begin(self, key, late_s, wire=None):
        wire = wire or (self.free.pop() if self.free else self._open())
        wire.key, wire.call = key, (now() - self.began, late_s * 1000)
        self.waiting += 1
        wire.ask(b"%b%08d%b" % (self.heads[key], self.number, self.tail))
        self.number += 1

    def _open(self):
        wire = Wire(self.where, self.loop)
        self.wires[wire.sock.fileno()] = wire
        return wire

    def listen(self, wait_s):
        """Take what has come; yield each wire whose call is answered."""
        for number, event in self.loop.poll(max(0.0, wait_s)):
            wire = self.wires[number]
            if wire.unsent and event & select.EPOLLOUT:
                wire.push()
            if not event & (select.EPOLLIN | select.EPOLLHUP | select.EPOLLERR):
                continue
            if wire.call is None:
                self._drop(wire)  # the server ended a connection that nobody used
                continue
            if (answer := wire.pull()) is None:
                continue
            self.calls.append([*wire.call, wire.key, *answer, (now() - wire.began) * 1000])
            self.waiting, wire.call = self.waiting - 1, None
            if answer[0] == GONE:
                self._drop(wire)
            else:
                yield wire

    def _drop(self, wire):
        self.wires.pop(wire.sock.fileno())
        if wire in self.free:
            self.free.remove(wire)
        wire.sock.close()

    def come(self, *, rate, weights, seed=1):
        random, keys = Random(seed), range(len(self.heads))
        due = self.began + random.expovariate(rate)
        while due - self.began < self.seconds:
            while due <= now() and due - self.began < self.seconds:
                self.begin(random.choices(keys, weights)[0], now() - due)
                due += random.expovariate(rate)
            self.free.extend(self.listen(due - now()))
        self._rest()

    def press(self, connections):
        for _ in range(connections):
            self.begin(0, 0.0)
        while now() - self.began < self.seconds:
            for wire in self.listen(0.1):
                self.begin(0, 0.0, wire)
        self._rest()

    def _rest(self):
        until = now() + PATIENCE_S
        while self.waiting and now() < until:
            self.free.extend(self.listen(0.1))
        late = [wire for wire in self.wires.values() if wire.call is not None]
        self.calls.extend([*wire.call, wire.key, GONE, False, "no answer in time", PATIENCE_S * 1000] for wire in late)


def main():
    plan = json.load(sys.stdin)
    crowd, began = Crowd(plan), time.process_time()
    if "rate" in plan:
        crowd.come(rate=plan["rate"], weights=plan["weights"])
    else:
        crowd.press(plan["connections"])
    told = {"calls": crowd.calls, "seconds": now() - crowd.began, "cpu_s": time.process_time() - began}
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
