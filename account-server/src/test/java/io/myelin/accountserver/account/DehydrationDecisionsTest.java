package io.myelin.accountserver.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.account.AccountAnswer;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.AccountCommand.NewDevice;
import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.account.DehydratedDeviceChanged;
import io.myelin.contracts.account.DehydrationCommand;
import io.myelin.contracts.account.DehydrationCommand.DehydrateDevice;
import io.myelin.contracts.account.KeyCommand;
import io.myelin.contracts.account.KeyCommand.DeviceKey;
import io.myelin.contracts.account.KeyFact;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class DehydrationDecisionsTest {
    private static final UserId ALICE = UserId.parse("@alice:example.org");
    private static final String ALGORITHM = "signed_curve25519";

    private final Lane lane = new Lane();

    @BeforeEach
    void register() {
        lane.decide(new AccountCommand.Register(ALICE, "hash", device("PHONE"), false, false, null));
    }

    private static NewDevice device(String id) {
        byte[] hash = new byte[32];
        hash[0] = (byte) id.hashCode();
        return new NewDevice(id, null, hash);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static DeviceKey key(String id) {
        return new DeviceKey(ALGORITHM, id, bytes("{\"key\":\"" + id + "\"}"));
    }

    private static DehydrateDevice dehydrate(String id, String data) {
        return new DehydrateDevice(
                ALICE,
                device(id),
                bytes("{\"data\":\"" + data + "\"}"),
                new DehydrationCommand.Keys(bytes("{\"of\":\"" + id + "\"}"), List.of(key("one")), List.of(key("fb"))));
    }

    private UserState.Account account() {
        return (UserState.Account) lane.state(new EntityKey.OfUser(ALICE));
    }

    private @Nullable String dehydrated() {
        return ((UserState.Dehydrated) lane.state(new EntityKey.OfDehydrated(ALICE))).device();
    }

    private UserKeys keys() {
        return (UserKeys) lane.state(new EntityKey.OfKeys(ALICE));
    }

    private OneTimeKeys oneTime(String device) {
        return (OneTimeKeys) lane.state(new EntityKey.OfOneTimeKeys(ALICE, device));
    }

    @Test
    void theDeviceComesWithItsKeys() {
        var result = lane.decide(dehydrate("ASLEEP", "a"));
        assertThat(result.answer()).isInstanceOf(AccountAnswer.Done.class);
        assertThat(result.facts()).contains(new DehydratedDeviceChanged(ALICE, "ASLEEP"));
        assertThat(result.keyFacts()).contains(new KeyFact.DeviceListChanged(ALICE));
        assertThat(keys().devices()).containsOnlyKeys("ASLEEP");
        assertThat(oneTime("ASLEEP").counts()).containsEntry(ALGORITHM, 1);
        assertThat(dehydrated()).isEqualTo("ASLEEP");
    }

    /** If the keys are refused, the device before stays with all that it has. */
    @Test
    void nothingIsDoneByHalves() {
        lane.decide(dehydrate("ASLEEP", "a"));
        List<DeviceKey> tooMany = IntStream.rangeClosed(0, KeyLimits.FALLBACK_KEYS)
                .mapToObj(i -> new DeviceKey("algorithm" + i, "id", bytes("\"key\"")))
                .toList();
        lane.decide(new DehydrateDevice(
                        ALICE,
                        device("OTHER"),
                        bytes("{}"),
                        new DehydrationCommand.Keys(bytes("{}"), List.of(), tooMany)))
                .isRefused(400, "M_TOO_LARGE");
        assertThat(account().devices()).containsOnlyKeys("PHONE", "ASLEEP");
        assertThat(keys().devices()).containsOnlyKeys("ASLEEP");
    }

    @Test
    void noDeviceHasTheIdOfACrossSigningKey() {
        SignedKeys signed = new SignedKeys(ALICE, 1);
        lane.decide(
                new KeyCommand.SetCrossSigningKeys(ALICE, CanonicalJson.encode(signed.master()), null, null, false));
        lane.decide(dehydrate(signed.master.verifyKey().toBase64(), "a")).isRefused(400, "M_FORBIDDEN");
    }

    @Nested
    class WithOne {
        @BeforeEach
        void one() {
            lane.decide(dehydrate("ASLEEP", "a"));
        }

        @Test
        void theSameAgainIsNoChange() {
            var again = lane.decide(dehydrate("ASLEEP", "a"));
            assertThat(again.answer()).isInstanceOf(AccountAnswer.Done.class);
            assertThat(again.decision().facts()).isEmpty();
        }

        @Test
        void theSameAgainBringsNoClaimedKeyBack() {
            lane.decide(new KeyCommand.ClaimKeys(ALICE, List.of(new KeyCommand.Claim(ALICE, "ASLEEP", ALGORITHM))));
            lane.decide(dehydrate("ASLEEP", "a"));
            assertThat(oneTime("ASLEEP").counts()).isEmpty();
        }

        @Test
        void anotherOfTheSameIdHasKeysOfItsOwn() {
            lane.decide(new KeyCommand.ClaimKeys(ALICE, List.of(new KeyCommand.Claim(ALICE, "ASLEEP", ALGORITHM))));
            var result = lane.decide(dehydrate("ASLEEP", "b"));
            assertThat(result.facts()).contains(new AccountFact.DeviceRemoved(ALICE, "ASLEEP"));
            assertThat(oneTime("ASLEEP").counts()).containsEntry(ALGORITHM, 1);
            assertThat(keys().devices()).containsOnlyKeys("ASLEEP");
        }

        @Test
        void anotherTakesItsPlace() {
            lane.decide(dehydrate("OTHER", "b"));
            assertThat(account().devices()).containsOnlyKeys("PHONE", "OTHER");
            assertThat(keys().devices()).containsOnlyKeys("OTHER");
            assertThat(oneTime("ASLEEP").isEmpty()).isTrue();
            assertThat(dehydrated()).isEqualTo("OTHER");
        }

        @Test
        void itsNameGoesWithItHoweverItIsRemoved() {
            var result = lane.decide(new AccountCommand.Logout(ALICE, List.of("ASLEEP"), null));
            assertThat(result.facts()).contains(new DehydratedDeviceChanged(ALICE, null));
            assertThat(dehydrated()).isNull();
        }

        @Test
        void itIsRemoved() {
            lane.decide(new DehydrationCommand.RemoveDehydratedDevice(ALICE));
            assertThat(dehydrated()).isNull();
            assertThat(account().devices()).containsOnlyKeys("PHONE");
            assertThat(keys().devices()).isEmpty();
        }

        @Test
        void itsNameGoesWithTheAccount() {
            lane.decide(new AccountCommand.Deactivate(ALICE, false));
            assertThat(dehydrated()).isNull();
        }

        /** Four devices may be logged in: neither does it count, nor give way. */
        @Test
        void itIsOutsideTheLimitOfDevices() {
            for (int i = 0; i < 3; i++) {
                lane.decide(new AccountCommand.BeginSession(ALICE, device("D" + i)));
            }
            assertThat(account().devices()).containsKeys("PHONE", "ASLEEP", "D0", "D1", "D2");
            lane.decide(new AccountCommand.BeginSession(ALICE, device("D3")));
            assertThat(account().devices())
                    .containsKeys("ASLEEP", "D0", "D1", "D2", "D3")
                    .doesNotContainKey("PHONE");
            lane.decide(dehydrate("OTHER", "b"));
            assertThat(account().devices()).containsOnlyKeys("OTHER", "D0", "D1", "D2", "D3");
        }
    }
}
