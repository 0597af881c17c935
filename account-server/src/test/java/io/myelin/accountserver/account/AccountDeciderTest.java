package io.myelin.accountserver.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.Position;
import io.myelin.contracts.account.AccountAnswer;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.AccountCommand.NewDevice;
import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.room.RoomCommand;
import io.myelin.matrix.id.UserId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class AccountDeciderTest {
    private static final UserId ALICE = UserId.parse("@alice:example.org");
    private static final String HASH = "$argon2id$one";

    private final Lane lane = new Lane();

    @Test
    void registersAUserWithItsFirstSession() {
        var result = lane.decide(register());
        assertThat(result.answer()).isEqualTo(new AccountAnswer.Done(new Position(3, 1, 3)));
        assertThat(result.facts())
                .hasExactlyElementsOfTypes(
                        AccountFact.AccountRegistered.class,
                        AccountFact.ProfileChanged.class,
                        AccountFact.DeviceChanged.class);
        assertThat(account().profile().displayName()).isEqualTo("alice");
        assertThat(account().devices()).containsOnlyKeys("PHONE");
    }

    /** An owner waits for the next release with what it does not understand; a refusal would be final. */
    @Test
    void saysWhatItDoesNotUnderstand() {
        var decider = new AccountDecider(Lane.ROOM_SHARDS, () -> Lane.LIMITS);
        assertThat(decider.understands(new AccountCommand.Unknown(ALICE))).isFalse();
        assertThat(decider.understands(register())).isTrue();
    }

    @Test
    void tellsNoRoomOfAUserWhoIsInNone() {
        assertThat(lane.decide(register()).orders()).isEmpty();
    }

    @Test
    void logsNobodyInWhoDoesNotExist() {
        lane.decide(login("PHONE", null, 1)).isRefused(403, "M_FORBIDDEN");
    }

    @Nested
    class OfARegisteredUser {
        @BeforeEach
        void register() {
            lane.decide(AccountDeciderTest.register());
        }

        @Test
        void givesANameOnlyOnce() {
            lane.decide(AccountDeciderTest.register()).isRefused(400, "M_USER_IN_USE");
        }

        @Test
        void logsInOnAnotherDevice() {
            var result = lane.decide(login("LAPTOP", "My laptop", 2));
            assertThat(result.facts()).singleElement().isInstanceOfSatisfying(AccountFact.DeviceChanged.class, fact -> {
                assertThat(fact.displayName()).isEqualTo("My laptop");
                assertThat(fact.tokenHash()).isEqualTo(token(2));
            });
            assertThat(account().devices()).containsOnlyKeys("PHONE", "LAPTOP");
        }

        @Test
        void logsOutWhoLoggedInLongestAgoForADeviceTooMany() {
            for (int i = 2; i <= Lane.LIMITS.devices(); i++) {
                lane.decide(login("DEVICE" + i, null, i));
            }
            lane.decide(login("PHONE", null, 100)); // The device is known, so it takes no place; it is the newest now.
            var result = lane.decide(login("ANOTHER", null, 101));
            assertThat(result.facts().getFirst()).isEqualTo(new AccountFact.DeviceRemoved(ALICE, "DEVICE2"));
            assertThat(account().devices()).containsOnlyKeys("PHONE", "DEVICE3", "DEVICE4", "ANOTHER");
        }

        @Test
        void replacesTheTokenOfAKnownDeviceAndKeepsItsName() {
            lane.decide(login("PHONE", "Another name", 2));
            Device phone = account().devices().get("PHONE");
            assertThat(phone).isNotNull();
            assertThat(phone.displayName()).isEqualTo("My phone");
            assertThat(phone.tokenHash()).isEqualTo(token(2));
            assertThat(phone.session()).isEqualTo(4);
        }

        @Test
        void beginsNoSessionWithoutAPassword() {
            lane.decide(new AccountCommand.Login(ALICE, null, new NewDevice("LAPTOP", null, token(2))))
                    .isRefused(403, "M_FORBIDDEN");
            assertThat(account().devices()).containsOnlyKeys("PHONE");
        }

        @Test
        void refusesALoginWhosePasswordWasChangedMeanwhile() {
            lane.decide(new AccountCommand.ChangePassword(ALICE, "$argon2id$two", null));
            lane.decide(login("LAPTOP", null, 2)).isRefused(403, "M_FORBIDDEN");
        }

        @Test
        void endsASession() {
            var result = lane.decide(new AccountCommand.Logout(ALICE, List.of("PHONE"), null));
            assertThat(result.facts()).containsExactly(new AccountFact.DeviceRemoved(ALICE, "PHONE"));
            assertThat(account().devices()).isEmpty();
        }

        @Test
        void endsNoSessionTwice() {
            lane.decide(new AccountCommand.Logout(ALICE, List.of("PHONE"), null));
            assertThat(lane.decide(new AccountCommand.Logout(ALICE, List.of("PHONE"), null))
                            .facts())
                    .isEmpty();
        }

        @Test
        void endsAllSessions() {
            lane.decide(login("LAPTOP", null, 2));
            var result = lane.decide(new AccountCommand.Logout(ALICE, List.of(), null));
            assertThat(result.facts())
                    .containsExactly(
                            new AccountFact.DeviceRemoved(ALICE, "LAPTOP"),
                            new AccountFact.DeviceRemoved(ALICE, "PHONE"));
        }

        @Test
        void endsTheOtherSessionsWithTheOldPassword() {
            lane.decide(login("LAPTOP", null, 2));
            var result = lane.decide(new AccountCommand.ChangePassword(ALICE, "$argon2id$two", "LAPTOP"));
            assertThat(result.facts())
                    .containsExactly(
                            new AccountFact.PasswordChanged(ALICE), new AccountFact.DeviceRemoved(ALICE, "PHONE"));
            assertThat(account().passwordHash()).isEqualTo("$argon2id$two");
        }

        @Test
        void publishesNoPassword() {
            for (var change : lane.decide(new AccountCommand.ChangePassword(ALICE, "$argon2id$two", null))
                    .decision()
                    .facts()) {
                assertThat(new String(Cbor.encode(change.published()), StandardCharsets.ISO_8859_1))
                        .doesNotContain("argon2id");
            }
        }

        @Test
        void renamesADevice() {
            var result = lane.decide(new AccountCommand.RenameDevice(ALICE, "PHONE", "New name"));
            assertThat(result.facts()).singleElement().isInstanceOfSatisfying(AccountFact.DeviceChanged.class, fact -> {
                assertThat(fact.displayName()).isEqualTo("New name");
                assertThat(fact.tokenHash()).isEqualTo(token(1));
            });
        }

        @Test
        void renamesNoDeviceThatIsNotThere() {
            lane.decide(new AccountCommand.RenameDevice(ALICE, "FRIDGE", "New name"))
                    .isRefused(404, "M_NOT_FOUND");
        }

        @Test
        void tellsEveryRoomShardOfANewName() {
            var result = lane.decide(field("displayname", "\"Alice\""));
            assertThat(result.orders()).hasSize(Lane.ROOM_SHARDS);
            for (int shard = 0; shard < Lane.ROOM_SHARDS; shard++) {
                int expected = shard;
                assertThat(result.orders().get(shard)).isInstanceOfSatisfying(RoomCommand.ApplyProfile.class, order -> {
                    assertThat(order.shard()).isEqualTo(expected);
                    assertThat(order.profile().displayName()).isEqualTo("Alice");
                    assertThat(order.profile().at()).isEqualTo(new Position(3, 1, 4));
                });
            }
        }

        @Test
        void tellsNoRoomOfWhatRoomsDoNotShow() {
            var result = lane.decide(field("m.tz", "\"Europe/Berlin\""));
            assertThat(result.facts()).hasSize(1);
            assertThat(result.orders()).isEmpty();
            assertThat(account().profile().fields()).containsOnlyKeys("m.tz");
        }

        @Test
        void makesNothingOfANameThatIsTheSame() {
            var result = lane.decide(field("displayname", "\"alice\""));
            assertThat(result.facts()).isEmpty();
            assertThat(result.orders()).isEmpty();
            assertThat(result.answer()).isInstanceOf(AccountAnswer.Done.class);
        }

        @Test
        void removesAField() {
            lane.decide(field("m.tz", "\"Europe/Berlin\""));
            lane.decide(field("m.tz", null));
            assertThat(account().profile().fields()).isEmpty();
        }

        @Test
        void weighsTheProfileWithTheAccount() {
            long empty = account().weight();
            String text = "x".repeat(30 << 10);
            lane.decide(field("m.long", "\"" + text + "\""));
            assertThat(account().weight()).isGreaterThan(empty + text.length());
            long one = account().weight();
            for (int i = 0; i < 100; i++) {
                lane.decide(field("m.f" + i, "1"));
            }
            assertThat(account().weight()).isGreaterThan(one + 100 * 100);
        }

        @Test
        void keepsProfilesBelowTheirLimit() {
            String half = "\"" + "x".repeat(40_000) + "\"";
            lane.decide(field("org.example.one", half));
            lane.decide(field("org.example.two", half)).isRefused(400, "M_PROFILE_TOO_LARGE");
        }

        @Nested
        class WhoWasDeactivated {
            private Lane.Result result;

            @BeforeEach
            void deactivate() {
                result = lane.decide(new AccountCommand.Deactivate(ALICE, true));
            }

            @Test
            void hasNoSessionAndNoPasswordAndNoProfile() {
                assertThat(result.facts())
                        .hasExactlyElementsOfTypes(
                                AccountFact.AccountDeactivated.class,
                                AccountFact.DeviceRemoved.class,
                                AccountFact.ProfileChanged.class);
                assertThat(account().passwordHash()).isNull();
                assertThat(account().devices()).isEmpty();
                assertThat(account().profile().deactivated()).isTrue();
                assertThat(account().profile().displayName()).isNull();
                assertThat(result.orders()).hasSize(Lane.ROOM_SHARDS);
            }

            @Test
            void isErasedForEverIfThatWasWished() {
                assertThat(account().erased()).isTrue();
                assertThat(result.facts().getFirst()).isEqualTo(new AccountFact.AccountDeactivated(ALICE, true));
                assertThat(lane.decide(new AccountCommand.Deactivate(ALICE, false))
                                .facts())
                        .isEmpty();
                assertThat(account().erased()).isTrue();
            }

            @Test
            void cannotLogInAgain() {
                lane.decide(login("PHONE", null, 3)).isRefused(403, "M_FORBIDDEN");
            }

            @Test
            void keepsTheNameForEver() {
                lane.decide(AccountDeciderTest.register()).isRefused(400, "M_USER_IN_USE");
            }

            @Test
            void isNotDeactivatedTwice() {
                assertThat(lane.decide(new AccountCommand.Deactivate(ALICE, true))
                                .facts())
                        .isEmpty();
            }

            @Test
            void changesNothingAnyMore() {
                lane.decide(field("displayname", "\"Ghost\"")).isRefused(404, "M_NOT_FOUND");
                lane.decide(new AccountCommand.ChangePassword(ALICE, "$argon2id$two", null))
                        .isRefused(404, "M_NOT_FOUND");
            }
        }
    }

    @Test
    void answersACommandOfALaterReleaseAsUnsupported() {
        lane.decide(new AccountCommand.Unknown(ALICE)).isRefused(400, "M_UNRECOGNIZED");
    }

    private UserState.Account account() {
        return (UserState.Account) lane.state(new EntityKey.OfUser(ALICE));
    }

    private static AccountCommand register() {
        return new AccountCommand.Register(
                ALICE, HASH, new NewDevice("PHONE", "My phone", token(1)), false, false, "alice");
    }

    private static AccountCommand login(String device, @Nullable String name, int token) {
        return new AccountCommand.Login(ALICE, HASH, new NewDevice(device, name, token(token)));
    }

    private static AccountCommand field(String field, @Nullable String json) {
        return new AccountCommand.SetProfileField(
                ALICE, field, json == null ? null : json.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] token(int number) {
        byte[] hash = new byte[32];
        Arrays.fill(hash, (byte) number);
        return hash;
    }
}
