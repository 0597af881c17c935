package io.myelin.accountserver.account;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.AccountCommand.NewDevice;
import io.myelin.contracts.account.KeyAnswer;
import io.myelin.contracts.account.KeyAnswer.ClaimedKey;
import io.myelin.contracts.account.KeyCommand;
import io.myelin.contracts.account.KeyCommand.Claim;
import io.myelin.contracts.account.KeyCommand.DeviceKey;
import io.myelin.contracts.account.KeyFact;
import io.myelin.matrix.id.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class KeyDecisionsTest {
    private static final UserId ALICE = UserId.parse("@alice:example.org");
    private static final UserId BOB = UserId.parse("@bob:example.org");
    private static final String ALGORITHM = "signed_curve25519";
    private static final EntityKey KEYS = new EntityKey.OfKeys(ALICE);
    private static final EntityKey ONE_TIME = new EntityKey.OfOneTimeKeys(ALICE, "PHONE");

    private final Lane lane = new Lane();

    @BeforeEach
    void register() {
        lane.decide(new AccountCommand.Register(ALICE, "hash", device("PHONE"), false, false, null));
        lane.decide(new AccountCommand.Register(BOB, "hash", device("LAPTOP"), false, false, null));
    }

    private static NewDevice device(String id) {
        return new NewDevice(id, null, new byte[32]);
    }

    private static DeviceKey key(String id) {
        return new DeviceKey(ALGORITHM, id, ("{\"key\":\"" + id + "\",\"signatures\":{}}").getBytes(UTF_8));
    }

    private Lane.Result upload(@Nullable String deviceKeys, List<DeviceKey> oneTime, List<DeviceKey> fallback) {
        return lane.decide(new KeyCommand.UploadKeys(
                ALICE, "PHONE", deviceKeys == null ? null : deviceKeys.getBytes(UTF_8), oneTime, fallback));
    }

    private Lane.Result claim(Claim... claims) {
        return lane.decide(new KeyCommand.ClaimKeys(ALICE, List.of(claims)));
    }

    private static Claim ofPhone() {
        return new Claim(ALICE, "PHONE", ALGORITHM);
    }

    private static List<String> claimed(Lane.Result result) {
        return ((KeyAnswer.KeysClaimed) result.answer())
                .keys().stream().map(ClaimedKey::id).toList();
    }

    private static Map<String, Integer> stored(Lane.Result result) {
        return ((KeyAnswer.KeysStored) result.answer()).oneTimeKeys();
    }

    @Nested
    class Uploading {
        @Test
        void storesKeysOfTheDevice() {
            var result = upload("{\"a\":1}", List.of(key("1"), key("2")), List.of(key("f")));
            assertThat(stored(result)).containsExactly(Map.entry(ALGORITHM, 2));
            assertThat(result.keyFacts())
                    .containsExactly(
                            new KeyFact.KeyCountsChanged(ALICE, "PHONE", Map.of(ALGORITHM, 2), List.of(ALGORITHM)),
                            new KeyFact.DeviceListChanged(ALICE));
        }

        @Test
        void changesNothingTheSecondTime() {
            upload("{\"a\":1}", List.of(key("1")), List.of(key("f")));
            var again = upload("{\"a\":1}", List.of(key("1")), List.of(key("f")));
            assertThat(stored(again)).containsExactly(Map.entry(ALGORITHM, 1));
            assertThat(again.decision().facts()).isEmpty();
            assertThat(again.decision().changes()).isEmpty();
        }

        @Test
        void takesTheSameKeyWithAnotherSignature() {
            upload(null, List.of(key("1")), List.of());
            var signedAnew = new DeviceKey(ALGORITHM, "1", "{\"key\":\"1\",\"signatures\":{\"a\":{}}}".getBytes(UTF_8));
            assertThat(upload(null, List.of(signedAnew), List.of()).decision().facts())
                    .isEmpty();
        }

        @Test
        void refusesAnotherKeyOfTheSameName() {
            upload(null, List.of(key("1")), List.of());
            upload(null, List.of(key("2"), new DeviceKey(ALGORITHM, "1", "{\"key\":\"x\"}".getBytes(UTF_8))), List.of())
                    .isRefused(400, "M_UNKNOWN");
        }

        @Test
        void refusesTooManyOneTimeKeys() {
            List<DeviceKey> all = IntStream.range(0, KeyLimits.ONE_TIME_KEYS)
                    .mapToObj(i -> key("k" + i))
                    .toList();
            upload(null, all, List.of());
            upload(null, List.of(key("more")), List.of()).isRefused(400, "M_TOO_LARGE");
            assertThat(stored(upload(null, all, List.of()))).containsEntry(ALGORITHM, KeyLimits.ONE_TIME_KEYS);
        }

        @Test
        void refusesKeysOfADeviceThatIsGone() {
            lane.decide(new AccountCommand.Logout(ALICE, List.of("PHONE"), null));
            upload("{\"a\":1}", List.of(), List.of()).isRefused(401, "M_UNKNOWN_TOKEN");
        }

        @Test
        void otherKeysOfTheDeviceLoseTheSignature() {
            upload("{\"a\":1}", List.of(), List.of());
            assertThat(upload("{\"a\":2}", List.of(), List.of()).keyFacts())
                    .containsExactly(new KeyFact.DeviceListChanged(ALICE));
        }
    }

    @Nested
    class Claiming {
        @Test
        void givesTheOldestKeyAndEachOnce() {
            upload(null, List.of(key("9")), List.of());
            upload(null, List.of(key("2"), key("1")), List.of());
            List<String> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                all.addAll(claimed(claim(ofPhone())));
            }
            assertThat(all).containsExactly("9", "1", "2");
        }

        @Test
        void givesTheFallbackKeyAgainAndAgain() {
            upload(null, List.of(), List.of(key("f")));
            var first = claim(ofPhone());
            assertThat(claimed(first)).containsExactly("f");
            assertThat(first.keyFacts())
                    .containsExactly(new KeyFact.KeyCountsChanged(ALICE, "PHONE", Map.of(), List.of()));
            var second = claim(ofPhone());
            assertThat(claimed(second)).containsExactly("f");
            assertThat(second.keyFacts()).isEmpty();
        }

        @Test
        void aUsedFallbackKeyStaysUsedUntilAnotherComes() {
            upload(null, List.of(), List.of(key("f")));
            claim(ofPhone());
            assertThat(upload(null, List.of(), List.of(key("f"))).keyFacts()).isEmpty();
            assertThat(upload(null, List.of(), List.of(key("g"))).keyFacts())
                    .containsExactly(new KeyFact.KeyCountsChanged(ALICE, "PHONE", Map.of(), List.of(ALGORITHM)));
        }

        @Test
        void aRepeatedUploadBringsNoClaimedKeyBack() {
            upload(null, List.of(key("1"), key("2")), List.of());
            assertThat(claimed(claim(ofPhone()))).containsExactly("1");
            assertThat(stored(upload(null, List.of(key("1"), key("2")), List.of())))
                    .containsExactly(Map.entry(ALGORITHM, 1));
            assertThat(claimed(claim(ofPhone()))).containsExactly("2");
            assertThat(claimed(claim(ofPhone()))).isEmpty();
        }

        @Test
        void anotherKeyMayHaveTheNameOfAClaimedOne() {
            upload(null, List.of(key("1")), List.of());
            claim(ofPhone());
            upload(null, List.of(new DeviceKey(ALGORITHM, "1", "{\"key\":\"x\"}".getBytes(UTF_8))), List.of());
            assertThat(claimed(claim(ofPhone()))).containsExactly("1");
        }

        @Test
        void claimsOfSeveralDevicesAreOneCommand() {
            upload(null, List.of(key("1")), List.of());
            lane.decide(new KeyCommand.UploadKeys(BOB, "LAPTOP", null, List.of(key("b")), List.of()));
            assertThat(claimed(
                            claim(ofPhone(), new Claim(BOB, "LAPTOP", ALGORITHM), new Claim(BOB, "ABSENT", ALGORITHM))))
                    .containsExactly("1", "b");
        }
    }

    @Nested
    class Removing {
        @BeforeEach
        void uploadAll() {
            upload("{\"a\":1}", List.of(key("1")), List.of(key("f")));
        }

        @Test
        void aDeviceTakesItsKeysWithIt() {
            var result = lane.decide(new AccountCommand.Logout(ALICE, List.of("PHONE"), null));
            assertThat(result.keyFacts()).containsExactly(new KeyFact.DeviceListChanged(ALICE));
            assertThat(lane.state(KEYS)).isEqualTo(UserKeys.NONE);
            assertThat(lane.state(ONE_TIME)).isEqualTo(OneTimeKeys.NONE);
            assertThat(claimed(claim(ofPhone()))).isEmpty();
        }

        @Test
        void aDeviceThatIsMadeAnewHasNoKeys() {
            lane.decide(new AccountCommand.Logout(ALICE, List.of("PHONE"), null));
            lane.decide(new AccountCommand.BeginSession(ALICE, device("PHONE")));
            assertThat(claimed(claim(ofPhone()))).isEmpty();
        }

        @Test
        void anotherLoginOfTheDeviceKeepsItsKeys() {
            var result = lane.decide(new AccountCommand.BeginSession(ALICE, device("PHONE")));
            assertThat(result.keyFacts()).isEmpty();
            assertThat(claimed(claim(ofPhone()))).containsExactly("1");
        }

        @Test
        void aClosedAccountHasNoKeys() {
            lane.decide(new AccountCommand.Deactivate(ALICE, false));
            assertThat(lane.state(KEYS)).isEqualTo(UserKeys.NONE);
            assertThat(lane.state(ONE_TIME)).isEqualTo(OneTimeKeys.NONE);
        }
    }

    @Test
    void theSameNameAgainIsNoChange() {
        lane.decide(new AccountCommand.RenameDevice(ALICE, "PHONE", "Phone"));
        assertThat(lane.decide(new AccountCommand.RenameDevice(ALICE, "PHONE", "Phone"))
                        .decision()
                        .facts())
                .isEmpty();
    }

    @Test
    void othersSeeNewDevicesAndNewNames() {
        assertThat(lane.decide(new AccountCommand.BeginSession(ALICE, device("TABLET")))
                        .keyFacts())
                .containsExactly(new KeyFact.DeviceListChanged(ALICE));
        assertThat(lane.decide(new AccountCommand.RenameDevice(ALICE, "TABLET", "Tablet"))
                        .keyFacts())
                .containsExactly(new KeyFact.DeviceListChanged(ALICE));
    }
}
