package io.myelin.clientsync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientsync.fixture.Room;
import io.myelin.clientsync.fixture.Server;
import io.myelin.clientsync.fixture.SyncingClient;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Device lists after generated histories of joins, leaves and changes, for clients with any token they ever had, against a
 * model that remembers who shared a room with whom at every moment.
 */
class GeneratedDeviceListsTest {
    private static final int HISTORIES = Integer.getInteger("myelin.device-list-histories", 2_000);
    private static final long SEED = Long.getLong("myelin.seed", 20_261_201L);
    private static final int STEPS = 30;
    private static final int BURST = 120;
    private static final List<UserId> USERS =
            List.of(Server.ALICE, Server.BOB, Server.CAROL, new UserId("@dave:test"), new UserId("@erin:test"));

    @Test
    void noChangeThatMattersIsMissed() {
        for (int i = 0; i < HISTORIES; i++) {
            new History(SEED + i).run();
        }
    }

    /** A token with the moment at which the client got it. */
    private record Told(String token, int moment) {}

    private static final class History {
        private final long seed;
        private final Random random;
        private final Server server = new Server();
        private final List<Room> rooms = new ArrayList<>();
        private final Map<UserId, SyncingClient> clients = new HashMap<>();
        private final Map<UserId, List<Told>> tokens = new HashMap<>();
        private final List<String> log = new ArrayList<>();

        /** At each moment, the members of each room. */
        private final List<List<Set<UserId>>> members = new ArrayList<>();

        /** At each moment, whose devices changed. */
        private final List<Set<UserId>> changes = new ArrayList<>();

        /** Whose keys a user has signed so far. */
        private final Map<UserId, Set<UserId>> signed = new HashMap<>();

        History(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            List<Set<UserId>> first = new ArrayList<>();
            for (String name : List.of("one", "two", "three")) {
                rooms.add(server.room(name));
                first.add(new HashSet<>(Set.of(Server.ALICE)));
            }
            members.add(first);
            changes.add(Set.of());
            for (UserId user : USERS) {
                clients.put(user, server.client(user));
                tokens.put(user, new ArrayList<>());
                signed.put(user, new HashSet<>());
            }
        }

        private int now() {
            return members.size() - 1;
        }

        private void tick(Set<UserId> changed) {
            List<Set<UserId>> copy = new ArrayList<>();
            members.getLast().forEach(each -> copy.add(new HashSet<>(each)));
            members.add(copy);
            changes.add(changed);
        }

        private UserId anybody() {
            return USERS.get(random.nextInt(USERS.size()));
        }

        void run() {
            try {
                for (int step = 0; step < STEPS; step++) {
                    step();
                }
            } finally {
                server.polls.close();
            }
        }

        private void step() {
            UserId user = anybody();
            int room = random.nextInt(rooms.size());
            switch (random.nextInt(20)) {
                case 0, 1, 2, 3 -> move(user, room);
                case 4, 5, 6 -> {
                    log.add("change " + user);
                    server.changeDeviceList(user);
                    tick(Set.of(user));
                }
                case 7 -> {
                    UserId other = anybody();
                    log.add(user + " signs " + other);
                    server.sign(user, other);
                    of(signed, user).add(other);
                    tick(Set.of());
                }
                case 8 -> {
                    log.add("message");
                    rooms.get(room).say(Server.ALICE, "message");
                }
                case 9 -> {
                    if (random.nextInt(12) == 0) {
                        log.add("gap in " + room);
                        for (int i = 0; i < BURST; i++) {
                            rooms.get(room).say(Server.ALICE, "message");
                        }
                    }
                }
                case 10 -> {
                    log.add("restart");
                    server.accounts.mostDeviceLists = random.nextInt(4) == 0 ? 1 : Integer.MAX_VALUE;
                    server.restart(1);
                }
                case 11 -> {
                    if (!members.getLast().get(room).contains(user)) {
                        log.add(user + " forgets " + room);
                        server.forget(rooms.get(room).id(), user);
                    }
                }
                default -> sync(user);
            }
        }

        private void move(UserId user, int room) {
            boolean isIn = members.getLast().get(room).contains(user);
            log.add(user + (isIn ? " leaves " : " joins ") + room);
            if (isIn && random.nextBoolean()) {
                rooms.get(room).member(Server.ALICE, user, "ban");
            } else {
                rooms.get(room).member(user, user, isIn ? "leave" : "join");
            }
            tick(Set.of());
            if (isIn) {
                members.getLast().get(room).remove(user);
            } else {
                members.getLast().get(room).add(user);
            }
        }

        private void sync(UserId user) {
            SyncingClient client = of(clients, user);
            List<Told> known = of(tokens, user);
            if (known.isEmpty()) {
                client.sync();
            } else {
                Told from = random.nextInt(3) == 0 ? known.get(random.nextInt(known.size())) : known.getLast();
                client.goBackTo(from.token());
                if (random.nextInt(10) == 0) {
                    client.goBackToATokenOfAnEarlierRelease();
                }
                log.add(user + " syncs since " + from.moment());
                check(user, from.moment(), client.sync());
            }
            known.add(new Told(Objects.requireNonNull(client.token()), now()));
        }

        private static <V> V of(Map<UserId, V> all, UserId user) {
            return Objects.requireNonNull(all.get(user));
        }

        private void check(UserId viewer, int then, JsonObject answer) {
            Set<String> changed = new TreeSet<>(DeviceListsTest.told(answer, "changed"));
            Set<String> left = new TreeSet<>(DeviceListsTest.told(answer, "left"));
            Set<UserId> sharing = sharing(viewer, now());
            Set<UserId> sharedThen = sharing(viewer, then);
            for (UserId user : USERS) {
                boolean hasChanged =
                        changes.subList(then + 1, now() + 1).stream().anyMatch(each -> each.contains(user));
                boolean matters = user.equals(viewer)
                        ? hasChanged
                        : sharing.contains(user) && (hasChanged || !sharedThen.contains(user));
                if (matters) {
                    assertThat(changed).as("changed of %s", this).contains(user.value());
                }
                if (changed.contains(user.value())) {
                    assertThat(user.equals(viewer)
                                    || sharing.contains(user)
                                    || of(signed, viewer).contains(user))
                            .as("%s sees a change of %s in %s", viewer, user, this)
                            .isTrue();
                }
                if (sharedThen.contains(user) && !sharing.contains(user)) {
                    assertThat(left).as("left of %s", this).contains(user.value());
                }
                if (left.contains(user.value())) {
                    assertThat(sharing).as("not left of %s", this).doesNotContain(user);
                    assertThat(user).as("not oneself in %s", this).isNotEqualTo(viewer);
                }
            }
        }

        private Set<UserId> sharing(UserId viewer, int moment) {
            Set<UserId> sharing = new HashSet<>();
            for (Set<UserId> room : members.get(moment)) {
                if (room.contains(viewer)) {
                    sharing.addAll(room);
                }
            }
            sharing.remove(viewer);
            return sharing;
        }

        @Override
        public String toString() {
            return "seed " + seed + ": " + log;
        }
    }
}
