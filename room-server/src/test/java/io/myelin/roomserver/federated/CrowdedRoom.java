package io.myelin.roomserver.federated;

import io.myelin.matrix.auth.AuthEvents;
import io.myelin.matrix.auth.JoinRule;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTemplate;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.state.StateKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A public room of twenty servers that grows event by event to as many members as a test wants. All its events are valid.
 * Only the newest event ID of each member and the events since the last fork are kept.
 */
public final class CrowdedRoom {
    private static final int SERVERS = 20;

    /** How many events a server has not seen yet, at most, when it makes a fork. */
    private static final int UNSEEN = 100;

    private static final long BEGINNING = 1_700_000_000_000L;
    private static final int LONGEST_PAUSE = 60_000;

    /** A user who is or was in the room. */
    private static final class Member {
        private final UserId user;
        private final RemoteServer server;
        private @Nullable EventId event;
        private boolean isIn;
        private int names;

        private Member(UserId user, RemoteServer server) {
            this.user = user;
            this.server = server;
        }
    }

    /** A member event, and the one that it replaced. */
    private record Step(
            EventId event,
            long depth,
            Member member,
            @Nullable EventId replaced) {}

    private final RoomVersion version;
    private final Random random;
    private final List<RemoteServer> servers = IntStream.range(0, SERVERS)
            .mapToObj(number -> RemoteServer.named("server" + number + ".example"))
            .toList();
    private final Map<StateKey, EventId> rules = new HashMap<>();
    private final List<Member> members = new ArrayList<>();
    private final List<Step> sinceFork = new ArrayList<>();
    private final List<EventId> extremities = new ArrayList<>();
    private final List<Pdu> beginning;
    private @Nullable RoomId id;
    private long depth;
    private long now = BEGINNING;

    /** @param version a version whose event IDs are hashes */
    public CrowdedRoom(RoomVersion version, long seed) {
        this.version = version;
        this.random = new Random(seed);
        Member creator = new Member(servers.getFirst().user("creator"), servers.getFirst());
        if (version.eventFormat().roomIdOnCreateEvent()) {
            id = new RoomId("!crowd" + seed + ":" + creator.server.name());
        }
        Pdu create = rule(creator, EventTypes.CREATE, JsonObject.of("room_version", version.id()));
        id = create.roomId();
        JsonObject users = version.creatorsHaveInfinitePower()
                ? JsonObject.EMPTY
                : JsonObject.of(creator.user.value(), Json.of(100));
        beginning = List.of(
                create,
                enters(creator),
                rule(creator, EventTypes.POWER_LEVELS, JsonObject.of("users", users)),
                rule(creator, EventTypes.JOIN_RULES, DraftGenerator.joinRule(JoinRule.PUBLIC)));
    }

    public RoomId id() {
        return beginning.getFirst().roomId();
    }

    public RoomVersion version() {
        return version;
    }

    public List<RemoteServer> servers() {
        return servers;
    }

    /** The first events of the room, up to its creator's join. */
    public List<Pdu> beginning() {
        return beginning;
    }

    /** One more user joins. */
    public Pdu join() {
        RemoteServer server = servers.get(random.nextInt(SERVERS));
        return enters(new Member(server.user("user" + members.size()), server));
    }

    /** A member changes their name, leaves, or comes back. */
    public Pdu change() {
        Member member = anybody();
        boolean leaves = member.isIn && random.nextInt(10) == 0;
        return goesOn(member, leaves ? left() : named(member));
    }

    /** Whether enough has happened since the last fork. */
    public boolean canFork() {
        return sinceFork.size() > 1;
    }

    /** A member changes their name on a server that has not seen the newest events. The next event cites both ends. */
    public Pdu fork() {
        int seen = random.nextInt(Math.max(1, sinceFork.size() - UNSEEN), sinceFork.size());
        Step last = sinceFork.get(seen - 1);
        List<Step> unseen = List.copyOf(sinceFork.subList(seen, sinceFork.size()));
        Member member = random.nextInt(4) == 0 ? unseen.getFirst().member() : anybody();
        Pdu event = member(member, named(member), eventOf(member, unseen), List.of(last.event()), last.depth() + 1);
        member.event = event.eventId();
        member.isIn = true;
        sinceFork.clear();
        extremities.add(event.eventId());
        return event;
    }

    /** The member's event before these steps. */
    private static @Nullable EventId eventOf(Member member, List<Step> steps) {
        for (Step step : steps) {
            if (step.member() == member) {
                return step.replaced();
            }
        }
        return member.event;
    }

    private Member anybody() {
        return members.get(random.nextInt(members.size()));
    }

    private Pdu enters(Member member) {
        members.add(member);
        return goesOn(member, named(member));
    }

    private JsonObject named(Member member) {
        member.names++;
        return JsonObject.of("membership", Membership.JOIN.value())
                .with("displayname", "Name " + member.names + " of " + member.user.localpart())
                .with("avatar_url", "mxc://" + member.server.name() + "/" + Long.toHexString(random.nextLong()));
    }

    private static JsonObject left() {
        return JsonObject.of("membership", Membership.LEAVE.value());
    }

    /** A member event that comes after all other events. */
    private Pdu goesOn(Member member, JsonObject content) {
        Pdu event = member(member, content, member.event, List.copyOf(extremities), depth + 1);
        sinceFork.add(new Step(event.eventId(), event.depth(), member, member.event));
        member.event = event.eventId();
        member.isIn = Membership.of(event) == Membership.JOIN;
        follows(event);
        return event;
    }

    private Pdu member(
            Member member, JsonObject content, @Nullable EventId before, List<EventId> prevEvents, long itsDepth) {
        Draft draft = Draft.state(member.user, EventTypes.MEMBER, member.user.value(), content);
        return event(member, draft, before, prevEvents, itsDepth);
    }

    private Pdu rule(Member creator, String type, JsonObject content) {
        Draft draft = Draft.state(creator.user, type, "", content);
        Pdu event = event(creator, draft, creator.event, List.copyOf(extremities), depth + 1);
        rules.put(event.key(), event.eventId());
        follows(event);
        return event;
    }

    private void follows(Pdu event) {
        extremities.clear();
        extremities.add(event.eventId());
        depth = event.depth();
    }

    private Pdu event(Member sender, Draft draft, @Nullable EventId ofMember, List<EventId> prevEvents, long itsDepth) {
        now += random.nextInt(1, LONGEST_PAUSE);
        List<EventId> authEvents =
                AuthEvents.select(draft.type(), draft.stateKey(), sender.user, draft.content(), version).stream()
                        .flatMap(key ->
                                Stream.ofNullable(key.type().equals(EventTypes.MEMBER) ? ofMember : rules.get(key)))
                        .toList();
        EventTemplate template = new EventTemplate(version, sender.user, draft.type(), draft.content())
                .stateKey(draft.stateKey())
                .prevEvents(prevEvents)
                .authEvents(authEvents)
                .depth(itsDepth)
                .originServerTs(now);
        if (id != null) {
            template.roomId(id);
        }
        return sender.server.sign(template);
    }
}
