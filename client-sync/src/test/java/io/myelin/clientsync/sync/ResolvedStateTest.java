package io.myelin.clientsync.sync;

import static io.myelin.clientsync.fixture.Server.ALICE;
import static io.myelin.clientsync.fixture.Server.BOB;
import static io.myelin.clientsync.fixture.Server.CAROL;
import static io.myelin.clientsync.fixture.SyncingClient.events;
import static io.myelin.clientsync.fixture.SyncingClient.ids;
import static io.myelin.clientsync.fixture.SyncingClient.in;
import static io.myelin.clientsync.fixture.SyncingClient.places;
import static io.myelin.clientsync.fixture.SyncingClient.room;
import static io.myelin.clientsync.fixture.SyncingClient.timelineIds;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientsync.fixture.Room;
import io.myelin.clientsync.fixture.Server;
import io.myelin.clientsync.fixture.SyncingClient;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Rooms with forks: state events that do not change the current state, and resolutions that do. */
class ResolvedStateTest {
    private static final String NAME = "m.room.name";
    private static final String BAN = "{\"membership\":\"ban\"}";

    private final Server server = new Server();
    private final Room kitchen = server.room("kitchen");
    private final SyncingClient alice = server.client(ALICE);
    private final SyncingClient bob = server.client(BOB);

    private EventId named;

    @BeforeEach
    void everybodyIsThere() {
        named = kitchen.state(ALICE, NAME, "", "{\"name\":\"Kitchen\"}");
        kitchen.join(BOB);
        alice.usingStateAfter().sync();
        bob.sync();
    }

    private EventId nameAside() {
        return kitchen.aside(BOB, NAME, "", "{\"name\":\"Cellar\"}");
    }

    private JsonObject kitchen(SyncingClient client) {
        return room(client.sync(), "join", kitchen.id());
    }

    @Nested
    class AnEventAside {
        @Test
        void isToldAndChangesNothing() {
            EventId aside = nameAside();
            JsonObject told = kitchen(alice);
            assertThat(ids(events(told, "timeline"))).containsExactly(aside.value());
            assertThat(events(told, "state_after")).isEmpty();
            assertThat(ids(events(room(alice.syncFullState(), "join", kitchen.id()), "state_after")))
                    .contains(named.value())
                    .doesNotContain(aside.value());
        }

        @Test
        void movesNobody() {
            kitchen.aside(ALICE, "m.room.member", BOB.value(), BAN);
            JsonObject answer = bob.sync();
            assertThat(timelineIds(answer, "join", kitchen)).hasSize(1);
            assertThat(room(answer, "leave", kitchen.id()).isEmpty()).isTrue();
            assertThat(in(kitchen(server.client(ALICE)), "summary", "m.joined_member_count"))
                    .isEqualTo(Json.of(2));
        }
    }

    @Nested
    class AStateThatWasResolved {
        @Test
        void isToldOnce() {
            EventId aside = nameAside();
            alice.sync();
            kitchen.resolve(aside);
            JsonObject told = kitchen(alice);
            assertThat(events(told, "timeline")).isEmpty();
            assertThat(ids(events(told, "state_after"))).containsExactly(aside.value());
            kitchen.say(BOB, "hello");
            assertThat(events(kitchen(alice), "state_after")).isEmpty();
        }

        @Test
        void isToldByTheTimelineAloneWhereThatHasItsEvent() {
            EventId aside = nameAside();
            kitchen.resolve(aside);
            JsonObject told = kitchen(bob);
            assertThat(ids(events(told, "timeline"))).containsExactly(aside.value());
            assertThat(events(told, "state")).isEmpty();
        }

        @Test
        void isToldWhereAnOlderEventIsBack() {
            EventId cellar = kitchen.state(BOB, NAME, "", "{\"name\":\"Cellar\"}");
            bob.sync();
            kitchen.resolve(named);
            JsonObject told = kitchen(bob);
            assertThat(ids(events(told, "state")))
                    .containsExactly(named.value())
                    .doesNotContain(cellar.value());
            assertThat(in(told, "summary", "m.joined_member_count")).isEqualTo(Json.of(2));
        }

        @Test
        void isToldWhereTheEventHadNoPlaceInTheRoom() {
            EventId kept = kitchen.keep(BOB, NAME, "", "{\"name\":\"Attic\"}");
            kitchen.resolve(kept);
            assertThat(ids(events(kitchen(bob), "state"))).containsExactly(kept.value());
        }

        @Test
        void isToldByAReaderThatWasNotThere() {
            kitchen.resolve(kitchen.keep(BOB, NAME, "", "{\"name\":\"Attic\"}"));
            server.restart(1);
            assertThat(places(events(kitchen(bob), "state"))).containsExactly("m.room.name ");
            assertThat(kitchen(bob).isEmpty()).isTrue();
        }

        @Test
        void isToldAfterAGapLongerThanTheWindow() {
            kitchen.resolve(kitchen.keep(BOB, NAME, "", "{\"name\":\"Attic\"}"));
            for (int i = 0; i < 150; i++) {
                kitchen.say(ALICE, "message " + i);
            }
            assertThat(places(events(kitchen(bob), "state"))).containsExactly("m.room.name ");
        }

        @Test
        void asksNoDatabaseWhereItsEventsAreHere() {
            EventId aside = nameAside();
            int before = server.rooms.asked;
            kitchen.resolve(aside);
            assertThat(ids(events(kitchen(alice), "state_after"))).containsExactly(aside.value());
            assertThat(server.rooms.asked).isEqualTo(before);
        }

        @Test
        void isToldOfMembersWhoAreLoadedLazily() {
            String lazy = "{\"room\":{\"state\":{\"lazy_load_members\":true}}}";
            EventId ban = kitchen.aside(ALICE, "m.room.member", CAROL.value(), BAN);
            bob.filter(lazy).sync();
            kitchen.resolve(ban);
            assertThat(ids(events(kitchen(bob), "state"))).containsExactly(ban.value());
        }
    }

    @Nested
    class AMembershipThatWasResolved {
        @Test
        void putsOutWhomABanReached() {
            EventId ban = kitchen.aside(ALICE, "m.room.member", BOB.value(), BAN);
            kitchen.resolve(ban);
            kitchen.say(ALICE, "secret");
            JsonObject answer = bob.sync();
            assertThat(timelineIds(answer, "leave", kitchen)).containsExactly(ban.value());
            assertThat(room(answer, "join", kitchen.id()).isEmpty()).isTrue();
            assertThat(in(kitchen(alice), "summary", "m.joined_member_count")).isEqualTo(Json.of(1));
            assertThat(room(bob.sync(), "leave", kitchen.id()).isEmpty()).isTrue();
        }

        @Test
        void putsOutWhoKnewOfTheBan() {
            EventId ban = kitchen.aside(ALICE, "m.room.member", BOB.value(), BAN);
            bob.sync();
            kitchen.resolve(ban);
            assertThat(ids(events(room(bob.sync(), "leave", kitchen.id()), "state")))
                    .containsExactly(ban.value());
        }

        @Test
        void bringsBackWhoseKickLost() {
            EventId joined = kitchen.join(BOB);
            kitchen.member(ALICE, BOB, "leave");
            bob.sync();
            EventId missed = kitchen.say(ALICE, "missed");
            kitchen.resolve(joined);
            EventId hello = kitchen.say(ALICE, "hello");
            JsonObject told = kitchen(bob);
            assertThat(in(told, "timeline", "limited")).isEqualTo(Json.of(true));
            assertThat(ids(events(told, "timeline"))).contains(missed.value(), hello.value());
            EventId again = kitchen.say(ALICE, "again");
            assertThat(timelineIds(bob.sync(), "join", kitchen)).containsExactly(again.value());
        }

        @Test
        void endsWithoutAnEvent() {
            kitchen.resolveAway("m.room.member", BOB.value());
            JsonObject answer = bob.sync();
            assertThat(room(answer, "leave", kitchen.id()).isEmpty()).isFalse();
            assertThat(in(kitchen(alice), "summary", "m.joined_member_count")).isEqualTo(Json.of(1));
        }

        @Test
        void invitesWhoseInvitationHadNoPlace() {
            SyncingClient carol = server.client(CAROL);
            carol.sync();
            kitchen.resolve(kitchen.keep(ALICE, "m.room.member", CAROL.value(), "{\"membership\":\"invite\"}"));
            assertThat(events(room(carol.sync(), "invite", kitchen.id()), "invite_state"))
                    .isNotEmpty();
            assertThat(room(carol.sync(), "invite", kitchen.id()).isEmpty()).isTrue();
        }
    }
}
