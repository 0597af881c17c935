"""Good requests of every endpoint, and mutations of them by a seeded random generator."""

import copy
import dataclasses
import json
import posixpath
import random
import urllib.parse

from matrix import V3, Client, quote

TIMEOUT_SECONDS = 30
METHODS = ["GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS"]
VALUES = [
    None, True, False, 0, -1, 1.5, 1e300, 2**53, -(2**63), 2**64, 10**40, "", " ", "\x00", "\ud800", "\u202e", "💥",
    "x" * 300, "x" * 70_000, "@", "@:", "@nobody", "@nobody:nowhere", "!", "!nowhere:nowhere", "#", "#a:b", "$", "$x",
    "m.room.message", "../..", "%00", "'; --", "{}", "1", "-1", [], {}, [[]], [None], {"": ""}, {"a": {"a": {"a": []}}},
    [1, "a", None], {"membership": "join"}, "null", "true",
]  # fmt: skip
SEGMENTS = [
    "", ".", "..", "%00", "%2F", "%20", "%25", "%C3%28", "%F0%9F%92%A5", "%EF%BF%BF", "nonsense", "!", "!nowhere:nowhere",
    "%21nowhere%3Anowhere", "@nobody:nowhere", "%23nowhere%3Anowhere", "%24nowhere", "x" * 300, "x" * 3000, "-1", "null",
    "m.room.create", "a;b=c", "a%3Bb", "*", "~",
]  # fmt: skip
# Invalid HTTP: the HTTP server itself may answer 400, 404 or 414, but must not fail.
BEYOND_MATRIX = ("/%", "//", "/.", "%00", "%2F", "%25", "%C3%28", ";", "x" * 3000)
QUERY_VALUES = ["", "-1", "0", "1", "abc", "1.5", "null", "true", "[]", "{}", "%00", "💥", "'", "x" * 300, "{", '{"room":5}']


@dataclasses.dataclass
class Request:
    method: str
    path: str
    body: bytes
    headers: dict
    beyond_matrix: bool = False

    def __str__(self):
        body = self.body if len(self.body) < 300 else self.body[:300] + b"..."
        return f"{self.method} {self.path[:300]} {body!r}"


class Town:
    """The users and rooms of one thread of a fuzz. It may do anything to them, except lose access to `rooms`."""

    def __init__(self, url, name):
        self.owner = Client.register(url, name)
        self.guest = Client.register(url, name + "-guest")
        self.rooms = [self.owner.create_room(preset="public_chat", name=f"{name} {number}") for number in range(3)]
        self.politics = self.owner.create_room(preset="public_chat")
        for room in self.rooms:
            self.guest.join(room)
        self.event = self.owner.send(self.rooms[0], "first", "hello")
        self.since = self.owner.sync()["next_batch"]
        self.corpus = list(self.good_requests())
        self.weights = [weight for weight, *_ in self.corpus]

    def good_requests(self):
        """Yields weight, method, path and body. Requests that hash a password are slow, so they are rare."""
        room, politics, event = quote(self.rooms[0]), quote(self.politics), quote(self.event)
        other = quote(self.rooms[1])
        user, guest = quote(self.owner.user_id), self.guest.user_id
        message = {"msgtype": "m.text", "body": "hello", "m.mentions": {"user_ids": [guest]}}
        password = {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": "nobody"}, "password": "x"}
        yield 30, "PUT", f"/rooms/{room}/send/m.room.message/txn", message
        yield 10, "PUT", f"/rooms/{other}/send/m.reaction/txn", {"m.relates_to": {"event_id": self.event, "key": "+"}}
        yield 10, "PUT", f"/rooms/{room}/redact/{event}/txn", {"reason": "none"}
        yield 10, "PUT", f"/rooms/{room}/state/m.room.topic/", {"topic": "a topic"}
        yield 10, "PUT", f"/rooms/{other}/state/org.example/key", {"a": {"b": [1, "c"]}}
        yield 10, "PUT", f"/rooms/{politics}/state/m.room.power_levels", {"users": {guest: 50}, "ban": 50, "events": {"a": 1}}
        yield 5, "PUT", f"/rooms/{politics}/state/m.room.join_rules", {"join_rule": "public"}
        yield 5, "PUT", f"/rooms/{politics}/state/m.room.history_visibility", {"history_visibility": "shared"}
        yield 5, "PUT", f"/rooms/{politics}/state/m.room.canonical_alias", {"alias": None, "alt_aliases": []}
        yield 5, "PUT", f"/rooms/{politics}/state/m.room.member/{quote(guest)}", {"membership": "invite"}
        for action in ("invite", "kick", "ban", "unban"):
            yield 5, "POST", f"/rooms/{politics}/{action}", {"user_id": guest, "reason": "none"}
        yield 5, "POST", f"/rooms/{politics}/join", {"reason": "none"}
        yield 5, "POST", f"/join/{politics}", {}
        yield 2, "POST", f"/rooms/{politics}/leave", {"reason": "none"}
        yield 2, "POST", f"/rooms/{politics}/forget", {}
        yield 10, "POST", "/createRoom", {
            "preset": "private_chat", "visibility": "private", "name": "a room", "topic": "a topic", "invite": [guest],
            "room_version": "11", "creation_content": {"m.federate": False}, "is_direct": True, "invite_3pid": [],
            "initial_state": [{"type": "org.example", "state_key": "", "content": {"a": 1}}],
            "power_level_content_override": {"events_default": 0, "users_default": 0},
        }  # fmt: skip
        yield 20, "GET", "/sync", {"timeout": "0"}
        yield 20, "GET", "/sync", {"timeout": "0", "since": self.since, "filter": '{"room":{"timeline":{"limit":5}}}'}
        yield 5, "GET", "/sync", {"timeout": "0", "since": self.since, "full_state": "true", "set_presence": "offline"}
        yield 20, "GET", f"/rooms/{room}/messages", {"dir": "b", "limit": "10", "filter": '{"types":["m.room.message"]}'}
        yield 5, "GET", f"/rooms/{room}/messages", {"dir": "f", "from": self.since}
        yield 10, "GET", f"/rooms/{room}/context/{event}", {"limit": "5"}
        for rest in (f"event/{event}", "state", "state/m.room.name/", "members", "joined_members", "aliases"):
            yield 5, "GET", f"/rooms/{room}/{rest}", {}
        yield 3, "GET", f"/rooms/{room}/members", {"at": self.since, "membership": "join", "not_membership": "leave"}
        for path in ("/joined_rooms", "/account/whoami", "/devices", "/capabilities", "/login", "/publicRooms"):
            yield 2, "GET", path, {}
        yield 3, "POST", "/publicRooms", {"limit": 3, "filter": {"generic_search_term": "x"}}
        yield 3, "GET", "/register/available", {"username": "somebody"}
        yield 5, "PUT", f"/profile/{user}/displayname", {"displayname": "A name"}
        yield 5, "PUT", f"/profile/{user}/avatar_url", {"avatar_url": "mxc://example.org/abc"}
        yield 3, "GET", f"/profile/{user}", {}
        yield 5, "PUT", f"/user/{user}/account_data/org.example", {"a": 1}
        yield 3, "GET", f"/user/{user}/account_data/org.example", {}
        yield 5, "PUT", f"/user/{user}/rooms/{room}/account_data/org.example", {"a": 1}
        yield 5, "PUT", f"/user/{user}/rooms/{room}/tags/u.tag", {"order": 0.5}
        yield 2, "GET", f"/user/{user}/rooms/{room}/tags", {}
        yield 2, "DELETE", f"/user/{user}/rooms/{room}/tags/u.tag", {}
        yield 8, "POST", f"/user/{user}/filter", {
            "event_fields": ["content"], "room": {"timeline": {"limit": 5, "types": ["m.*"], "lazy_load_members": True}},
        }  # fmt: skip
        yield 2, "GET", f"/user/{user}/filter/0", {}
        alias = quote("#" + self.owner.user_id[1:])
        yield 3, "PUT", f"/directory/room/{alias}", {"room_id": self.rooms[0]}
        yield 3, "GET", f"/directory/room/{alias}", {}
        yield 2, "DELETE", f"/directory/room/{alias}", {}
        yield 2, "PUT", f"/directory/list/room/{room}", {"visibility": "public"}
        yield 2, "PUT", "/devices/nowhere", {"display_name": "a device"}
        yield from self.accounts(user, guest)
        delayed = "/../unstable/org.matrix.msc4140"
        delay = "?org.matrix.msc4140.delay=5000"
        yield 5, "PUT", f"/rooms/{room}/send/m.room.message/txn{delay}", message
        yield 5, "PUT", f"/rooms/{other}/state/org.example/key{delay}", {"a": {"b": [1, "c"]}}
        sticky = "org.matrix.msc4354.sticky_duration_ms=60000"
        yield 5, "PUT", f"/rooms/{room}/send/m.room.message/txn?{sticky}", message
        yield 5, "PUT", f"/rooms/{other}/state/org.example/key?{sticky}", {"a": 1}
        yield 5, "PUT", f"/rooms/{room}/send/m.room.message/txn{delay}&{sticky}", message
        yield 3, "PUT", f"/rooms/{other}/state/m.room.policy/", {"via": "policy.example.org", "public_keys": {"ed25519": "AAAA"}}
        yield 5, "PUT", f"{delayed}/rooms/{room}/delayed_event/org.example/txn", {
            "delay_ms": 5000, "state_key": "key", "content": {"a": 1},
        }  # fmt: skip
        for action in ("", "/restart", "/cancel", "/send"):
            yield 3, "POST", f"{delayed}/delayed_events/nothing{action}", {"action": "restart"}
        yield 3, "GET", f"{delayed}/delayed_events", {}
        yield 3, "GET", f"{delayed}/delayed_events/nothing", {}
        yield 3, "POST", f"/rooms/{room}/report/{event}", {"reason": "none", "score": -10}
        yield 3, "POST", f"/rooms/{room}/report", {"reason": "none"}
        yield 3, "POST", f"/users/{quote(guest)}/report", {"reason": "none"}
        yield 2, "GET", "/../../../_synapse/admin/v1/event_reports", {"from": "0", "limit": "5", "dir": "b"}
        yield from self.administration(room, quote("!none:" + self.owner.user_id.split(":", 1)[1]), event)
        yield 3, "POST", f"/knock/{politics}", {"reason": "none"}
        yield 3, "POST", f"/rooms/{politics}/upgrade", {"new_version": "11"}
        yield 1, "POST", "/register", {"username": "fuzz", "password": "x", "auth": {"type": "m.login.dummy"}}
        yield 1, "POST", "/login", password

    def administration(self, room, none, event):
        """Requests of administrators about rooms. None of them takes away a room that the others are about."""
        admin = "/../../../_synapse/admin"
        yield 2, "POST", f"{admin}/v1/purge_history/{none}/{event}", {"delete_local_events": True}
        yield 3, "POST", f"{admin}/v1/purge_history/{none}", {"purge_up_to_ts": 1, "purge_up_to_event_id": None}
        yield 2, "POST", f"{admin}/v1/purge_history/{room}", {"purge_up_to_event_id": "$none"}
        yield 2, "GET", f"{admin}/v1/purge_history_status/none", {}
        yield 3, "DELETE", f"{admin}/v1/rooms/{none}", {
            "block": False, "message": "a", "room_name": "b", "new_room_user_id": None, "purge": True, "force_purge": True,
        }  # fmt: skip
        yield 3, "DELETE", f"{admin}/v2/rooms/{none}", {"block": True, "new_room_user_id": "@nobody:elsewhere"}
        yield 2, "GET", f"{admin}/v2/rooms/{none}/delete_status", {}
        yield 2, "GET", f"{admin}/v2/rooms/delete_status/none", {}
        yield 3, "PUT", f"{admin}/v1/rooms/{none}/block", {"block": True}
        yield 2, "GET", f"{admin}/v1/rooms/{none}/block", {}
        yield 3, "GET", f"{admin}/v1/rooms", {
            "from": "0", "limit": "5", "order_by": "size", "dir": "b", "search_term": "a", "public_rooms": "true",
        }  # fmt: skip
        yield 3, "POST", f"{admin}/v1/rooms/{room}/make_room_admin", {"user_id": "@nobody:elsewhere"}
        yield 2, "GET", f"{admin}/v1/rooms/{room}", {}
        yield 2, "GET", f"{admin}/v1/rooms/{room}/members", {}
        yield 2, "GET", f"{admin}/v1/rooms/{room}/state", {"type": "m.room.name"}
        yield 3, "GET", f"{admin}/v1/rooms/{room}/messages", {"dir": "b", "from": self.since, "limit": "5"}
        yield 2, "GET", f"{admin}/v1/rooms/{room}/context/{event}", {"limit": "5"}
        yield 2, "GET", f"{admin}/v1/rooms/{room}/timestamp_to_event", {"ts": "1", "dir": "f"}

    def accounts(self, user, guest):
        """Requests about accounts, none of which ends the session of whoever sends it."""
        threepid = {"client_secret": "secret", "sid": "none", "medium": "email", "address": "a@example.org"}
        auth = {"auth": {"type": "m.login.password", "session": "none", "password": "x"}}
        token = {"email": "a@example.org", "client_secret": "secret", "send_attempt": 1, "next_link": "https://example.org/"}
        phone = {"country": "GB", "phone_number": "+447700900001", "client_secret": "secret", "send_attempt": 1}
        for purpose in ("register", "account/password", "account/3pid"):
            yield 2, "POST", f"/{purpose}/email/requestToken", token
            yield 2, "POST", f"/{purpose}/msisdn/requestToken", phone
        yield 2, "POST", "/../unstable/add_threepid/msisdn/submit_token", threepid | {"token": "123456"}
        yield 2, "GET", "/account/3pid", {}
        yield 3, "POST", "/account/3pid", {"three_pid_creds": threepid}
        yield 3, "POST", "/account/3pid/add", threepid | auth
        yield 3, "POST", "/account/3pid/bind", threepid | {"id_server": "no server", "id_access_token": "token"}
        yield 3, "POST", "/account/3pid/unbind", threepid | {"id_server": "localhost:1"}
        yield 3, "POST", "/account/3pid/delete", threepid
        yield 3, "POST", "/account/password", auth | {"new_password": "another", "logout_devices": False}
        yield 2, "POST", "/account/deactivate", auth | {"erase": False}
        yield 2, "POST", "/delete_devices", auth | {"devices": ["NONE"]}
        yield 2, "GET", "/devices/nowhere", {}
        yield 2, "POST", "/refresh", {"refresh_token": "myr_none"}
        yield 2, "POST", "/login", {"type": "m.login.token", "token": "none.none.1.none"}
        yield 2, "POST", "/../v1/login/get_token", auth
        yield 2, "POST", f"/user/{user}/openid/request_token", {}
        yield 2, "GET", "/../../federation/v1/openid/userinfo", {"access_token": "none"}
        yield 2, "GET", "/../v1/register/m.login.registration_token/validity", {"token": "none"}
        yield 2, "GET", "/login/sso/redirect", {"redirectUrl": "https://example.org/#/a"}
        yield 2, "GET", "/voip/turnServer", {}
        yield 2, "GET", "/pushrules/", {}
        yield 3, "PUT", f"/profile/{user}/org.example.field", {"org.example.field": {"a": [1.5]}}
        yield 2, "GET", f"/admin/whois/{user}", {}
        admin = "/../../../_synapse/admin"
        yield 2, "GET", f"{admin}/v1/register", {}
        yield 3, "POST", f"{admin}/v1/register", {
            "nonce": "none", "username": "x", "password": "secret", "admin": False, "mac": "00",
        }  # fmt: skip
        yield 2, "GET", f"{admin}/v2/users", {"from": "0", "limit": "5", "dir": "b", "order_by": "name", "name": "a"}
        yield 2, "GET", f"{admin}/v3/users", {"deactivated": "true", "locked": "true", "guests": "false"}
        yield 2, "GET", f"{admin}/v2/users/{user}", {}
        yield 3, "PUT", f"{admin}/v2/users/{quote(guest)}", {
            "password": "secret", "displayname": "x", "threepids": [{"medium": "email", "address": "a@example.org"}],
        }  # fmt: skip
        yield 2, "POST", f"{admin}/v1/users/{quote(guest)}/login", {"valid_until_ms": 1}
        yield 2, "PUT", f"{admin}/v1/users/{quote(guest)}/admin", {"admin": False}
        yield 2, "POST", f"{admin}/v1/reset_password/{quote(guest)}", {"new_password": "another"}
        yield 2, "POST", f"{admin}/v1/deactivate/{quote(guest)}", {"erase": False}
        yield 2, "GET", f"{admin}/v2/users/{user}/devices", {}
        yield 2, "POST", f"{admin}/v1/registration_tokens/new", {"token": "x", "uses_allowed": 1, "expiry_time": None}
        yield 2, "PUT", f"{admin}/v1/send_server_notice/txn", {"user_id": guest, "content": {"body": "x"}}

    def mutated(self, seed):
        """The request for a seed; it is the same each time except for the IDs in it."""
        generator = random.Random(seed)
        _, method, path, content = generator.choices(self.corpus, self.weights)[0]
        takes_body = method in ("PUT", "POST")
        query = {} if takes_body else dict(content)
        body = json.dumps(content).encode() if takes_body else b""
        path = V3 + path.replace("/txn", f"/t{seed.replace('/', '-')}")
        path = posixpath.normpath(path) if "/../" in path else path
        headers = self.owner.headers()
        kinds = ["path", "method", "headers"] + (["json"] * 6 + ["bytes"] * 3 if takes_body else ["query"] * 5)
        for kind in generator.sample(kinds, 2 if generator.random() < 0.2 else 1):
            if kind == "path":
                path = mutated_path(generator, path)
            elif kind == "method":
                method = generator.choice(METHODS)
            elif kind == "headers":
                headers = mutated_headers(generator, headers)
            elif kind == "query":
                query = mutated_query(generator, query)
            elif kind == "json":
                body = mutated_json(generator, content)
            else:
                body = mutated_bytes(generator, body)
        beyond = any(part in path for part in BEYOND_MATRIX) or method in ("HEAD", "OPTIONS")
        if query:
            path += "?" + urllib.parse.urlencode(query)
        return Request(method, path, body, headers, beyond)


def mutated_path(generator, path):
    segments = path.split("/")
    at = generator.randrange(3, len(segments))
    match generator.randrange(3):
        case 0:
            segments[at] = generator.choice(SEGMENTS)
        case 1:
            segments.insert(at, generator.choice(SEGMENTS))
        case _:
            del segments[at]
    return "/".join(segments)


def mutated_headers(generator, headers):
    changes = [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/json; charset=utf-16"},
        {"Content-Type": ""},
        {"Content-Encoding": "gzip"},
        {"Accept": "text/html"},
        {"Accept": "nonsense"},
        {"Accept-Encoding": "br;q=nonsense"},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer " + "x" * 5000},
        {"Authorization": "Bearer \xff\xfe"},
        {"Authorization": "Basic eDp5"},
        {"X-Forwarded-For": "nonsense"},
        {"Origin": "null"},
        {"Range": "bytes=5-1"},
        {"If-None-Match": "*"},
    ]
    return headers | generator.choice(changes)


def mutated_query(generator, query):
    query = dict(query)
    name = generator.choice([*query, "limit", "from", "to", "since", "filter", "dir", "user_id", "nonsense"])
    if name == "timeout" or generator.random() < 0.2:
        query.pop(name, None)
    else:
        query[name] = generator.choice(QUERY_VALUES)
    return query


def mutated_json(generator, content):
    """The document with one value replaced, left out, added or duplicated."""
    document = copy.deepcopy(content)
    places = list(containers(document))
    place = generator.choice(places)
    value = copy.deepcopy(generator.choice(VALUES))
    keys = list(place) if isinstance(place, dict) else list(range(len(place)))
    kind = generator.randrange(5)
    if kind == 0 or not keys:
        if isinstance(place, dict):
            place[str(generator.choice(["", "a", "type", "membership", "m.relates_to", "\x00"]))] = value
        else:
            place.append(value)
    elif kind == 1:
        del place[generator.choice(keys)]
    else:
        place[generator.choice(keys)] = value
    text = json.dumps(document)
    if generator.random() < 0.05 and text.startswith('{"'):
        key = text[1 : text.index('"', 2) + 1]
        text = f"{{{key}:0,{text[1:]}"
    return text.encode()


def containers(node):
    if isinstance(node, (dict, list)):
        yield node
        for child in node.values() if isinstance(node, dict) else node:
            yield from containers(child)


def mutated_bytes(generator, body):
    data = bytearray(body)
    at = generator.randrange(len(data) + 1)
    match generator.randrange(5):
        case 0:
            return bytes(data[:at])
        case 1:
            data[at:at] = generator.choice([b"\x00", b"\xff", b"\xed\xa0\x80", b'"', b"{", b"}", b",", b"\\u0000", b"1e999"])
        case 2:
            del data[at : at + generator.randrange(1, 8)]
        case 3:
            if at < len(data):
                data[at] = generator.randrange(256)
        case _:
            data[at:at] = generator.choice([b"[", b'{"a":']) * generator.choice([100, 5000])
    return bytes(data)
