"""The table of bad requests: what is wrong with each, and the Matrix errors that may answer it."""

import dataclasses
import json

from matrix import V3, quote

NOT_JSON = [(400, "M_NOT_JSON")]
BAD_JSON = [(400, "M_BAD_JSON")]
EITHER_JSON = NOT_JSON + BAD_JSON
# A value in the body is wrong; the specification has three errors for this and does not always say which.
BAD_VALUE = [(400, "M_BAD_JSON"), (400, "M_INVALID_PARAM"), (400, "M_INVALID_ROOM_STATE")]
BAD_OR_MISSING = BAD_VALUE + [(400, "M_MISSING_PARAM")]
BAD_PARAMETER = [(400, "M_INVALID_PARAM")]
# For tokens and types that are opaque or extensible, the specification only says 400.
BAD_OR_UNKNOWN = BAD_PARAMETER + [(400, "M_UNKNOWN")]
FORBIDDEN = [(403, "M_FORBIDDEN")]
NOT_FOUND = [(404, "M_NOT_FOUND")]
HIDDEN = FORBIDDEN + NOT_FOUND
TOO_LARGE = [(413, "M_TOO_LARGE")]


@dataclasses.dataclass
class Case:
    """One request. A body that is not bytes is sent as JSON; token None means the user's own, "" means no token."""

    name: str
    method: str
    path: str
    body: object = None
    expected: list = dataclasses.field(default_factory=list)
    token: str | None = None

    def bytes(self):
        if self.body is None:
            return b""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


def cases(world):
    yield from malformed(world)
    yield from numbers_and_sizes(world)
    yield from rooms(world)
    yield from power_levels(world)
    yield from create_room(world)
    yield from parameters(world)
    yield from accounts(world)
    yield from aliases(world)
    yield from tokens(world)
    yield from endpoints(world)


def in_room(world, rest):
    return f"{V3}/rooms/{quote(world.room)}/{rest}"


def with_bodies(world):
    """Endpoints that take a JSON object."""
    user = quote(world.alice.user_id)
    yield "createRoom", "POST", f"{V3}/createRoom"
    yield "send", "PUT", in_room(world, "send/m.room.message/bad")
    yield "state", "PUT", in_room(world, "state/m.room.topic")
    yield "invite", "POST", in_room(world, "invite")
    yield "kick", "POST", in_room(world, "kick")
    yield "ban", "POST", in_room(world, "ban")
    yield "unban", "POST", in_room(world, "unban")
    yield "upgrade", "POST", in_room(world, "upgrade")
    yield "login", "POST", f"{V3}/login"
    yield "register", "POST", f"{V3}/register"
    yield "display name", "PUT", f"{V3}/profile/{user}/displayname"
    yield "filter", "POST", f"{V3}/user/{user}/filter"
    yield "account data", "PUT", f"{V3}/user/{user}/account_data/org.example.bad"
    yield "room account data", "PUT", f"{V3}/user/{user}/rooms/{quote(world.room)}/account_data/org.example.bad"


def malformed(world):
    for name, method, path in with_bodies(world):
        token = "" if name in ("login", "register") else None
        for what, body, expected in [
            ("truncated JSON", b'{"body":', NOT_JSON),
            ("not JSON at all", b"hello", NOT_JSON),
            ("two documents", b"{}{}", EITHER_JSON),
            ("an array", b"[]", EITHER_JSON),
            ("a string", b'"text"', EITHER_JSON),
            ("null", b"null", EITHER_JSON),
            ("duplicate keys", b'{"a":1,"a":2}', BAD_JSON),
            ("nested duplicate keys", b'{"o":{"a":1,"a":2}}', BAD_JSON),
            ("no UTF-8", b'{"body":"\xff\xfe"}', EITHER_JSON),
            ("very deep", b'{"a":' + b"[" * 20000 + b"]" * 20000 + b"}", EITHER_JSON),
            ("NaN", b'{"a":NaN}', EITHER_JSON),
        ]:
            yield Case(f"{name}: {what}", method, path, body, expected, token)
    for name, method, path in list(with_bodies(world))[:3]:
        yield Case(f"{name}: no body", method, path, None, EITHER_JSON)


def numbers_and_sizes(world):
    targets = [
        ("send", in_room(world, "send/m.room.message/number"), b'{"msgtype":"m.text","body":"x","n":%s}'),
        ("state", in_room(world, "state/org.example.number"), b'{"n":%s}'),
        ("nested", in_room(world, "state/org.example.number"), b'{"a":[{"n":%s}]}'),
    ]
    numbers = [b"1.5", b"1.0", b"1e3", b"-0.5", b"9007199254740992", b"-9007199254740992", b"1" + b"0" * 400]
    for name, path, body in targets:
        for number in numbers:
            yield Case(f"{name}: the number {number[:20].decode()}", "PUT", path, body % number, BAD_JSON)
    large = {"msgtype": "m.text", "body": "x" * 65_536}
    yield Case("send: larger than an event may be", "PUT", in_room(world, "send/m.room.message/large"), large, TOO_LARGE)
    yield Case("state: larger than an event may be", "PUT", in_room(world, "state/org.example.large"), large, TOO_LARGE)
    just = {"msgtype": "m.text", "body": "x" * 65_450}
    yield Case("send: too large with its envelope", "PUT", in_room(world, "send/m.room.message/just"), just, TOO_LARGE)
    initial = {"initial_state": [{"type": "org.example.large", "content": large}]}
    yield Case("createRoom: too large an initial state", "POST", f"{V3}/createRoom", initial, TOO_LARGE)
    long = "x" * 256
    refused = TOO_LARGE + BAD_VALUE
    yield Case("send: a type of 256 bytes", "PUT", in_room(world, f"send/{long}/long"), {"body": "x"}, refused)
    yield Case("state: a type of 256 bytes", "PUT", in_room(world, f"state/{long}"), {}, refused)
    yield Case("state: a key of 256 bytes", "PUT", in_room(world, f"state/org.example/{long}"), {}, refused)


def rooms(world):
    message = {"msgtype": "m.text", "body": "hello"}
    nowhere = quote("!nowhere:" + world.server)
    for name, room, expected in [("unknown", nowhere, HIDDEN), ("bad", "nonsense", BAD_PARAMETER)]:
        for method, rest, body in [
            ("PUT", "send/m.room.message/lost", message),
            ("PUT", "state/m.room.topic", {"topic": "x"}),
            ("GET", "state", None),
            ("GET", "messages?dir=b", None),
            ("GET", "members", None),
            ("GET", "joined_members", None),
            ("POST", "invite", {"user_id": world.bob.user_id}),
            ("POST", "kick", {"user_id": world.bob.user_id}),
        ]:
            yield Case(f"{name} room: {method} {rest}", method, f"{V3}/rooms/{room}/{rest}", body, expected)
        yield Case(f"{name} room: join", "POST", f"{V3}/join/{room}", {}, expected)
    for method, rest, body in [
        ("PUT", "send/m.room.message/foreign", message),
        ("PUT", "state/m.room.topic", {"topic": "x"}),
        ("GET", "state", None),
        ("GET", "state/m.room.name", None),
        ("GET", "messages?dir=b", None),
        ("GET", "members", None),
        ("GET", "joined_members", None),
        ("POST", "join", {}),
        ("POST", "invite", {"user_id": world.carol.user_id}),
        ("POST", "kick", {"user_id": world.alice.user_id}),
        ("POST", "ban", {"user_id": world.alice.user_id}),
    ]:
        yield Case(f"foreign user: {method} {rest}", method, in_room(world, rest), body, FORBIDDEN, world.bob.token)
    event = in_room(world, f"event/{quote(world.event)}")
    yield Case("foreign user: GET event", "GET", event, None, HIDDEN, world.bob.token)
    carol = world.carol.token
    yield Case("no power: set the name", "PUT", in_room(world, "state/m.room.name"), {"name": "x"}, FORBIDDEN, carol)
    yield Case("no power: ban", "POST", in_room(world, "ban"), {"user_id": world.alice.user_id}, FORBIDDEN, carol)
    yield Case("no power: kick", "POST", in_room(world, "kick"), {"user_id": world.alice.user_id}, FORBIDDEN, carol)
    crown = {"users": {world.carol.user_id: 100}}
    yield Case("no power: take it", "PUT", in_room(world, "state/m.room.power_levels"), crown, FORBIDDEN, carol)
    yield Case("kick somebody who is not there", "POST", in_room(world, "kick"), {"user_id": world.bob.user_id}, FORBIDDEN)
    yield Case("invite a member", "POST", in_room(world, "invite"), {"user_id": world.carol.user_id}, FORBIDDEN)
    for action in ("invite", "kick", "ban", "unban"):
        for body in ({}, {"user_id": 5}, {"user_id": None}, {"user_id": "nobody"}, {"user_id": ["@a:b"]}):
            yield Case(f"{action} with {body}", "POST", in_room(world, action), body, BAD_OR_MISSING)
    member = in_room(world, f"state/m.room.member/{quote(world.alice.user_id)}")
    for content in ({"membership": "dancing"}, {"membership": 5}, {}):
        yield Case(f"member event {content}", "PUT", member, content, BAD_OR_MISSING + FORBIDDEN + [(400, "M_UNKNOWN")])
    other = in_room(world, f"state/m.room.member/{quote(world.bob.user_id)}")
    yield Case("make somebody else join", "PUT", other, {"membership": "join"}, FORBIDDEN)
    create = in_room(world, "state/m.room.create")
    yield Case("a second create event", "PUT", create, {"creator": "x"}, BAD_VALUE + FORBIDDEN)
    foreign_key = in_room(world, f"state/org.example/{quote(world.bob.user_id)}")
    yield Case("another user's state key", "PUT", foreign_key, {}, FORBIDDEN)


def power_levels(world):
    path = in_room(world, "state/m.room.power_levels")
    for key in ("ban", "kick", "invite", "redact", "events_default", "state_default", "users_default"):
        for value in ("50", None, [], {}, 1.5):
            yield Case(f"power level {key} = {value!r}", "PUT", path, {key: value}, BAD_VALUE)
    for key in ("users", "events", "notifications"):
        inner = {"users": world.carol.user_id, "events": "m.room.name", "notifications": "room"}[key]
        yield Case(f"power level {key} as a string", "PUT", path, {key: {inner: "50"}}, BAD_VALUE)
        yield Case(f"power levels {key} = []", "PUT", path, {key: []}, BAD_VALUE)
    yield Case("power level of no user ID", "PUT", path, {"users": {"carol": 50}}, BAD_VALUE + FORBIDDEN)
    override = {"power_level_content_override": {"state_default": "50"}}
    yield Case("createRoom: power level as a string", "POST", f"{V3}/createRoom", override, BAD_VALUE)


def create_room(world):
    wrong = {
        "visibility": [5, [], "secret"],
        "room_alias_name": [5, {}, []],
        "name": [5, {}, []],
        "topic": [5, {}, []],
        "invite": ["text", 5, {}, [5], [None], ["nobody"]],
        "invite_3pid": ["text", 5, {}, [5]],
        "creation_content": ["text", 5, []],
        "initial_state": ["text", 5, {}, [5], [{}], [{"type": 5, "content": {}}], [{"type": "t", "content": "text"}]],
        "preset": [5, [], "party"],
        "is_direct": ["yes", 5, []],
        "power_level_content_override": ["text", 5, [], {"users": 5}],
    }
    for key, values in wrong.items():
        for value in values:
            yield Case(f"createRoom: {key} = {value!r}", "POST", f"{V3}/createRoom", {key: value}, BAD_OR_MISSING)
    version = [(400, "M_UNSUPPORTED_ROOM_VERSION")]
    yield Case("createRoom: unknown version", "POST", f"{V3}/createRoom", {"room_version": "no-such"}, version)
    for value in (5, [], {}):
        body = {"room_version": value}
        yield Case(f"createRoom: room_version = {value!r}", "POST", f"{V3}/createRoom", body, BAD_VALUE + version)
    taken = {"room_alias_name": world.alias[1:].split(":")[0]}
    yield Case("createRoom: an alias in use", "POST", f"{V3}/createRoom", taken, [(400, "M_ROOM_IN_USE")])


def parameters(world):
    messages = in_room(world, "messages")
    for name, query, expected in [
        ("no direction", "", BAD_PARAMETER + [(400, "M_MISSING_PARAM")]),
        ("sideways", "?dir=s", BAD_PARAMETER),
        ("limit no number", "?dir=b&limit=many", BAD_PARAMETER),
        ("negative limit", "?dir=b&limit=-1", BAD_PARAMETER),
        ("bad token", "?dir=b&from=nonsense", BAD_OR_UNKNOWN),
        ("filter no JSON", "?dir=b&filter=%7B", EITHER_JSON + BAD_PARAMETER),
    ]:
        yield Case(f"/messages: {name}", "GET", messages + query, None, expected)
    for name, query, expected in [
        ("bad token", "since=nonsense", BAD_OR_UNKNOWN),
        ("timeout no number", "timeout=long", BAD_PARAMETER),
        ("filter no JSON", "filter=%7B", EITHER_JSON + BAD_PARAMETER),
        ("unknown filter", "filter=987654", NOT_FOUND + BAD_OR_UNKNOWN),
        ("filter of wrong types", "filter=%7B%22room%22%3A5%7D", BAD_VALUE),
        ("full_state no boolean", "full_state=perhaps", BAD_PARAMETER),
    ]:
        yield Case(f"/sync: {name}", "GET", f"{V3}/sync?{query}", None, expected)
    for name, millis in [("no number", "long"), ("negative", "-1"), ("too long", "3600001"), ("huge", "9" * 30)]:
        for rest in ("send/m.room.message/sticky", "state/org.example/"):
            path = in_room(world, f"{rest}?org.matrix.msc4354.sticky_duration_ms={millis}")
            yield Case(f"sticky: {name}, {rest}", "PUT", path, {"body": "x"}, BAD_PARAMETER)
            yield Case(f"sticky later: {name}", "PUT", path + "&org.matrix.msc4140.delay=5000", {"body": "x"}, BAD_PARAMETER)
    yield Case("unknown event", "GET", in_room(world, "event/%24nowhere"), None, NOT_FOUND)
    yield Case("unknown context", "GET", in_room(world, "context/%24nowhere"), None, NOT_FOUND)
    yield Case("unknown state", "GET", in_room(world, "state/org.example.none"), None, NOT_FOUND)
    yield Case("unknown state key", "GET", in_room(world, "state/m.room.name/none"), None, NOT_FOUND)


def accounts(world):
    mine, theirs = quote(world.alice.user_id), quote(world.bob.user_id)
    dummy = {"auth": {"type": "m.login.dummy"}, "password": "secret"}
    name = world.alice.user_id[1:].split(":")[0]
    register = f"{V3}/register"
    yield Case("register: name taken", "POST", register, dummy | {"username": name}, [(400, "M_USER_IN_USE")], "")
    for bad in ("Ünï", "a b", "a/../b:c", "x" * 300):
        body = dummy | {"username": bad}
        yield Case(f"register: {bad[:20]!r}", "POST", register, body, [(400, "M_INVALID_USERNAME")], "")
    named = BAD_OR_MISSING + [(400, "M_INVALID_USERNAME")]
    yield Case("register: a number", "POST", register, dummy | {"username": 5}, named, "")
    odd = {"username": "x", "password": 5, "auth": dummy["auth"]}
    yield Case("register: password a number", "POST", register, odd, BAD_OR_MISSING + [(400, "M_WEAK_PASSWORD")], "")
    login = f"{V3}/login"
    person = {"type": "m.id.user", "user": name}
    wrong = {"type": "m.login.password", "identifier": person, "password": "wrong"}
    nobody = wrong | {"identifier": {"type": "m.id.user", "user": "nobody-at-all"}}
    yield Case("login: wrong password", "POST", login, wrong, FORBIDDEN, "")
    yield Case("login: unknown user", "POST", login, nobody, FORBIDDEN, "")
    unknown = BAD_OR_MISSING + [(400, "M_UNKNOWN")]
    yield Case("login: unknown type", "POST", login, {"type": "m.login.smile"}, unknown, "")
    yield Case("login: no type", "POST", login, {}, unknown, "")
    yield Case("login: identifier a string", "POST", login, wrong | {"identifier": "me"}, unknown, "")
    yield Case("login: password a number", "POST", login, wrong | {"password": 5}, unknown + FORBIDDEN, "")
    yield Case("profile: somebody else's", "PUT", f"{V3}/profile/{theirs}/displayname", {"displayname": "x"}, FORBIDDEN)
    number = {"displayname": 5}
    yield Case("profile: a number", "PUT", f"{V3}/profile/{mine}/displayname", number, BAD_VALUE + [(400, "M_UNKNOWN")])
    ghost = quote("@nobody-at-all:" + world.server)
    yield Case("profile: nobody's", "GET", f"{V3}/profile/{ghost}", None, NOT_FOUND)
    yield Case("account data: somebody else's", "PUT", f"{V3}/user/{theirs}/account_data/a.b", {}, FORBIDDEN)
    yield Case("account data: none", "GET", f"{V3}/user/{mine}/account_data/no.such", None, NOT_FOUND)
    yield Case("filter: somebody else's", "POST", f"{V3}/user/{theirs}/filter", {}, FORBIDDEN)
    yield Case("filter: wrong types", "POST", f"{V3}/user/{mine}/filter", {"room": 5}, BAD_VALUE)
    yield Case("filter: none", "GET", f"{V3}/user/{mine}/filter/987654", None, NOT_FOUND)
    yield Case("device: none", "GET", f"{V3}/devices/nowhere", None, NOT_FOUND)
    yield Case("register: begins with _", "POST", register, dummy | {"username": "_x"}, [(400, "M_INVALID_USERNAME")], "")
    yield from addresses(world)
    yield from account_tokens(world)
    yield from administration(world)


def addresses(world):
    """Addresses outside Matrix. A server that sends neither mail nor text messages may say so first."""
    unsupported = [(400, "M_THREEPID_MEDIUM_NOT_SUPPORTED")]
    for purpose in ("register", "account/password", "account/3pid"):
        for medium in ("email", "msisdn"):
            path = f"{V3}/{purpose}/{medium}/requestToken"
            yield Case(f"{purpose} {medium}: nothing", "POST", path, {}, BAD_OR_MISSING + unsupported, "")
            odd = {"email": 5, "phone_number": [], "client_secret": "a b", "send_attempt": "one"}
            yield Case(f"{purpose} {medium}: wrong types", "POST", path, odd, BAD_OR_MISSING + unsupported, "")
    threepid = f"{V3}/account/3pid"
    failed = BAD_OR_MISSING + [(400, "M_THREEPID_AUTH_FAILED"), (401, None)]
    creds = {"sid": "none", "client_secret": "none"}
    yield Case("3pid: nothing", "POST", threepid, {}, BAD_OR_MISSING)
    yield Case("3pid: not confirmed", "POST", threepid, {"three_pid_creds": creds}, failed)
    yield Case("3pid add: nothing", "POST", f"{threepid}/add", {}, BAD_OR_MISSING)
    yield Case("3pid bind: no server", "POST", f"{threepid}/bind", creds | {"id_server": "a/b", "id_access_token": "x"}, BAD_VALUE)
    yield Case("3pid delete: nothing", "POST", f"{threepid}/delete", {}, BAD_OR_MISSING)
    carrier = {"medium": "pigeon", "address": "x"}
    medium = [(400, "M_THREEPID_MEDIUM_NOT_SUPPORTED")]
    yield Case("3pid delete: by pigeon", "POST", f"{threepid}/delete", carrier, medium)


def account_tokens(world):
    theirs = quote(world.bob.user_id)
    unknown_token = [(401, "M_UNKNOWN_TOKEN")]
    yield Case("refresh: nothing", "POST", f"{V3}/refresh", {}, BAD_OR_MISSING, "")
    yield Case("refresh: invented", "POST", f"{V3}/refresh", {"refresh_token": "myr_x"}, unknown_token, "")
    yield Case("refresh: a number", "POST", f"{V3}/refresh", {"refresh_token": 5}, BAD_OR_MISSING, "")
    token = {"type": "m.login.token", "token": "a.b.1.c.2.d"}
    yield Case("login: invented token", "POST", f"{V3}/login", token, FORBIDDEN, "")
    yield Case("openid: somebody else's", "POST", f"{V3}/user/{theirs}/openid/request_token", {}, FORBIDDEN)
    userinfo = "/_matrix/federation/v1/openid/userinfo"
    yield Case("openid: invented", "GET", f"{userinfo}?access_token=a.b.c.d", None, unknown_token, "")
    yield Case("openid: nothing", "GET", userinfo, None, [(401, "M_MISSING_TOKEN")], "")


def administration(world):
    theirs = quote(world.bob.user_id)
    admin = "/_synapse/admin"
    for method, path, body in [
        ("GET", f"{V3}/admin/whois/{theirs}", None),
        ("GET", f"{admin}/v2/users", None),
        ("GET", f"{admin}/v3/users?deactivated=true", None),
        ("GET", f"{admin}/v2/users/{theirs}", None),
        ("PUT", f"{admin}/v2/users/{theirs}", {"admin": True}),
        ("GET", f"{admin}/v2/users/{theirs}/devices", None),
        ("POST", f"{admin}/v2/users/{theirs}/delete_devices", {"devices": []}),
        ("POST", f"{admin}/v1/users/{theirs}/login", {}),
        ("PUT", f"{admin}/v1/users/{theirs}/admin", {"admin": True}),
        ("POST", f"{admin}/v1/reset_password/{theirs}", {"new_password": "another"}),
        ("POST", f"{admin}/v1/deactivate/{theirs}", {}),
        ("PUT", f"{admin}/v1/suspend/{theirs}", {"suspend": True}),
        ("GET", f"{admin}/v1/username_available?username=x", None),
        ("GET", f"{admin}/v1/registration_tokens", None),
        ("POST", f"{admin}/v1/registration_tokens/new", {}),
        ("DELETE", f"{admin}/v1/rooms/{quote(world.room)}", {}),
        ("DELETE", f"{admin}/v2/rooms/{quote(world.room)}", {"block": True}),
        ("GET", f"{admin}/v2/rooms/{quote(world.room)}/delete_status", None),
        ("PUT", f"{admin}/v1/rooms/{quote(world.room)}/block", {"block": True}),
        ("GET", f"{admin}/v1/rooms/{quote(world.room)}/block", None),
        ("POST", f"{admin}/v1/rooms/{quote(world.room)}/make_room_admin", {}),
        ("GET", f"{admin}/v1/rooms", None),
        ("GET", f"{admin}/v1/rooms/{quote(world.room)}", None),
        ("GET", f"{admin}/v1/rooms/{quote(world.room)}/members", None),
        ("GET", f"{admin}/v1/rooms/{quote(world.room)}/state", None),
        ("GET", f"{admin}/v1/rooms/{quote(world.room)}/messages", None),
        ("POST", f"{admin}/v1/purge_history/{quote(world.room)}", {"purge_up_to_ts": 1}),
        ("POST", f"{admin}/v1/purge_history/{quote(world.room)}/$none", {}),
        ("GET", f"{admin}/v1/purge_history_status/none", None),
        ("POST", f"{admin}/v1/send_server_notice", {"user_id": world.bob.user_id, "content": {}}),
    ]:
        yield Case(f"no administrator: {method} {path}", method, path, body, FORBIDDEN)


def aliases(world):
    mine, body = quote(world.alias), {"room_id": world.room}
    none = quote("#no-such-alias:" + world.server)
    yield Case("alias: none", "GET", f"{V3}/directory/room/{none}", None, NOT_FOUND)
    yield Case("alias: join none", "POST", f"{V3}/join/{none}", {}, NOT_FOUND)
    yield Case("alias: delete none", "DELETE", f"{V3}/directory/room/{none}", None, NOT_FOUND)
    yield Case("alias: not one", "GET", f"{V3}/directory/room/nonsense", None, BAD_PARAMETER)
    yield Case("alias: taken", "PUT", f"{V3}/directory/room/{mine}", body, [(409, "M_UNKNOWN"), (409, "M_ROOM_IN_USE")])
    yield Case("alias: somebody else's", "DELETE", f"{V3}/directory/room/{mine}", None, FORBIDDEN, world.bob.token)
    yield Case("alias: no room", "PUT", f"{V3}/directory/room/{none}", {}, BAD_OR_MISSING)


def tokens(world):
    user, room = quote(world.alice.user_id), quote(world.room)
    for method, path, body in [
        ("GET", f"{V3}/sync", None),
        ("POST", f"{V3}/createRoom", {}),
        ("PUT", f"{V3}/rooms/{room}/send/m.room.message/t", {"body": "x"}),
        ("GET", f"{V3}/rooms/{room}/messages?dir=b", None),
        ("GET", f"{V3}/rooms/{room}/state", None),
        ("GET", f"{V3}/joined_rooms", None),
        ("POST", f"{V3}/join/{room}", {}),
        ("GET", f"{V3}/account/whoami", None),
        ("GET", f"{V3}/devices", None),
        ("GET", f"{V3}/capabilities", None),
        ("POST", f"{V3}/logout", {}),
        ("PUT", f"{V3}/profile/{user}/displayname", {"displayname": "x"}),
        ("POST", f"{V3}/user/{user}/filter", {}),
    ]:
        name = f"{method} {path.removeprefix(V3)}"
        yield Case(f"no token: {name}", method, path, body, [(401, "M_MISSING_TOKEN")], "")
        yield Case(f"unknown token: {name}", method, path, body, [(401, "M_UNKNOWN_TOKEN")], "no-such-token")
        yield Case(f"token logged out: {name}", method, path, body, [(401, "M_UNKNOWN_TOKEN")], world.logged_out)


def endpoints(world):
    unrecognized = [(404, "M_UNRECOGNIZED")]
    for path in (
        f"{V3}/nonsense",
        f"{V3}/rooms/{quote(world.room)}/nonsense",
        "/_matrix/client/v9/sync",
        "/_matrix/nonsense",
        "/_matrix/client/v3",
    ):
        for method in ("GET", "POST", "PUT", "DELETE"):
            yield Case(f"unknown endpoint: {method} {path}", method, path, {} if method[0] == "P" else None, unrecognized)
    for method, path in [
        ("POST", f"{V3}/sync"),
        ("DELETE", f"{V3}/sync"),
        ("GET", f"{V3}/createRoom"),
        ("DELETE", f"{V3}/login"),
        ("PUT", f"{V3}/register"),
        ("POST", f"{V3}/account/whoami"),
        ("PATCH", in_room(world, "state")),
        ("DELETE", in_room(world, "messages")),
        ("GET", in_room(world, "invite")),
        ("POST", "/_matrix/client/versions"),
    ]:
        body = {} if method[0] == "P" else None
        yield Case(f"wrong method: {method} {path}", method, path, body, [(405, "M_UNRECOGNIZED")])
