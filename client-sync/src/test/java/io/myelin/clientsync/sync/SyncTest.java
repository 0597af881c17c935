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
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SyncTest {
    private final Server server = new Server();
    private final Room kitchen = server.room("kitchen");
    private final SyncingClient alice = server.client(ALICE);
    private final SyncingClient bob = server.client(BOB);

    @Nested
    class AFirstSync {
        @Test
        void tellsTimelineStateAndSummary() {
            EventId hello = kitchen.say(ALICE, "hello");
            JsonObject told = room(alice.sync(), "join", kitchen.id());
            assertThat(ids(events(told, "timeline"))).hasSize(3).endsWith(hello.value());
            assertThat(in(told, "timeline", "limited")).isEqualTo(Json.of(false));
            assertThat(events(told, "state")).isEmpty();
            assertThat(in(told, "summary", "m.joined_member_count")).isEqualTo(Json.of(1));
        }

        @Test
        void tellsTheStateBeforeALimitedTimeline() {
            kitchen.state(ALICE, "m.room.name", "", "{\"name\":\"before\"}");
            for (int i = 0; i < 9; i++) {
                kitchen.say(ALICE, "message " + i);
            }
            kitchen.state(ALICE, "m.room.name", "", "{\"name\":\"after\"}");
            JsonObject told = room(alice.sync(), "join", kitchen.id());
            assertThat(events(told, "timeline")).hasSize(10);
            assertThat(in(told, "timeline", "limited")).isEqualTo(Json.of(true));
            assertThat(places(events(told, "state")))
                    .containsExactly("m.room.create ", "m.room.member @alice:test", "m.room.name ");
            assertThat(name(events(told, "state"))).isEqualTo("before");
        }

        @Test
        void tellsTheStateAfterTheTimelineIfAskedTo() {
            kitchen.state(ALICE, "m.room.name", "", "{\"name\":\"after\"}");
            JsonObject told = room(alice.usingStateAfter().sync(), "join", kitchen.id());
            assertThat(told.has("state")).isFalse();
            assertThat(name(events(told, "state_after"))).isEqualTo("after");
        }

        @Test
        void leavesOutRoomsThatWereLeftUnlessAskedFor() {
            kitchen.join(BOB);
            kitchen.leave(BOB);
            kitchen.say(ALICE, "secret");
            assertThat(room(bob.sync(), "leave", kitchen.id()).isEmpty()).isTrue();
            JsonObject asked = server.client(BOB)
                    .filter("{\"room\":{\"include_leave\":true}}")
                    .sync();
            assertThat(timelineIds(asked, "leave", kitchen)).hasSize(4);
        }

        @Test
        void leavesOutForgottenRooms() {
            kitchen.join(BOB);
            kitchen.leave(BOB);
            server.forget(kitchen.id(), BOB);
            JsonObject asked = server.client(BOB)
                    .filter("{\"room\":{\"include_leave\":true}}")
                    .sync();
            assertThat(room(asked, "leave", kitchen.id()).isEmpty()).isTrue();
        }

        private static String name(List<JsonObject> state) {
            return state.stream()
                    .filter(event -> event.string("type").orElse("").equals("m.room.name"))
                    .map(event -> in(event, "content", "name").toString().replace("\"", ""))
                    .findAny()
                    .orElse("");
        }
    }

    @Nested
    class ALaterSync {
        @Test
        void tellsOnlyWhatIsNew() {
            Room cellar = server.room("cellar");
            alice.sync();
            EventId hello = kitchen.say(ALICE, "hello");
            JsonObject answer = alice.sync();
            assertThat(timelineIds(answer, "join", kitchen)).containsExactly(hello.value());
            assertThat(room(answer, "join", cellar.id()).isEmpty()).isTrue();
            assertThat(timelineIds(alice.sync(), "join", kitchen)).isEmpty();
        }

        @Test
        void asksNoDatabase() {
            alice.sync();
            int before = server.rooms.asked;
            kitchen.say(ALICE, "hello");
            kitchen.join(BOB);
            kitchen.state(ALICE, "m.room.name", "", "{\"name\":\"x\"}");
            assertThat(timelineIds(alice.sync(), "join", kitchen)).hasSize(3);
            assertThat(server.rooms.asked).isEqualTo(before);
        }

        @Test
        void tellsTheStateThatChangedInAGap() {
            alice.sync();
            kitchen.join(BOB);
            for (int i = 0; i < 12; i++) {
                kitchen.say(ALICE, "message " + i);
            }
            JsonObject told = room(alice.sync(), "join", kitchen.id());
            assertThat(in(told, "timeline", "limited")).isEqualTo(Json.of(true));
            assertThat(places(events(told, "state"))).containsExactly("m.room.member @bob:test");
            assertThat(in(told, "summary", "m.joined_member_count")).isEqualTo(Json.of(2));
        }

        @Test
        void tellsTheStateThatChangedInAGapLongerThanTheWindow() {
            alice.sync();
            kitchen.join(BOB);
            for (int i = 0; i < 150; i++) {
                kitchen.say(ALICE, "message " + i);
            }
            JsonObject told = room(alice.sync(), "join", kitchen.id());
            assertThat(places(events(told, "state"))).containsExactly("m.room.member @bob:test");
            assertThat(events(told, "timeline")).hasSize(10);
        }

        @Test
        void saysNothingOfAQuietSummary() {
            alice.sync();
            kitchen.say(ALICE, "hello");
            assertThat(in(room(alice.sync(), "join", kitchen.id()), "summary")).isEqualTo(JsonObject.EMPTY);
        }

        @Test
        void tellsTheFullStateIfAskedTo() {
            alice.sync();
            JsonObject told = room(alice.syncFullState(), "join", kitchen.id());
            assertThat(events(told, "timeline")).isEmpty();
            assertThat(places(events(told, "state"))).containsExactly("m.room.create ", "m.room.member @alice:test");
        }

        @Test
        void startsARoomAgainWhoseShardWasRestoredFromACopy() {
            alice.sync();
            server.restart(2);
            JsonObject told = room(alice.sync(), "join", kitchen.id());
            assertThat(in(told, "timeline", "limited")).isEqualTo(Json.of(true));
            assertThat(events(told, "timeline")).hasSize(2);
        }

        @Test
        void doesNotWaitForAShardThatIsBehind() {
            alice.sync();
            String before = alice.token();
            server.roomLog.pause();
            EventId late = kitchen.say(ALICE, "late");
            assertThat(timelineIds(alice.sync(), "join", kitchen)).isEmpty();
            assertThat(alice.token()).isEqualTo(before);
            server.roomLog.resume();
            assertThat(timelineIds(alice.sync(), "join", kitchen)).containsExactly(late.value());
        }

        @Test
        void holdsAccountDataOfARoomWhoseShardIsBehind() {
            alice.sync();
            server.roomLog.pause();
            kitchen.say(ALICE, "late");
            server.accountData(ALICE, kitchen.id(), "m.tag", "{}");
            assertThat(room(alice.sync(), "join", kitchen.id()).isEmpty()).isTrue();
            server.roomLog.resume();
            assertThat(places(events(room(alice.sync(), "join", kitchen.id()), "account_data")))
                    .containsExactly("m.tag -");
        }

        @Test
        void tellsNoAccountDataAgainWhereItsShardIsBehind() {
            server.accountData(ALICE, null, "m.direct", "{}");
            alice.sync();
            String before = alice.token();
            server.accountLog.pause();
            server.accountData(ALICE, null, "m.direct", "{\"later\":[]}");
            assertThat(events(alice.sync(), "account_data")).isEmpty();
            assertThat(alice.token()).isEqualTo(before);
            server.accountLog.resume();
            assertThat(events(alice.sync(), "account_data")).hasSize(1);
        }
    }

    @Nested
    class Memberships {
        @Test
        void anInvitationIsToldInStrippedStateOnce() {
            bob.sync();
            kitchen.state(ALICE, "m.room.name", "", "{\"name\":\"Kitchen\"}");
            kitchen.invite(ALICE, BOB);
            JsonObject told = room(bob.sync(), "invite", kitchen.id());
            assertThat(places(events(told, "invite_state")))
                    .containsExactly(
                            "m.room.create ", "m.room.member @alice:test", "m.room.member @bob:test", "m.room.name ");
            assertThat(events(told, "invite_state")).allMatch(event -> !event.has("event_id"));
            assertThat(room(bob.sync(), "invite", kitchen.id()).isEmpty()).isTrue();
        }

        @Test
        void anInvitationByAnIgnoredUserIsNotTold() {
            server.accountData(BOB, null, "m.ignored_user_list", "{\"ignored_users\":{\"@alice:test\":{}}}");
            bob.sync();
            kitchen.invite(ALICE, BOB);
            assertThat(room(bob.sync(), "invite", kitchen.id()).isEmpty()).isTrue();
        }

        @Test
        void anAcceptedInvitationIsARoomFromTheStart() {
            EventId earlier = kitchen.say(ALICE, "earlier");
            kitchen.invite(ALICE, BOB);
            bob.sync();
            kitchen.join(BOB);
            JsonObject told = room(bob.sync(), "join", kitchen.id());
            assertThat(ids(events(told, "timeline"))).contains(earlier.value());
            assertThat(in(told, "timeline", "limited")).isEqualTo(Json.of(true));
            List<String> all = new java.util.ArrayList<>(places(events(told, "state")));
            all.addAll(places(events(told, "timeline")));
            assertThat(all).contains("m.room.create ", "m.room.member @alice:test", "m.room.member @bob:test");
        }

        @Test
        void whoComesBackByInvitationIsNotToldAgainWhatTheyKnow() {
            kitchen.join(BOB);
            EventId known = kitchen.say(ALICE, "known");
            kitchen.leave(BOB);
            bob.sync();
            EventId missed = kitchen.say(ALICE, "missed");
            kitchen.invite(ALICE, BOB);
            bob.sync();
            kitchen.join(BOB);
            assertThat(timelineIds(bob.sync(), "join", kitchen))
                    .contains(missed.value())
                    .doesNotContain(known.value());
        }

        @Test
        void aKickEndsTheRoomWithItself() {
            kitchen.join(BOB);
            bob.sync();
            EventId last = kitchen.say(ALICE, "last words");
            EventId kick = kitchen.member(ALICE, BOB, "leave");
            kitchen.say(ALICE, "secret");
            JsonObject answer = bob.sync();
            assertThat(timelineIds(answer, "leave", kitchen)).containsExactly(last.value(), kick.value());
            assertThat(room(answer, "join", kitchen.id()).isEmpty()).isTrue();
            assertThat(timelineIds(bob.sync(), "leave", kitchen)).isEmpty();
        }

        @Test
        void aKickLongAgoIsToldFromRoomServersHistory() {
            kitchen.join(BOB);
            bob.sync();
            EventId kick = kitchen.member(ALICE, BOB, "leave");
            for (int i = 0; i < 150; i++) {
                kitchen.say(ALICE, "secret " + i);
            }
            assertThat(timelineIds(bob.sync(), "leave", kitchen)).containsExactly(kick.value());
        }

        @Test
        void aRefusedInvitationTellsNothingOfTheRoom() {
            kitchen.visibility("joined");
            kitchen.say(ALICE, "secret");
            kitchen.invite(ALICE, BOB);
            bob.sync();
            EventId refusal = kitchen.leave(BOB);
            JsonObject told = room(bob.sync(), "leave", kitchen.id());
            assertThat(ids(events(told, "timeline"))).containsExactly(refusal.value());
            assertThat(events(told, "state")).isEmpty();
        }

        @Test
        void whoComesBackIsNotToldAgainWhatTheyKnow() {
            kitchen.join(BOB);
            EventId leave = kitchen.leave(BOB);
            bob.sync();
            kitchen.say(ALICE, "meanwhile");
            EventId join = kitchen.join(BOB);
            JsonObject told = room(bob.sync(), "join", kitchen.id());
            assertThat(ids(events(told, "timeline"))).endsWith(join.value()).doesNotContain(leave.value());
            assertThat(in(told, "timeline", "limited")).isEqualTo(Json.of(true));
        }

        @Test
        void aJoinedHistoryHidesWhatWasSaidWhileSomebodyWasAway() {
            kitchen.visibility("joined");
            kitchen.join(BOB);
            bob.sync();
            EventId leave = kitchen.leave(BOB);
            EventId secret = kitchen.say(ALICE, "secret");
            EventId join = kitchen.join(BOB);
            assertThat(timelineIds(bob.sync(), "join", kitchen))
                    .contains(leave.value(), join.value())
                    .doesNotContain(secret.value());
        }

        @Test
        void aKnockIsToldAsSuch() {
            bob.sync();
            kitchen.member(BOB, BOB, "knock");
            assertThat(events(room(bob.sync(), "knock", kitchen.id()), "knock_state"))
                    .isNotEmpty();
        }
    }

    @Nested
    class Events {
        @Test
        void bearTheirTransactionForTheDeviceThatSentThem() {
            kitchen.join(BOB);
            alice.sync();
            bob.sync();
            kitchen.say(ALICE, "hello", "txn1");
            JsonObject mine =
                    events(room(alice.sync(), "join", kitchen.id()), "timeline").getFirst();
            JsonObject theirs =
                    events(room(bob.sync(), "join", kitchen.id()), "timeline").getFirst();
            assertThat(in(mine, "unsigned", "transaction_id")).isEqualTo(Json.of("txn1"));
            assertThat(theirs.object("unsigned").orElseThrow().has("transaction_id"))
                    .isFalse();
            assertThat(in(theirs, "unsigned", "membership")).isEqualTo(Json.of("join"));
        }

        @Test
        void areWhatARedactionLeft() {
            EventId regretted = kitchen.say(ALICE, "regretted");
            alice.sync();
            EventId redaction = kitchen.redact(ALICE, regretted);
            JsonObject told = room(server.client(ALICE).sync(), "join", kitchen.id());
            JsonObject event = events(told, "timeline").get(2);
            assertThat(in(event, "content")).isEqualTo(JsonObject.EMPTY);
            assertThat(in(event, "unsigned", "redacted_because", "event_id")).isEqualTo(Json.of(redaction.value()));
            assertThat(in(events(told, "timeline").get(3), "redacts")).isEqualTo(Json.of(regretted.value()));
        }

        @Test
        void nameWhatTheyReplaced() {
            EventId first = kitchen.state(ALICE, "m.room.name", "", "{\"name\":\"one\"}");
            alice.sync();
            kitchen.state(ALICE, "m.room.name", "", "{\"name\":\"two\"}");
            JsonObject event =
                    events(room(alice.sync(), "join", kitchen.id()), "timeline").getFirst();
            assertThat(in(event, "unsigned", "prev_content", "name")).isEqualTo(Json.of("one"));
            assertThat(in(event, "unsigned", "replaces_state")).isEqualTo(Json.of(first.value()));
        }

        @Test
        void haveOnlyTheFieldsThatWereAskedFor() {
            kitchen.say(ALICE, "hello");
            alice.filter("{\"event_fields\":[\"content.body\",\"sender\"]}");
            JsonObject event =
                    events(room(alice.sync(), "join", kitchen.id()), "timeline").getLast();
            assertThat(event.names()).containsExactly("content", "sender");
        }

        @Test
        void areAsServersExchangeThemIfAskedFor() {
            EventId hello = kitchen.say(ALICE, "hello");
            JsonObject answer =
                    alice.filter("{\"event_format\":\"federation\"}").sync();
            JsonObject event =
                    events(room(answer, "join", kitchen.id()), "timeline").get(2);
            assertThat(event.names()).contains("room_id", "auth_events", "prev_events", "depth", "unsigned");
            assertThat(event.string("event_id")).contains(hello.value());
        }

        @Test
        void ofIgnoredUsersAreLeftOut() {
            kitchen.join(BOB);
            alice.sync();
            server.accountData(ALICE, null, "m.ignored_user_list", "{\"ignored_users\":{\"@bob:test\":{}}}");
            kitchen.say(BOB, "spam");
            EventId ham = kitchen.say(ALICE, "ham");
            assertThat(timelineIds(alice.sync(), "join", kitchen)).containsExactly(ham.value());
        }
    }

    @Nested
    class LazyMembers {
        private static final String LAZY = "{\"room\":{\"state\":{\"lazy_load_members\":true}}}";

        @Test
        void areThoseWhoSpokeAndOneself() {
            kitchen.join(BOB);
            kitchen.join(CAROL);
            kitchen.state(ALICE, "m.room.name", "", "{\"name\":\"Kitchen\"}");
            for (int i = 0; i < 12; i++) {
                kitchen.say(ALICE, "message " + i);
            }
            JsonObject told = room(bob.filter(LAZY).sync(), "join", kitchen.id());
            assertThat(places(events(told, "state")))
                    .containsExactly(
                            "m.room.create ", "m.room.member @alice:test", "m.room.member @bob:test", "m.room.name ");
        }

        @Test
        void areSentOnce() {
            kitchen.join(BOB);
            alice.filter(LAZY + " ").sync();
            for (int i = 0; i < 12; i++) {
                kitchen.say(ALICE, "message " + i);
            }
            bob.filter(LAZY).sync();
            kitchen.say(ALICE, "again");
            assertThat(events(room(bob.sync(), "join", kitchen.id()), "state")).isEmpty();
        }

        @Test
        void areRememberedWhenAnAnswerToldNothing() {
            kitchen.join(BOB);
            for (int i = 0; i < 12; i++) {
                kitchen.say(ALICE, "message " + i);
            }
            bob.filter(LAZY).sync();
            for (int i = 0; i < 4; i++) {
                server.room("elsewhere" + i);
            }
            String before = bob.token();
            bob.sync();
            assertThat(bob.token()).isNotEqualTo(before);
            kitchen.say(ALICE, "again");
            assertThat(events(room(bob.sync(), "join", kitchen.id()), "state")).isEmpty();
        }

        @Test
        void areSentAgainToWhoeverRepeatsARequestWhoseAnswerWasLost() {
            kitchen.join(CAROL);
            kitchen.state(ALICE, "m.room.name", "", "{\"name\":\"Kitchen\"}");
            kitchen.join(BOB);
            for (int i = 0; i < 12; i++) {
                kitchen.say(ALICE, "message " + i);
            }
            bob.filter(LAZY).sync();
            String before = bob.token();
            kitchen.say(CAROL, "hello");
            List<String> first = places(events(room(bob.sync(), "join", kitchen.id()), "state"));
            bob.goBackTo(before);
            List<String> second = places(events(room(bob.sync(), "join", kitchen.id()), "state"));
            assertThat(first).containsExactly("m.room.member @carol:test").isEqualTo(second);
            kitchen.say(CAROL, "again");
            assertThat(events(room(bob.sync(), "join", kitchen.id()), "state")).isEmpty();
        }
    }

    @Nested
    class AccountData {
        @Test
        void isToldWhenItChanges() {
            alice.sync();
            server.accountData(ALICE, null, "org.example", "{\"a\":1}");
            server.accountData(ALICE, kitchen.id(), "m.tag", "{\"tags\":{\"u.x\":{}}}");
            JsonObject answer = alice.sync();
            assertThat(places(events(answer, "account_data"))).containsExactly("org.example -");
            assertThat(places(events(room(answer, "join", kitchen.id()), "account_data")))
                    .containsExactly("m.tag -");
            assertThat(events(alice.sync(), "account_data")).isEmpty();
        }

        @Test
        void comesWithARoomThatWasJustJoined() {
            server.accountData(BOB, kitchen.id(), "m.tag", "{\"tags\":{}}");
            bob.sync();
            kitchen.join(BOB);
            assertThat(events(room(bob.sync(), "join", kitchen.id()), "account_data"))
                    .hasSize(1);
        }
    }

    @Nested
    class Filters {
        @Test
        void keepTypesBackAndTellTheirStateInstead() {
            alice.filter("{\"room\":{\"timeline\":{\"types\":[\"m.room.mess*\"]}}}")
                    .sync();
            kitchen.state(ALICE, "m.room.name", "", "{\"name\":\"x\"}");
            EventId hello = kitchen.say(ALICE, "hello");
            JsonObject told = room(alice.sync(), "join", kitchen.id());
            assertThat(ids(events(told, "timeline"))).containsExactly(hello.value());
            assertThat(places(events(told, "state"))).containsExactly("m.room.name ");
        }

        @Test
        void keepRoomsBack() {
            alice.filter("{\"room\":{\"not_rooms\":[\"" + kitchen.id() + "\"]}}");
            assertThat(room(alice.sync(), "join", kitchen.id()).isEmpty()).isTrue();
        }

        @Test
        void canBeStored() {
            server.accounts.filters.put(
                    "7", "{\"room\":{\"timeline\":{\"limit\":1}}}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            assertThat(timelineIds(alice.filter("7").sync(), "join", kitchen)).hasSize(1);
        }
    }
}
