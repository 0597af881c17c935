package io.myelin.roomserver.federated;

import static io.myelin.roomserver.federated.Verdict.Step.BY_AUTH_EVENTS;
import static io.myelin.roomserver.federated.Verdict.Step.BY_STATE_BEFORE;

import io.myelin.matrix.auth.JoinRule;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.room.RoomVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Generates a room from a seed. First it is made and everybody joins; then comes an ambush, so that every room has an event
 * for each check; then random deeds of its users.
 */
final class RoomGenerator {
    private static final List<String> NAMES =
            List.of("one.example", "two.example", "three.example:8448", "[2001:db8::4]");
    private static final int MIN_EVENTS = 30;
    private static final int MAX_EVENTS = 80;

    private final RoomVersion version;
    private final long seed;
    private final Random random;
    private final ReferenceRoom room;
    private final Map<ServerName, RemoteServer> servers = new LinkedHashMap<>();
    private final List<Participant> participants = new ArrayList<>();
    private final UserId creator;
    private final Composition composition;
    private final DraftGenerator deeds;
    private final RejectedEvents misdeeds;

    RoomGenerator(RoomVersion version, long seed) {
        this.version = version;
        this.seed = seed;
        this.random = new Random(seed);
        this.room = new ReferenceRoom(version);
        List<UserId> users = new ArrayList<>();
        for (String name : NAMES.subList(0, random.nextInt(2, NAMES.size() + 1))) {
            RemoteServer server = RemoteServer.named(name);
            List<UserId> ofServer = List.of(server.user("first"), server.user("second"));
            servers.put(server.name(), server);
            participants.add(new Participant(ofServer, room));
            users.addAll(ofServer);
        }
        this.creator = users.getFirst();
        this.composition = new Composition(version, room, servers, random);
        this.deeds = new DraftGenerator(version, creator, users, random);
        this.misdeeds = new RejectedEvents(room, composition, users, random);
    }

    FederatedRoom generate() {
        begin();
        ambush();
        for (int end = random.nextInt(MIN_EVENTS, MAX_EVENTS); room.events().size() < end; ) {
            step();
        }
        return new FederatedRoom(version, seed, servers, room.events());
    }

    private void begin() {
        Participant first = participants.getFirst();
        Pdu create = composition.create(creator);
        room.receive(create);
        first.sent(create);
        does(first, Draft.joins(creator));
        does(first, Draft.powerLevels(creator, deeds.firstLevels()));
        boolean isPublic = random.nextBoolean();
        does(first, Draft.joinRule(creator, DraftGenerator.joinRule(isPublic ? JoinRule.PUBLIC : JoinRule.INVITE)));
        for (Participant participant : participants) {
            for (UserId user : participant.users()) {
                if (!user.equals(creator)) {
                    if (!isPublic) {
                        does(first, Draft.member(creator, user, Membership.INVITE));
                    }
                    participant.receiveAllFrom(first);
                    does(participant, Draft.joins(user));
                    first.receiveAllFrom(participant);
                }
            }
        }
    }

    /**
     * A user is banned while they speak, which makes a fork that is merged; then their server lets them speak as if there
     * were no ban, and come back in spite of it; and the server's other user speaks after that.
     */
    private void ambush() {
        Participant host = participants.getFirst();
        Participant guest = participants.get(1);
        UserId banned = guest.users().getLast();
        does(host, Draft.member(creator, banned, Membership.BAN));
        does(guest, deeds.says(banned));
        does(guest, deeds.says(guest.users().getFirst()));
        host.receiveAllFrom(guest);
        does(host, deeds.says(creator));
        guest.receiveAllFrom(host);
        does(guest, misdeed(BY_STATE_BEFORE, guest, banned));
        does(guest, misdeed(BY_AUTH_EVENTS, guest, banned));
        does(guest, deeds.says(guest.users().getFirst()));
    }

    private Pdu misdeed(Verdict.Step step, Participant participant, UserId sender) {
        return misdeeds.rejected(step, sender, participant.extremities(), participant.seen())
                .orElseThrow();
    }

    private void step() {
        Participant participant = participants.get(random.nextInt(participants.size()));
        UserId sender =
                participant.users().get(random.nextInt(participant.users().size()));
        int dice = random.nextInt(100);
        if (dice < 25) {
            Participant other = participants.get(random.nextInt(participants.size()));
            participant.receiveFrom(other, random.nextInt(1, 12));
        } else if (dice < 33) {
            tries(BY_AUTH_EVENTS, participant, sender);
        } else if (dice < 45) {
            tries(BY_STATE_BEFORE, participant, sender);
        } else {
            List<EventId> prevEvents = participant.someExtremities(random);
            var state = room.authState(room.stateAfter(prevEvents));
            Pdu event =
                    composition.event(deeds.next(sender, state, participant.seen(), participant.unseen()), prevEvents);
            if (room.judge(event).isAccepted()) {
                does(participant, event);
            }
        }
    }

    /** Makes an event that this step rejects, if possible. The server goes on from the event, or passes it over. */
    private void tries(Verdict.Step step, Participant participant, UserId sender) {
        misdeeds.rejected(step, sender, participant.someExtremities(random), participant.seen())
                .ifPresent(event -> {
                    if (random.nextBoolean()) {
                        does(participant, event);
                    } else {
                        room.receive(event);
                        participant.passedOver(event);
                    }
                });
    }

    private void does(Participant participant, Draft draft) {
        does(participant, composition.event(draft, participant.extremities()));
    }

    private void does(Participant participant, Pdu event) {
        room.receive(event);
        participant.sent(event);
    }
}
