package io.myelin.allinone;

import java.util.List;
import java.util.stream.Stream;

/**
 * What users may not see or do in rooms, a line a rule: method, path, body (may be missing), and the statuses that are right.
 * Paths without a leading slash are below {@code /_matrix/client/v3/}. Client-server API: "Room membership", "Room history
 * visibility", "Guest access", "Account locking", "Account suspension", "Ignoring users", and the powers of "m.room.power_levels".
 *
 * <p>Whatever the status is, no answer may have a text that its user must not see.
 */
final class RoomRules {
    /** A rule. {@code statuses} are those that are right. */
    record Rule(String who, String method, String path, String body, List<Integer> statuses) {
        static Rule parse(String who, String line) {
            String[] parts = line.strip().split(" +\\| *", -1);
            String[] request = parts[0].split(" ", 3);
            return new Rule(
                    who,
                    request[0],
                    request[1],
                    request.length < 3 ? "{}" : request[2],
                    Stream.of(parts[1].split(",", -1))
                            .map(status -> Integer.valueOf(status.strip()))
                            .toList());
        }

        @Override
        public String toString() {
            return who + ": " + method + " " + path + " is " + statuses;
        }
    }

    private RoomRules() {}

    /** Reads of a private room by whoever was never in it. */
    private static final String STRANGERS_READ = """
        GET rooms/{room}/messages?dir=b&limit=100 | 403
        GET rooms/{room}/messages?dir=f&limit=100 | 403
        GET rooms/{room}/state | 403
        GET rooms/{room}/state/m.room.topic | 403
        GET rooms/{room}/state/m.room.member/{owner} | 403
        GET rooms/{room}/members | 403
        GET rooms/{room}/joined_members | 403
        GET rooms/{room}/event/{early} | 403,404
        GET rooms/{room}/event/{late} | 403,404
        GET rooms/{room}/context/{early} | 403,404
        GET /_synapse/admin/v1/users/{owner}/joined_rooms | 403
        GET /_synapse/admin/v1/users/{owner}/memberships | 403
        GET /_synapse/admin/v1/users/{owner}/accountdata | 403
        GET /_synapse/admin/v1/users/{owner}/pushers | 403
        GET rooms/{room}/initialSync | 403
        GET rooms/{room}/aliases | 403
        GET events?room_id={room}&timeout=0 | 403
        GET events/{early} | 403,404
        GET sync | 200
        GET sync?full_state=true | 200
        GET initialSync | 200,403
        GET publicRooms | 200
        GET joined_rooms | 200
        GET /_matrix/client/v1/rooms/{room}/relations/{early} | 403,404
        GET /_matrix/client/v1/rooms/{room}/relations/{early}?recurse=true | 403,404
        GET /_matrix/client/v1/rooms/{room}/threads | 403,404
        GET /_matrix/client/v1/rooms/{room}/timestamp_to_event?ts=0&dir=f | 403,404
        """;

    /** What is below is open to who is invited. */
    private static final String UNINVITED_READ = """
        GET /_matrix/client/v1/rooms/{room}/hierarchy | 403
        GET /_matrix/client/v1/room_summary/{room} | 403,404
        GET /_matrix/client/v1/rooms/{space}/hierarchy | 403
        """;

    /** Reads by whoever was in the room once: what came later is hidden from them. */
    private static final String FORMER_MEMBERS_READ = """
        GET rooms/{room}/messages?dir=b&limit=100 | 200,403
        GET rooms/{room}/messages?dir=f&limit=100 | 200,403
        GET rooms/{room}/state | 200,403
        GET rooms/{room}/state/m.room.topic | 200,403
        GET rooms/{room}/members | 200,403
        GET rooms/{room}/joined_members | 403
        GET rooms/{room}/event/{late} | 403,404
        GET rooms/{room}/context/{late} | 403,404
        GET rooms/{room}/context/{early}?limit=100 | 200,403
        GET rooms/{room}/initialSync | 200,403
        GET events?room_id={room}&timeout=0 | 200,403
        GET events/{late} | 403,404
        GET sync | 200
        GET sync?full_state=true | 200
        GET initialSync | 200
        GET /_matrix/client/v1/rooms/{room}/relations/{late} | 403,404
        GET /_matrix/client/v1/rooms/{room}/relations/{early} | 200,403,404
        GET /_matrix/client/v1/rooms/{room}/threads | 200,403
        GET /_matrix/client/v1/rooms/{room}/hierarchy | 403
        GET /_matrix/client/v1/room_summary/{room} | 403,404
        GET /_matrix/client/v1/rooms/{room}/timestamp_to_event?ts=9999999999999&dir=b | 200,403,404
        """;

    /** What whoever is not in the room may not do. */
    private static final String OUTSIDERS_WRITE = """
        PUT rooms/{room}/send/m.room.message/out1 {"msgtype":"m.text","body":"x"} | 403
        POST rooms/{room}/send/m.room.message {"msgtype":"m.text","body":"x"} | 403
        PUT rooms/{room}/send/m.reaction/out2 {"m.relates_to":{"rel_type":"m.annotation","event_id":"{early}","key":"x"}} | 403
        PUT rooms/{room}/state/m.room.topic {"topic":"x"} | 403
        PUT rooms/{room}/state/m.room.member/{me} {"membership":"invite"} | 403
        PUT rooms/{room}/state/m.room.member/{owner} {"membership":"leave"} | 403
        PUT rooms/{room}/redact/{early}/out3 {} | 403
        POST rooms/{room}/invite {"user_id":"{other}"} | 403
        POST rooms/{room}/kick {"user_id":"{member}"} | 403
        POST rooms/{room}/ban {"user_id":"{member}"} | 403
        POST rooms/{room}/unban {"user_id":"{banned}"} | 403
        POST rooms/{room}/upgrade {"new_version":"11"} | 403
        PUT rooms/{room}/typing/{me} {"typing":true,"timeout":1000} | 403
        POST rooms/{room}/receipt/m.read/{late} {} | 403,404
        POST rooms/{room}/read_markers {"m.read":"{late}"} | 403,404
        POST rooms/{room}/report/{late} {"reason":"x"} | 403,404
        PUT directory/list/room/{room} {"visibility":"public"} | 403
        PUT directory/room/%23stolen-{name}:{server} {"room_id":"{room}"} | 403
        DELETE directory/room/%23{alias}:{server} | 403
        PUT rooms/{room}/state/m.room.canonical_alias {"alias":"#{alias}:{server}"} | 403
        """;

    private static final String UNINVITED_ENTER = """
        POST rooms/{room}/join {} | 403
        POST join/{room} {} | 403
        POST join/%23{alias}:{server} {} | 403
        POST knock/{room} {} | 403
        PUT rooms/{room}/state/m.room.member/{me} {"membership":"join"} | 403
        """;

    /** What a member without power may not do. */
    private static final String MEMBERS_WITHOUT_POWER = """
        POST rooms/{room}/kick {"user_id":"{owner}"} | 403
        POST rooms/{room}/ban {"user_id":"{owner}"} | 403
        POST rooms/{room}/unban {"user_id":"{banned}"} | 403
        POST rooms/{room}/upgrade {"new_version":"11"} | 403
        PUT rooms/{room}/redact/{early}/m1 {} | 403
        PUT rooms/{room}/state/m.room.topic {"topic":"x"} | 403
        PUT rooms/{room}/state/m.room.name {"name":"x"} | 403
        PUT rooms/{room}/state/m.room.power_levels {"users":{"{me}":100}} | 403
        PUT rooms/{room}/state/m.room.join_rules {"join_rule":"public"} | 403
        PUT rooms/{room}/state/m.room.history_visibility {"history_visibility":"world_readable"} | 403
        PUT rooms/{room}/state/m.room.guest_access {"guest_access":"can_join"} | 403
        PUT rooms/{room}/state/m.room.server_acl {"allow":[]} | 403
        PUT rooms/{room}/state/m.room.tombstone {"body":"x","replacement_room":"!x:x"} | 403
        PUT rooms/{room}/state/m.room.encryption {"algorithm":"m.megolm.v1.aes-sha2"} | 403
        PUT rooms/{room}/state/m.room.create {"creator":"{me}"} | 403
        PUT rooms/{room}/state/m.room.member/{owner} {"membership":"leave"} | 403
        PUT rooms/{room}/state/m.room.member/{owner} {"membership":"ban"} | 403
        PUT rooms/{room}/state/m.room.member/{other} {"membership":"join"} | 403
        PUT rooms/{room}/state/org.example.mood/{owner} {} | 403
        PUT rooms/{room}/state/m.space.child/!x:x {"via":["x"]} | 403
        PUT rooms/{room}/typing/{owner} {"typing":true,"timeout":1000} | 403
        PUT directory/list/room/{room} {"visibility":"public"} | 403
        DELETE directory/room/%23{alias}:{server} | 403
        PUT presence/{owner}/status {"presence":"online"} | 403
        PUT profile/{owner}/displayname {"displayname":"x"} | 403
        GET user/{owner}/account_data/m.direct | 403
        PUT user/{owner}/rooms/{room}/account_data/m.x {} | 403
        PUT user/{owner}/rooms/{room}/tags/u.x {} | 403
        POST rooms/{room}/forget {} | 400
        DELETE /_synapse/admin/v1/rooms/{room} {"block":true} | 403
        DELETE /_synapse/admin/v2/rooms/{room} {} | 403
        GET /_synapse/admin/v2/rooms/{room}/delete_status | 403
        GET /_synapse/admin/v2/rooms/delete_status/x | 403
        PUT /_synapse/admin/v1/rooms/{room}/block {"block":true} | 403
        POST /_synapse/admin/v1/rooms/{room}/make_room_admin {} | 403
        GET /_synapse/admin/v1/rooms | 403
        GET /_synapse/admin/v1/rooms/{room} | 403
        GET /_synapse/admin/v1/rooms/{room}/members | 403
        GET /_synapse/admin/v1/rooms/{room}/state | 403
        GET /_synapse/admin/v1/rooms/{room}/messages?dir=b | 403
        GET /_synapse/admin/v1/rooms/{room}/context/{early} | 403
        GET /_synapse/admin/v1/rooms/{room}/timestamp_to_event?ts=1 | 403
        GET /_synapse/admin/v1/rooms/{room}/block | 403
        POST /_synapse/admin/v1/purge_history/{room}/{early} {} | 403
        POST /_synapse/admin/v1/purge_history/{room} {"purge_up_to_ts":1} | 403
        GET /_synapse/admin/v1/purge_history_status/x | 403
        GET /_synapse/admin/v1/event_reports | 403
        """;

    /** A suspended member may read, leave, and redact what they wrote. */
    private static final String SUSPENDED_WRITE = """
        PUT rooms/{room}/send/m.room.message/s1 {"msgtype":"m.text","body":"x"} | 403
        POST rooms/{room}/send/m.room.message {"msgtype":"m.text","body":"x"} | 403
        PUT rooms/{room}/send/m.reaction/s2 {"m.relates_to":{"rel_type":"m.annotation","event_id":"{early}","key":"x"}} | 403
        PUT rooms/{room}/state/org.example.x {} | 403
        PUT rooms/{room}/state/m.room.member/{other} {"membership":"invite"} | 403
        PUT rooms/{room}/redact/{early}/s3 {} | 403
        POST rooms/{room}/invite {"user_id":"{other}"} | 403
        POST rooms/{room}/kick {"user_id":"{member}"} | 403
        POST rooms/{room}/ban {"user_id":"{member}"} | 403
        POST rooms/{room}/unban {"user_id":"{banned}"} | 403
        POST rooms/{room}/upgrade {"new_version":"11"} | 403
        POST createRoom {} | 403
        POST join/{public} {} | 403
        POST rooms/{public}/join {} | 403
        POST knock/{public} {} | 403
        PUT profile/{me}/displayname {"displayname":"x"} | 403
        """;

    /** Whose account is locked may log out, and nothing else. */
    private static final String LOCKED = """
        GET sync | 401
        GET rooms/{room}/messages?dir=b | 401
        GET rooms/{room}/state | 401
        GET rooms/{room}/members | 401
        GET rooms/{room}/event/{early} | 401
        GET joined_rooms | 401
        GET /_matrix/client/v1/rooms/{room}/relations/{early} | 401
        GET /_matrix/client/v1/rooms/{room}/threads | 401
        GET /_matrix/client/v1/rooms/{room}/hierarchy | 401
        PUT rooms/{room}/send/m.room.message/l1 {"msgtype":"m.text","body":"x"} | 401
        PUT rooms/{room}/state/m.room.topic {"topic":"x"} | 401
        PUT rooms/{room}/redact/{early}/l2 {} | 401
        POST rooms/{room}/invite {"user_id":"{other}"} | 401
        POST rooms/{room}/leave {} | 401
        POST rooms/{room}/receipt/m.read/{late} {} | 401
        PUT rooms/{room}/typing/{me} {"typing":true,"timeout":1000} | 401
        POST createRoom {} | 401
        POST join/{public} {} | 401
        """;

    /** A guest may not do this even where guests are let in. */
    private static final String GUESTS_WRITE = """
        POST createRoom {} | 403
        POST rooms/{public}/invite {"user_id":"{other}"} | 403
        POST rooms/{public}/kick {"user_id":"{owner}"} | 403
        POST rooms/{public}/ban {"user_id":"{owner}"} | 403
        POST rooms/{public}/unban {"user_id":"{owner}"} | 403
        POST rooms/{public}/upgrade {"new_version":"11"} | 403
        POST rooms/{public}/join {} | 403
        POST join/{public} {} | 403
        POST knock/{public} {} | 403
        PUT directory/room/%23guest:{server} {"room_id":"{public}"} | 403
        PUT directory/list/room/{public} {"visibility":"public"} | 403
        """;

    /** Nobody is asked without a token. */
    private static final String NOBODY = """
        GET sync | 401
        GET rooms/{room}/messages?dir=b | 401
        GET rooms/{room}/state | 401
        GET rooms/{room}/members | 401
        GET rooms/{room}/event/{early} | 401
        GET /_matrix/client/v1/rooms/{room}/hierarchy | 401
        GET /_matrix/client/v1/rooms/{room}/relations/{early} | 401
        GET /_matrix/client/v1/room_summary/{room} | 401,403,404
        PUT rooms/{room}/send/m.room.message/n1 {} | 401
        POST rooms/{room}/join {} | 401
        POST rooms/{room}/invite {"user_id":"{other}"} | 401
        POST createRoom {} | 401
        """;

    /** Where a user whom the reader ignores has written. */
    private static final String IGNORING_READ = """
        GET sync | 200
        GET sync?full_state=true | 200
        GET initialSync | 200
        GET rooms/{room}/initialSync | 200
        GET rooms/{room}/messages?dir=b&limit=100 | 200
        GET rooms/{room}/messages?dir=f&limit=100 | 200
        GET rooms/{room}/context/{early}?limit=100 | 200
        GET /_matrix/client/v1/rooms/{room}/relations/{early} | 200
        GET /_matrix/client/v1/rooms/{room}/relations/{early}?recurse=true | 200
        GET /_matrix/client/v1/rooms/{room}/threads | 200
        GET rooms/{room}/event/{early} | 200
        """;

    private static Stream<Rule> rules(String lines, String... who) {
        return Stream.of(who)
                .flatMap(one -> lines.lines().filter(line -> !line.isBlank()).map(line -> Rule.parse(one, line)));
    }

    static List<Rule> all() {
        return Stream.of(
                        rules(STRANGERS_READ, "stranger", "invited", "guest"),
                        rules(UNINVITED_READ, "stranger", "guest"),
                        rules(FORMER_MEMBERS_READ, "left", "banned"),
                        rules(OUTSIDERS_WRITE, "stranger", "invited", "left", "banned", "guest"),
                        rules(UNINVITED_ENTER, "stranger", "left", "banned", "guest"),
                        rules(MEMBERS_WITHOUT_POWER, "member"),
                        rules(SUSPENDED_WRITE, "suspended"),
                        rules(LOCKED, "locked"),
                        rules(GUESTS_WRITE, "guest"),
                        rules(NOBODY, "nobody"),
                        rules(IGNORING_READ, "member"))
                .flatMap(rules -> rules)
                .toList();
    }
}
