package io.myelin.clientsync.visibility;

import static io.myelin.clientsync.fixture.Server.ALICE;
import static io.myelin.clientsync.fixture.Server.BOB;
import static io.myelin.clientsync.fixture.Server.CAROL;
import static io.myelin.clientsync.visibility.VisibilityModel.MEMBER;
import static io.myelin.clientsync.visibility.VisibilityModel.VISIBILITY;

import io.myelin.clientsync.fixture.Room;
import io.myelin.clientsync.fixture.Server;
import io.myelin.clientsync.visibility.VisibilityModel.Happened;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A room in which random things happen, and which random users read in between. */
final class GeneratedRoom {
    private static final UserId DAVE = new UserId("@dave:test");
    private static final List<UserId> OTHERS = List.of(BOB, CAROL, DAVE);
    private static final List<UserId> ALL = List.of(ALICE, BOB, CAROL, DAVE);
    private static final List<String> VISIBILITIES = List.of("world_readable", "shared", "invited", "joined");

    private static final List<String> RELATIONS = List.of("m.thread", "m.thread", "m.reference", "m.annotation");

    private final Random random;
    private final Server server = new Server();
    private final Room room;
    private final VisibilityModel sight = new VisibilityModel();
    private final AllReadsCheck reads;
    private int marks;

    GeneratedRoom(Random random) {
        this.random = random;
        this.room = server.roomElsewhere("hall");
        this.reads = new AllReadsCheck(server, room, sight, random, ALL);
        state(ALICE, "m.room.create", "", "", "{\"room_version\":\"11\",\"mark\":\"%s\"}");
        member(ALICE, ALICE, "join");
        if (random.nextBoolean()) {
            visibility(VISIBILITIES.get(random.nextInt(4)));
        }
    }

    /** @return how many answers were looked at */
    int live() {
        int steps = 15 + random.nextInt(random.nextInt(4) == 0 ? 220 : 60);
        for (int step = 0; step < steps; step++) {
            happen();
            if (random.nextInt(3) == 0) {
                reads.takeToken(ALL.get(random.nextInt(4)));
            }
            if (random.nextInt(4) == 0) {
                reads.one(ALL.get(random.nextInt(4)));
            }
            if (random.nextInt(60) == 0) {
                server.restart(1);
            }
        }
        for (UserId user : ALL) {
            reads.all(user);
        }
        server.restart(1);
        for (UserId user : ALL) {
            reads.all(user);
        }
        return reads.count();
    }

    private void happen() {
        UserId user = OTHERS.get(random.nextInt(3));
        String membership = sight.membershipNow(user.value());
        switch (random.nextInt(26)) {
            case 0, 1, 2 -> {
                if (!membership.equals("ban")) {
                    member(user, user, "join");
                }
            }
            case 3, 4 -> {
                if (Set.of("join", "invite", "knock").contains(membership)) {
                    member(random.nextBoolean() ? user : ALICE, user, "leave");
                }
            }
            case 5, 6 -> {
                if (membership.equals("leave")) {
                    member(ALICE, user, "invite");
                }
            }
            case 7 -> member(ALICE, user, membership.equals("ban") ? "leave" : "ban");
            case 8 -> {
                if (membership.equals("leave")) {
                    member(user, user, "knock");
                }
            }
            case 9, 10 -> visibility(VISIBILITIES.get(random.nextInt(4)));
            case 11, 12 -> state(member(), "m.room.topic", "", "", "{\"topic\":\"%s\"}");
            case 13 -> state(member(), "org.example", "key" + random.nextInt(2), "", "{\"value\":\"%s\"}");
            case 14, 15 -> redact();
            case 16 -> edit();
            case 17 -> ignore(ALL.get(random.nextInt(4)));
            case 18 -> {
                if (Set.of("leave", "ban").contains(membership)
                        && sight.standingBefore(sight.size(), MEMBER, user.value()) >= 0) {
                    server.forget(room.id(), user);
                    sight.forgottenAt.put(user.value(), sight.size());
                }
            }
            case 19 -> {
                if (random.nextInt(4) == 0) {
                    server.erase(user);
                    sight.erased.add(user.value());
                }
            }
            case 20, 21 -> relate();
            default -> {
                UserId sender = member();
                String mark = mark();
                happened(room.say(sender, mark), "m.room.message", null, sender, "", mark);
            }
        }
    }

    /** A user who is in the room. */
    private UserId member() {
        List<UserId> joined = ALL.stream()
                .filter(user -> sight.membershipNow(user.value()).equals("join"))
                .toList();
        return joined.get(random.nextInt(joined.size()));
    }

    private String mark() {
        return "m" + (++marks) + "x";
    }

    private void member(UserId by, UserId user, String membership) {
        state(by, MEMBER, user.value(), membership, "{\"membership\":\"" + membership + "\",\"reason\":\"%s\"}");
    }

    private void visibility(String value) {
        state(ALICE, VISIBILITY, "", value, "{\"history_visibility\":\"" + value + "\",\"mark\":\"%s\"}");
    }

    private void state(UserId sender, String type, String key, String value, String content) {
        String mark = mark();
        happened(room.state(sender, type, key, content.replace("%s", mark)), type, key, sender, value, mark);
    }

    private void happened(
            EventId id, String type, @Nullable String stateKey, UserId sender, String value, String mark) {
        sight.events.add(new Happened(id.value(), type, stateKey, sender.value(), value, mark));
    }

    private void redact() {
        List<Happened> targets = new ArrayList<>(sight.events);
        targets.removeIf(target -> sight.redacted.contains(target.id())
                || target.type().equals("m.room.create")
                || target.type().equals("m.room.redaction"));
        if (!targets.isEmpty()) {
            Happened target = targets.get(random.nextInt(targets.size()));
            UserId sender = member();
            String mark = mark();
            EventId redaction = room.redact(sender, new EventId(target.id()), mark);
            sight.redacted.add(target.id());
            happened(redaction, "m.room.redaction", null, sender, "", mark);
        }
    }

    private void edit() {
        List<Happened> targets = sight.events.stream()
                .filter(target -> target.type().equals("m.room.message"))
                .filter(target -> sight.membershipNow(target.sender()).equals("join"))
                .toList();
        if (!targets.isEmpty()) {
            Happened target = targets.get(random.nextInt(targets.size()));
            String mark = mark();
            UserId sender = new UserId(target.sender());
            happened(room.edit(sender, new EventId(target.id()), mark), "m.room.message", null, sender, "", mark);
        }
    }

    private void relate() {
        Happened target = sight.events.get(random.nextInt(sight.events.size()));
        String mark = mark();
        UserId sender = member();
        String relType = RELATIONS.get(random.nextInt(RELATIONS.size()));
        EventId id = room.relate(sender, new EventId(target.id()), relType, "m.room.message", mark);
        happened(id, "m.room.message", null, sender, "", mark);
    }

    private void ignore(UserId user) {
        Set<String> ignored = new HashSet<>();
        for (UserId other : ALL) {
            if (!other.equals(user) && random.nextInt(3) == 0) {
                ignored.add(other.value());
            }
        }
        server.ignore(user, ignored.stream().map(UserId::new).toArray(UserId[]::new));
        sight.ignored.put(user.value(), ignored);
    }
}
