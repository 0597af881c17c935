package io.myelin.accountserver.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.myelin.accountserver.account.UserState;
import io.myelin.accountserver.password.Argon2Cost;
import io.myelin.accountserver.password.Passwords;
import io.myelin.contracts.Position;
import io.myelin.contracts.account.Profile;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.web.AttemptLimit;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;
import io.myelin.web.address.ClientAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InteractiveAuthenticationTest {
    private static final ServerName SERVER = ServerName.parse("example.org");
    private static final UserId ALICE = UserId.of("alice", SERVER);
    private static final List<List<String>> PASSWORD = List.of(List.of(PasswordStage.TYPE));
    private static final List<List<String>> DUMMY = List.of(List.of(DummyStage.TYPE));
    private static final List<List<String>> TERMS_AND_TOKEN =
            List.of(List.of(TermsStage.TYPE, RegistrationTokenStage.TYPE));

    private final Passwords passwords = new Passwords(Argon2Cost.LOWEST, new Random(1));
    private final RememberedSessions sessions = new RememberedSessions();
    private Instant now = Instant.ofEpochSecond(1_000_000);
    private final AttemptLimit unlimited = new AttemptLimit(() -> 0);
    private final Credentials credentials = new Credentials(this::account, passwords, unlimited, unlimited);
    private final InteractiveAuthentication authentication = authentication(unlimited);

    private InteractiveAuthentication authentication(AttemptLimit begun) {
        return new InteractiveAuthentication(
                sessions,
                Stages.of(
                        new DummyStage(),
                        new PasswordStage(new Identifiers(SERVER, _ -> Optional.empty()), credentials),
                        new RegistrationTokenStage(() -> List.of("right"), _ -> false, unlimited),
                        new TermsStage(
                                () -> new Terms("terms_of_service", "1.0", "Terms", "https://example.org/terms")),
                        new SsoStage()),
                begun,
                () -> now,
                new Random(2));
    }

    private Optional<UserState.Account> account(UserId user) {
        return Optional.of(new UserState.Account(
                user,
                passwords.hash(ClientAddress.OURS, "secret"),
                false,
                false,
                false,
                false,
                false,
                false,
                0,
                Map.of(),
                Profile.empty(user, new Position(0, 1, 1))));
    }

    @AfterEach
    void close() {
        passwords.close();
    }

    @Test
    void saysWhichFlowsThereAre() {
        JsonObject challenge = refused("{}", List.of(List.of(DummyStage.TYPE), TERMS_AND_TOKEN.getFirst()));
        assertThat(challenge.get("flows"))
                .hasToString(
                        "[{\"stages\":[\"m.login.dummy\"]},{\"stages\":[\"m.login.terms\",\"m.login.registration_token\"]}]");
        assertThat(challenge.object("params").orElseThrow().object("m.login.terms"))
                .isPresent();
        assertThat(challenge.string("session")).isPresent();
        assertThat(challenge.has("errcode")).isFalse();
    }

    @Test
    void letsAOneRequestDummyPassWithoutASession() {
        assertThat(pass("{\"auth\":{\"type\":\"m.login.dummy\"}}", DUMMY).session())
                .isNull();
        assertThat(sessions.count()).isZero();
    }

    @Test
    void letsASessionPassThatItBegan() {
        String session = refused("{}", PASSWORD).string("session").orElseThrow();
        assertThat(pass(auth("secret", session), PASSWORD).session()).isEqualTo(session);
    }

    @Test
    void beginsAnewWithASessionThatItDidNotBegin() {
        assertThat(refused(auth("secret", "invented"), PASSWORD).string("errcode"))
                .contains("M_UNKNOWN");
    }

    @Test
    void beginsAnewWithASessionThatIsOver() {
        String session = refused("{}", PASSWORD).string("session").orElseThrow();
        now = now.plus(InteractiveAuthentication.VALIDITY);
        assertThat(refused(auth("secret", session), PASSWORD).string("errcode")).contains("M_UNKNOWN");
    }

    @Test
    void refusesAWrongPassword() {
        String session = refused("{}", PASSWORD).string("session").orElseThrow();
        JsonObject refusal = refused(auth("wrong", session), PASSWORD);
        assertThat(refusal.string("errcode")).contains("M_FORBIDDEN");
        assertThat(refusal.string("session")).contains(session);
    }

    @Test
    void forbidsASessionBegunForAnotherRequest() {
        String session = refused("{}", PASSWORD).string("session").orElseThrow();
        assertThat(refusal("another operation", auth("secret", session), PASSWORD)
                        .status())
                .isEqualTo(403);
    }

    @Test
    void forbidsSomebodyElsesPassword() {
        String body = "{\"auth\":{\"type\":\"m.login.password\",\"user\":\"bob\",\"password\":\"secret\"}}";
        assertThat(refusal("op", body, PASSWORD).status()).isEqualTo(403);
    }

    @Test
    void refusesAStageThatThereIsNot() {
        assertThat(refused("{\"auth\":{\"type\":\"m.login.magic\"}}", PASSWORD).string("errcode"))
                .contains("M_UNRECOGNIZED");
    }

    @Test
    void letsAStageOfNoFlowPassNobody() {
        JsonObject challenge = refused("{\"auth\":{\"type\":\"m.login.dummy\"}}", PASSWORD);
        assertThat(challenge.get("completed")).hasToString("[\"m.login.dummy\"]");
    }

    @Test
    void remembersCompletedStagesOfAFlow() {
        JsonObject begun = refused("{\"auth\":{\"type\":\"m.login.terms\"}}", TERMS_AND_TOKEN);
        assertThat(begun.get("completed")).hasToString("[\"m.login.terms\"]");
        String session = begun.string("session").orElseThrow();
        String token =
                "{\"auth\":{\"type\":\"m.login.registration_token\",\"token\":\"%s\",\"session\":\"" + session + "\"}}";
        assertThat(refused(token.formatted("wrong"), TERMS_AND_TOKEN).string("errcode"))
                .contains("M_FORBIDDEN");
        Completed completed = pass(token.formatted("right"), TERMS_AND_TOKEN);
        assertThat(completed.proof(TermsStage.TYPE)).contains("1.0");
        assertThat(pass("{\"auth\":{\"session\":\"" + session + "\"}}", TERMS_AND_TOKEN)
                        .session())
                .isEqualTo(session);
    }

    @Test
    void permitsOneRequestForASession() {
        String session = refused("{}", PASSWORD).string("session").orElseThrow();
        String first = auth("secret", session).replaceFirst("\\{", "{\"new_password\":\"a\",");
        String other = auth("secret", session).replaceFirst("\\{", "{\"new_password\":\"b\",");
        assertThat(use(first).session()).isEqualTo(session);
        assertThat(use(first).session()).isEqualTo(session);
        assertThat(catchThrowableOfType(MatrixException.class, () -> use(other))
                        .body()
                        .string("errcode"))
                .contains("M_UNKNOWN");
    }

    @Test
    void permitsNoRepetitionWhereEachRequestGivesSomethingNew() {
        String session = refused("{}", PASSWORD).string("session").orElseThrow();
        RequestFields body = fields(auth("secret", session));
        Operation operation = Operation.of("op", ALICE, PASSWORD);
        assertThat(authentication
                        .requireOnce(operation, body, ClientAddress.OURS)
                        .session())
                .isEqualTo(session);
        assertThat(catchThrowableOfType(
                                MatrixException.class,
                                () -> authentication.requireOnce(operation, body, ClientAddress.OURS))
                        .body()
                        .string("errcode"))
                .contains("M_UNKNOWN");
    }

    @Test
    void saysWhichFlowsThereAreToWhoeverLeavesTheAuthenticationEmpty() {
        assertThat(refused("{\"auth\":{}}", PASSWORD).string("session")).isPresent();
    }

    @Test
    void forbidsWhatAnotherUserHasConfirmedBySingleSignOn() {
        List<List<String>> sso = List.of(List.of(SsoStage.TYPE));
        String session = refused("{}", sso).string("session").orElseThrow();
        authentication.complete(session, SsoStage.TYPE, "@mallory:example.org");
        assertThat(refusal("op", "{\"auth\":{\"session\":\"" + session + "\"}}", sso)
                        .status())
                .isEqualTo(403);
    }

    @Test
    void letsAnAddressBeginOnlySoManySessions() {
        var limited = authentication(new AttemptLimit(() -> 2));
        var client = new ClientAddress("203.0.113.9", false);
        var operation = Operation.of("op", ALICE, PASSWORD);
        for (int i = 0; i < 2; i++) {
            assertThat(catchThrowableOfType(
                                    MatrixException.class, () -> limited.require(operation, fields("{}"), client))
                            .status())
                    .isEqualTo(401);
        }
        assertThat(catchThrowableOfType(MatrixException.class, () -> limited.require(operation, fields("{}"), client))
                        .status())
                .isEqualTo(429);
    }

    @Test
    void countsTheStepsOfASessionAsNoNewSessions() {
        var limited = authentication(new AttemptLimit(() -> 1));
        var client = new ClientAddress("203.0.113.9", false);
        var operation = registering();
        RequestFields first = fields("{\"username\":\"alice\"}");
        String session = catchThrowableOfType(
                        MatrixException.class, () -> limited.require(operation, first, client))
                .body()
                .string("session")
                .orElseThrow();
        RequestFields step = fields("{\"username\":\"alice\",\"auth\":{\"session\":\"" + session + "\"}}");
        for (int i = 0; i < 5; i++) {
            assertThat(catchThrowableOfType(MatrixException.class, () -> limited.require(operation, step, client))
                            .status())
                    .isEqualTo(401);
        }
    }

    @Test
    void remembersNothingElseOnceAnAddressIsProven() {
        String session = catchThrowableOfType(MatrixException.class, () -> register("{\"username\":\"alice\"}"))
                .body()
                .string("session")
                .orElseThrow();
        String other = "{\"username\":\"%s\",\"auth\":{\"session\":\"" + session + "\"}}";
        assertThat(catchThrowableOfType(MatrixException.class, () -> register(other.formatted("bob")))
                        .status())
                .isEqualTo(401);
        assertThat(remembered(session)).isEqualTo("{\"username\":\"bob\"}");
        sessions.complete(session, EmailStage.TYPE, "proof");
        assertThat(catchThrowableOfType(MatrixException.class, () -> register(other.formatted("mallory")))
                        .status())
                .isEqualTo(401);
        assertThat(remembered(session)).isEqualTo("{\"username\":\"bob\"}");
    }

    private String remembered(String session) {
        return sessions.find(session, now.toEpochMilli())
                .orElseThrow()
                .parameters()
                .toString();
    }

    private void register(String body) {
        RequestFields fields = fields(body);
        authentication.require(
                new Operation("register", null, TERMS_AND_TOKEN, known -> known.with("username", fields.json()
                        .string("username")
                        .orElseThrow())),
                fields,
                ClientAddress.OURS);
    }

    private static Operation registering() {
        return new Operation("register", null, TERMS_AND_TOKEN, known -> known.with("username", "alice"));
    }

    private static String auth(String password, String session) {
        return "{\"auth\":{\"type\":\"m.login.password\",\"identifier\":{\"type\":\"m.id.user\",\"user\":\"@alice:example.org\"},"
                + "\"password\":\"" + password + "\",\"session\":\"" + session + "\"}}";
    }

    private Completed pass(String body, List<List<String>> flows) {
        return authentication.require(Operation.of("op", ALICE, flows), fields(body), ClientAddress.OURS);
    }

    private Completed use(String body) {
        return authentication.requireFor(Operation.of("op", ALICE, PASSWORD), fields(body), ClientAddress.OURS);
    }

    private JsonObject refused(String body, List<List<String>> flows) {
        MatrixException refusal = refusal("op", body, flows);
        assertThat(refusal.status()).isEqualTo(401);
        return refusal.body();
    }

    private MatrixException refusal(String operation, String body, List<List<String>> flows) {
        return catchThrowableOfType(
                MatrixException.class,
                () -> authentication.require(Operation.of(operation, ALICE, flows), fields(body), ClientAddress.OURS));
    }

    private static RequestFields fields(String body) {
        return RequestFields.of(JsonParser.parseObject(body.getBytes(StandardCharsets.UTF_8)));
    }
}
