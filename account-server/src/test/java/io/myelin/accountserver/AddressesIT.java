package io.myelin.accountserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Phone numbers, and what owners of accounts are told when addresses change. */
class AddressesIT extends WithOutside {
    private static final String NUMBER = "+4477009%05d";

    @Test
    void tellsTheOwnerOfChangesOfAddresses() throws Exception {
        User user = register();
        String first = user.name() + "@example.org";
        String second = user.name() + "@example.com";
        addAddress(user, first);
        addAddress(user, second);
        await().until(() -> hasMail(first, "was added") && !hasMail(second, "was added"));
        user.client()
                .post("/account/3pid/delete", "{\"medium\":\"email\",\"address\":\"" + first + "\"}")
                .ok();
        await().until(() -> hasMail(first, "was removed") && hasMail(second, "was removed"));
        user.client()
                .post("/account/3pid/delete", "{\"medium\":\"email\",\"address\":\"nobody@example.org\"}")
                .ok();
        assertThat(hasMail("nobody@example.org", "was removed")).isFalse();
    }

    private static boolean hasMail(String address, String subject) throws MessagingException {
        for (MimeMessage mail : smtp.getReceivedMessages()) {
            if (isTo(mail, address) && mail.getSubject().contains(subject)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void registersWithAPhoneNumberAndLogsInWithIt() {
        String number = number();
        String sid = confirmed("/register/msisdn/requestToken", number);
        String name = name();
        String register = """
            {"username": "%s", "password": "secret", "auth": {"type": "m.login.msisdn",
             "threepid_creds": {"sid": "%s", "client_secret": "%s"}}}\
            """;
        nobody().post("/register", register.formatted(name, sid, SECRET)).ok();
        nobody().post("/register", register.formatted(name(), sid, SECRET)).isRefused(400, "M_THREEPID_IN_USE");
        nobody().post("/login", """
            {"type": "m.login.password", "password": "secret",
             "identifier": {"type": "m.id.phone", "country": "GB", "phone": "%s"}}\
            """.formatted(number)).ok();
        String national = "0" + number.substring("+44".length());
        for (String spelled : List.of(number, national, national.replace("0770", "(0770) "))) {
            nobody().post("/register/msisdn/requestToken", request(spelled)).isRefused(400, "M_THREEPID_IN_USE");
        }
        nobody().post("/login", """
            {"type": "m.login.password", "password": "secret",
             "identifier": {"type": "m.id.phone", "country": "gb", "phone": "%s"}}\
            """.formatted(national)).ok();
    }

    @Test
    void countsTheTextMessagesToANumberHoweverItIsSpelled() {
        String number = number();
        String digits = number.substring("+44".length());
        List<String> spelled =
                List.of(number, "0" + digits, "+44 (0)" + digits, "0044" + digits, "0 " + digits, "0-" + digits);
        for (String text : spelled.subList(0, 5)) {
            nobody().post("/register/msisdn/requestToken", request(text)).ok();
        }
        nobody().post("/register/msisdn/requestToken", request(spelled.getLast()))
                .isRefused(429, "M_LIMIT_EXCEEDED");
    }

    @Test
    void setsANewPasswordOnceForAConfirmedNumber() {
        User user = register();
        String number = number();
        nobody().post("/account/password/msisdn/requestToken", request(number)).isRefused(400, "M_THREEPID_NOT_FOUND");
        String added = confirmed("/account/3pid/msisdn/requestToken", number);
        String creds = "\"sid\":\"%s\",\"client_secret\":\"%s\"".formatted(added, SECRET);
        user.client()
                .post("/account/3pid/add", "{" + creds + ",\"auth\":" + user.auth() + "}")
                .ok();
        assertThat(user.client().get("/account/3pid").text()).contains("\"msisdn\"");
        String reset = """
            {"new_password": "other", "auth": {"type": "m.login.msisdn",
             "threepid_creds": {"sid": "%s", "client_secret": "%s"}}}\
            """;
        // A confirmation for another purpose sets no password.
        nobody().post("/account/password", reset.formatted(added, SECRET)).isRefused(401, "M_UNAUTHORIZED");
        String unproven = nobody().post("/account/password/msisdn/requestToken", request(number))
                .field("sid");
        nobody().post("/account/password", reset.formatted(unproven, SECRET)).isRefused(401, "M_UNAUTHORIZED");
        String sid = confirmed("/account/password/msisdn/requestToken", number);
        nobody().post("/account/password", reset.formatted(sid, SECRET)).ok();
        nobody().post("/account/password", reset.formatted(sid, SECRET)).isRefused(403, "M_FORBIDDEN");
        new Accounts(server).login(user.name(), "other").ok();
    }

    @Test
    void refusesWhatIsNoConfirmationOfANumber() {
        String sid = nobody().post("/register/msisdn/requestToken", request(number()))
                .field("sid");
        String body = "{\"sid\":\"%s\",\"client_secret\":\"%s\",\"token\":\"%s\"}";
        String submit = "/_matrix/client/unstable/add_threepid/msisdn/submit_token";
        assertThat(nobody().post(submit, body.formatted(sid, SECRET, "000000")).text())
                .isEqualTo("{\"success\":false}");
        String forged = "a.1." + sid.substring(sid.indexOf('.') + 1);
        assertThat(nobody().post(submit, body.formatted(forged, SECRET, "123456"))
                        .text())
                .isEqualTo("{\"success\":false}");
        nobody().post("/register/msisdn/requestToken", "{}").isRefused(400, "M_MISSING_PARAM");
        nobody().post("/register/msisdn/requestToken", request("07700900123").replace("\"country\": \"GB\",", ""))
                .isRefused(400, "M_MISSING_PARAM");
        nobody().post("/register/msisdn/requestToken", request("1")).isRefused(400, "M_INVALID_PARAM");
        nobody().post("/register/msisdn/requestToken", request("07700900123").replace("GB", "XX"))
                .isRefused(400, "M_INVALID_PARAM");
        nobody().post("/register/msisdn/requestToken", request("none")).isRefused(400, "M_INVALID_PARAM");
    }

    private static String number() {
        return NUMBER.formatted(NAMES.incrementAndGet());
    }

    private static String request(String number) {
        return """
            {"country": "GB", "phone_number": "%s", "client_secret": "%s", "send_attempt": 1}\
            """.formatted(number, SECRET);
    }

    /** The ID of a confirmation whose code was entered. */
    private static String confirmed(String path, String number) {
        var begun = nobody().post(path, request(number)).ok();
        String sid = begun.string("sid").orElseThrow();
        assertThat(sid).matches("[0-9a-zA-Z.=_-]{1,255}");
        URI submit = URI.create(begun.string("submit_url").orElseThrow());
        nobody().post(submit.getPath(), """
            {"sid": "%s", "client_secret": "%s", "token": "123456"}\
            """.formatted(sid, SECRET)).ok();
        return sid;
    }
}
