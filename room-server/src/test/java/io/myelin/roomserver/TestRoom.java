package io.myelin.roomserver;

import static io.myelin.roomserver.TestShard.profile;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.room.CreateEvents;
import io.myelin.contracts.room.MembershipAction;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand;
import io.myelin.contracts.room.RoomCommand.ChangeMembership;
import io.myelin.contracts.room.RoomCommand.CreateRoom;
import io.myelin.contracts.room.RoomCommand.Invitee;
import io.myelin.contracts.room.RoomCommand.SendEvent;
import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.StateEntry;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.roomserver.room.Room;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A room of a {@link TestShard}, with the commands that tests send to it. */
public final class TestRoom {

    /** The options of a room that is to be made. */
    public static final class Wish {
        private final TestShard shard;
        private RoomVersion version = RoomVersions.V12;
        private UserId creator = TestShard.ALICE;
        private String preset = "private_chat";
        private @Nullable String levels;
        private @Nullable RoomAlias alias;
        private @Nullable String name;
        private @Nullable String topic;
        private boolean direct;
        private boolean published;
        private final List<StateEntry> initial = new ArrayList<>();
        private final List<Invitee> invitees = new ArrayList<>();
        private final List<UserId> additionalCreators = new ArrayList<>();

        private Wish(TestShard shard) {
            this.shard = shard;
        }

        public Wish version(String id) {
            return version(RoomVersions.find(id).orElseThrow());
        }

        public Wish version(RoomVersion value) {
            version = value;
            return this;
        }

        public Wish createdBy(UserId user) {
            creator = user;
            return this;
        }

        public Wish preset(String value) {
            preset = value;
            return this;
        }

        public Wish powerLevels(String json) {
            levels = json;
            return this;
        }

        public Wish alias(String value) {
            alias = new RoomAlias(value);
            return this;
        }

        public Wish name(String value) {
            name = value;
            return this;
        }

        public Wish topic(String value) {
            topic = value;
            return this;
        }

        public Wish direct() {
            direct = true;
            return this;
        }

        public Wish published() {
            published = true;
            return this;
        }

        public Wish initially(String type, String content) {
            initial.add(new StateEntry(type, "", content.getBytes(UTF_8)));
            return this;
        }

        public Wish inviting(UserId... users) {
            for (UserId user : users) {
                invitees.add(new Invitee(user, profile(user, 1, user.localpart())));
            }
            return this;
        }

        public Wish alsoCreatedBy(UserId user) {
            additionalCreators.add(user);
            return this;
        }

        public CreateRoom command() {
            JsonObject content = JsonObject.of("room_version", version.id());
            if (version.creatorInContent()) {
                content = content.with("creator", creator.value());
            }
            if (!additionalCreators.isEmpty()) {
                content = content.with(
                        "additional_creators",
                        JsonArray.ofStrings(
                                additionalCreators.stream().map(UserId::value).toList()));
            }
            RoomId chosen = new RoomId("!room" + shard.now + ":example.org");
            return new CreateRoom(
                    CreateEvents.roomId(version, creator, content, shard.now, chosen),
                    new Requester(creator, "DEVICE", null),
                    profile(creator, 1, creator.localpart()),
                    version.id(),
                    content.toString().getBytes(UTF_8),
                    shard.now,
                    preset,
                    published,
                    direct,
                    alias,
                    name,
                    topic,
                    levels == null ? null : levels.getBytes(UTF_8),
                    initial,
                    invitees);
        }

        public RoomAnswer answer() {
            return shard.execute(command());
        }

        public TestRoom create() {
            CreateRoom command = command();
            assertThat(shard.execute(command)).isInstanceOf(RoomAnswer.Done.class);
            return new TestRoom(shard, command.room());
        }
    }

    public final TestShard shard;
    public final RoomId id;

    private TestRoom(TestShard shard, RoomId id) {
        this.shard = shard;
        this.id = id;
    }

    public static Wish aRoom(TestShard shard) {
        return new Wish(shard);
    }

    public static Wish aRoom() {
        return new Wish(new TestShard());
    }

    public Room now() {
        return shard.room(id);
    }

    /** The room with these users in it, each invited by its creator. */
    public TestRoom with(UserId... users) {
        for (UserId user : users) {
            change(MembershipAction.INVITE, now().create().sender(), user);
            TestShard.sent(change(MembershipAction.JOIN, user, user));
        }
        return this;
    }

    public RoomAnswer change(MembershipAction action, UserId by, UserId target) {
        return change(action, by, target, null);
    }

    public RoomAnswer change(MembershipAction action, UserId by, UserId target, @Nullable String reason) {
        return shard.execute(ChangeMembership.of(
                id,
                new Requester(by, "DEVICE", null),
                action,
                target,
                reason,
                profile(target, 1, target.localpart()),
                null));
    }

    public RoomAnswer says(UserId sender, String text) {
        return send(sender, EventTypes.MESSAGE, "{\"msgtype\":\"m.text\",\"body\":\"" + text + "\"}");
    }

    public RoomAnswer send(UserId sender, String type, String content) {
        return execute(sender, type, null, content, null);
    }

    public RoomAnswer set(UserId sender, String type, String stateKey, String content) {
        return execute(sender, type, stateKey, content, null);
    }

    public RoomAnswer redact(UserId sender, EventId event) {
        return execute(sender, EventTypes.REDACTION, null, "{}", event);
    }

    private RoomAnswer execute(
            UserId sender, String type, @Nullable String stateKey, String content, @Nullable EventId redacts) {
        RoomCommand command = new SendEvent(
                id,
                new Requester(sender, "DEVICE", "txn" + shard.now),
                type,
                stateKey,
                content.getBytes(UTF_8),
                redacts,
                null,
                stateKey != null && stateKey.startsWith("@")
                        ? profile(new UserId(stateKey), 1, new UserId(stateKey).localpart())
                        : null);
        return shard.execute(command);
    }

    public Membership membership(UserId user) {
        return now().membership(user);
    }

    public JsonObject state(String type, String stateKey) {
        return requireNonNull(now().get(type, stateKey)).content();
    }

    public List<RoomFact.RoomEvent> events() {
        return shard.facts.stream()
                .flatMap(fact -> fact.fact() instanceof RoomFact.RoomEvent event
                                && event.room().equals(id)
                        ? Stream.of(event)
                        : Stream.of())
                .toList();
    }

    /** The types of all events in order; for a member event its membership instead. */
    public List<String> story() {
        return events().stream()
                .map(event -> event.type().equals(EventTypes.MEMBER)
                        ? content(event).string("membership").orElseThrow()
                        : event.type())
                .toList();
    }

    public static JsonObject content(RoomFact.RoomEvent event) {
        return JsonParser.parseObject(event.body()).object("content").orElseThrow();
    }
}
