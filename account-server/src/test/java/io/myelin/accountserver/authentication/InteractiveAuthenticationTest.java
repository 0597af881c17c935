package io.myelin.accountserver.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.web.AttemptLimit;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;
import io.myelin.web.address.ClientAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InteractiveAuthenticationTest {
    private static final ServerName SERVER = ServerName.parse("example.org");
    private static final UserId ALICE = UserId.of("alice", SERVER);

    private final InteractiveAuthentication authentication =
            new InteractiveAuthentication(new Tickets(new byte[1], InstantSource.system(), new Random(1)));
    private final List<Stage> password = List.of(new PasswordStage(
            ALICE, new Identifiers(SERVER), (user, given) -> user.equals(ALICE) && given.equals("secret")));

    @Test
    void saysWhichFlowsThereAre() {
        JsonObject challenge = refused(
                "{}",
                List.of(
                        new DummyStage(),
                        new RegistrationTokenStage(List.of("token"), new AttemptLimit(() -> 0), ClientAddress.OURS)));
        assertThat(challenge.get("flows"))
                .hasToString("[{\"stages\":[\"m.login.dummy\"]},{\"stages\":[\"m.login.registration_token\"]}]");
        assertThat(challenge.string("session")).isPresent();
        assertThat(challenge.has("errcode")).isFalse();
    }

    @Test
    void letsAOneRequestDummyPassWithoutASession() {
        passes("{\"auth\":{\"type\":\"m.login.dummy\"}}", List.of(new DummyStage()));
    }

    @Test
    void letsASessionPassThatItBegan() {
        String session = refused("{}", password).string("session").orElseThrow();
        passes(auth("secret", session), password);
    }

    @Test
    void beginsAnewWithASessionThatItDidNotBegin() {
        assertThat(refused(auth("secret", "invented"), password).string("errcode"))
                .contains("M_UNKNOWN");
    }

    @Test
    void refusesAWrongPassword() {
        String session = refused("{}", password).string("session").orElseThrow();
        assertThat(refused(auth("wrong", session), password).string("errcode")).contains("M_FORBIDDEN");
    }

    @Test
    void forbidsASessionBegunForAnotherRequest() {
        String session = refused("{}", password).string("session").orElseThrow();
        assertThat(refusal("another operation", auth("secret", session), password)
                        .status())
                .isEqualTo(403);
    }

    @Test
    void forbidsSomebodyElsesPassword() {
        String body = "{\"auth\":{\"type\":\"m.login.password\",\"user\":\"bob\",\"password\":\"secret\"}}";
        assertThat(refusal("op", body, password).status()).isEqualTo(403);
    }

    @Test
    void refusesAStageThatIsNotOffered() {
        assertThat(refused("{\"auth\":{\"type\":\"m.login.dummy\"}}", password).string("errcode"))
                .contains("M_UNRECOGNIZED");
    }

    @Test
    void takesTheOperatorsTokenAndNoOther() {
        List<Stage> token =
                List.of(new RegistrationTokenStage(List.of("right"), new AttemptLimit(() -> 0), ClientAddress.OURS));
        passes("{\"auth\":{\"type\":\"m.login.registration_token\",\"token\":\"right\"}}", token);
        assertThat(refused("{\"auth\":{\"type\":\"m.login.registration_token\",\"token\":\"wrong\"}}", token)
                        .string("errcode"))
                .contains("M_FORBIDDEN");
    }

    private static String auth(String password, String session) {
        return "{\"auth\":{\"type\":\"m.login.password\",\"identifier\":{\"type\":\"m.id.user\",\"user\":\"@alice:example.org\"},"
                + "\"password\":\"" + password + "\",\"session\":\"" + session + "\"}}";
    }

    private void passes(String body, List<Stage> stages) {
        assertThatCode(() -> authentication.require("op", fields(body), stages)).doesNotThrowAnyException();
    }

    private JsonObject refused(String body, List<Stage> stages) {
        MatrixException refusal = refusal("op", body, stages);
        assertThat(refusal.status()).isEqualTo(401);
        return refusal.body();
    }

    private MatrixException refusal(String operation, String body, List<Stage> stages) {
        return catchThrowableOfType(
                MatrixException.class, () -> authentication.require(operation, fields(body), stages));
    }

    private static RequestFields fields(String body) {
        return RequestFields.of(JsonParser.parseObject(body.getBytes(StandardCharsets.UTF_8)));
    }
}
