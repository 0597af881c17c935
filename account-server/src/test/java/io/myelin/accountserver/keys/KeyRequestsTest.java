package io.myelin.accountserver.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.accountserver.account.SignedKeys;
import io.myelin.accountserver.account.UserKeys;
import io.myelin.accountserver.account.UserKeys.OfDevice;
import io.myelin.accountserver.account.UserKeys.Usage;
import io.myelin.matrix.crypto.SigningKey;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonObjectBuilder;
import io.myelin.web.MatrixException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What one request may ask for at most. */
class KeyRequestsTest {
    private static final UserId ALICE = UserId.parse("@alice:example.org");
    private static final UserId BOB = UserId.parse("@bob:example.org");
    private static final ServerName HERE = ServerName.parse("example.org");

    @Nested
    class Signatures {
        private final SignedKeys keys = new SignedKeys(ALICE, 1);
        private final SignedKeys bobs = new SignedKeys(BOB, 2);
        private final SigningKey phone = SigningKey.generate("ed25519:PHONE", new Random(3));
        private final List<UserId> loaded = new ArrayList<>();

        private UserKeys stored(UserId user) {
            loaded.add(user);
            SignedKeys theirs = user.equals(ALICE) ? keys : bobs;
            return new UserKeys(
                    Map.of("PHONE", new OfDevice(CanonicalJson.encode(theirs.device("PHONE", phone)), null)),
                    Map.of(
                            Usage.MASTER, CanonicalJson.encode(theirs.master()),
                            Usage.USER_SIGNING, CanonicalJson.encode(theirs.userSigning())),
                    Map.of());
        }

        private SignatureUpload upload(JsonObject body) {
            return SignatureUpload.of(ALICE, body, this::stored);
        }

        private JsonObject onMaster(JsonObject signed) {
            return JsonObject.of(
                    ALICE.value(), JsonObject.of(keys.master.verifyKey().toBase64(), signed));
        }

        @Test
        void aDeviceSignsUnderItsOwnIdAlone() {
            assertThat(upload(onMaster(keys.signByDevice(keys.master(), "PHONE", phone)))
                            .verified())
                    .hasSize(1);
            assertThat(upload(onMaster(keys.signByDevice(keys.master(), "OTHER", phone)))
                            .failures())
                    .hasSize(1);
        }

        @Test
        void theMasterKeyIsSignedBySoManyAtOnce() {
            JsonObject signed = keys.master();
            for (int i = 0; i <= SignatureUpload.MOST_KEYS; i++) {
                signed = keys.signByDevice(signed, "D" + i, phone);
            }
            assertThat(upload(onMaster(signed)).failures())
                    .singleElement()
                    .satisfies(failure -> assertThat(failure.error().errcode()).isEqualTo("M_TOO_LARGE"));
        }

        @Test
        void oneRequestSignsSoManyKeys() {
            JsonObjectBuilder many = JsonObject.builder();
            for (int i = 0; i <= SignatureUpload.MOST_KEYS; i++) {
                many.put("D" + i, JsonObject.EMPTY);
            }
            assertThatThrownBy(() -> upload(JsonObject.of(ALICE.value(), many.build())))
                    .isInstanceOf(MatrixException.class);
        }

        @Test
        void theKeysOfAnOwnerAreLoadedOnce() {
            JsonObjectBuilder many = JsonObject.builder();
            JsonObject signed = keys.sign(bobs.master(), keys.userSigning);
            for (int i = 0; i < 50; i++) {
                many.put("t" + i, signed);
            }
            upload(JsonObject.of(BOB.value(), many.build()));
            assertThat(loaded).containsExactly(ALICE, BOB);
        }
    }

    @Nested
    class Claims {
        private final KeyClaims claims = new KeyClaims(HERE, 16, new NotFederating());

        private void claim(JsonObject wanted) {
            claims.claim(wanted, Duration.ZERO, _ -> List.of());
        }

        @Test
        void areOfUsersOfSoManyServers() {
            JsonObjectBuilder many = JsonObject.builder();
            for (int i = 0; i <= 1_000; i++) {
                many.put("@a:s" + i, JsonObject.of("D", "a"));
            }
            assertThatThrownBy(() -> claim(many.build()))
                    .isInstanceOf(MatrixException.class)
                    .hasMessageContaining("servers");
        }

        @Test
        void areOfSoManyDevicesAndAUserWithoutAnyCountsToo() {
            JsonObjectBuilder many = JsonObject.builder();
            for (int i = 0; i <= KeyClaims.MOST_DEVICES; i++) {
                many.put("@a" + i + ":example.org", JsonObject.EMPTY);
            }
            assertThatThrownBy(() -> claim(many.build()))
                    .isInstanceOf(MatrixException.class)
                    .hasMessageContaining("devices");
        }
    }
}
