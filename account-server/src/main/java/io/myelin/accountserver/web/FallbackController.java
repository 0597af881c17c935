package io.myelin.accountserver.web;

import io.myelin.accountserver.authentication.AuthenticationSessions;
import io.myelin.accountserver.authentication.InteractiveAuthentication;
import io.myelin.accountserver.authentication.Proof;
import io.myelin.accountserver.authentication.RecaptchaStage;
import io.myelin.accountserver.authentication.RegistrationTokenStage;
import io.myelin.accountserver.authentication.SsoStage;
import io.myelin.accountserver.authentication.Stage;
import io.myelin.accountserver.authentication.Terms;
import io.myelin.accountserver.authentication.TermsStage;
import io.myelin.contracts.MatrixError;
import io.myelin.matrix.crypto.UnpaddedBase64;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonObjectBuilder;
import io.myelin.web.FormFields;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;
import io.myelin.web.address.ClientAddress;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Pages on which a person completes a stage that their client does not know. Client-server API, "Fallback" of
 * user-interactive authentication.
 */
@RestController
public class FallbackController {
    private static final String V3 = "/_matrix/client/v3/auth/{type}/fallback/web";
    private static final String R0 = "/_matrix/client/r0/auth/{type}/fallback/web";
    private static final int MAX_FORM = 16 << 10;
    private static final int NONCE_BYTES = 16;

    private final InteractiveAuthentication authentication;
    private final @Nullable Supplier<Terms> terms;
    private final @Nullable Function<AuthenticationSessions.Kept, String> ssoAddress;
    private final RandomGenerator random;

    /**
     * @param terms null if there are none
     * @param ssoAddress where the person of a session logs in; null if there is no single sign-on
     */
    public FallbackController(
            InteractiveAuthentication authentication,
            @Nullable Supplier<Terms> terms,
            @Nullable Function<AuthenticationSessions.Kept, String> ssoAddress,
            RandomGenerator random) {
        this.authentication = authentication;
        this.terms = terms;
        this.ssoAddress = ssoAddress;
        this.random = random;
    }

    @GetMapping({V3, R0})
    void page(@PathVariable String type, @RequestParam("session") String id, HttpServletResponse response)
            throws IOException {
        var session = authentication.session(id);
        Stage stage = authentication.stage(type);
        if (session.proofs().containsKey(type)) {
            Html.writeDone(response, nonce());
            return;
        }
        show(response, stage, session, "");
    }

    private void show(HttpServletResponse response, Stage stage, AuthenticationSessions.Kept session, String complaint)
            throws IOException {
        int status = complaint.isEmpty() ? 200 : 401;
        switch (stage) {
            case RecaptchaStage captcha -> writeCaptcha(response, status, captcha, session, complaint);
            case TermsStage _
            when terms != null -> {
                Terms now = terms.get();
                Html.write(
                        response,
                        status,
                        now.name(),
                        complaint + "<p>Please read <a href=\"" + Html.escape(now.url())
                                + "\" target=\"_blank\" rel=\"noopener\">" + Html.escape(now.name())
                                + "</a>.</p>" + form(session, "<button>I agree</button>"));
            }
            case RegistrationTokenStage _ ->
                Html.write(
                        response,
                        status,
                        "Registration token",
                        complaint
                                + form(
                                        session,
                                        "<p><label>Your registration token: <input name=\"token\" required "
                                                + "maxlength=\"64\"></label></p><button>Go on</button>"));
            case SsoStage _
            when ssoAddress != null ->
                Html.write(
                        response,
                        status,
                        "Confirm who you are",
                        "<p>A client asks you to confirm who you are. Only go on if you have just done something "
                                + "that needs it.</p><p><a href=\""
                                + Html.escape(ssoAddress.apply(session)) + "\">Log in and confirm</a></p>");
            default ->
                throw new MatrixException(MatrixError.notFound("There is no page for this stage. Use the client."));
        }
    }

    private void writeCaptcha(
            HttpServletResponse response,
            int status,
            RecaptchaStage captcha,
            AuthenticationSessions.Kept session,
            String complaint)
            throws IOException {
        String nonce = nonce();
        String code = "function captchaDone(){document.forms[0].submit()}";
        Html.write(
                response,
                status,
                "Show that you are a person",
                complaint
                        + form(
                                session,
                                "<div class=\"g-recaptcha\" data-callback=\"captchaDone\" data-sitekey=\""
                                        + Html.escape(captcha.publicKey()) + "\"></div>"),
                Html.script(nonce, code)
                        + "<script nonce=\"" + nonce + "\" src=\"https://www.recaptcha.net/recaptcha/api.js\" "
                        + "async defer></script>",
                "script-src 'nonce-" + nonce + "' https://www.recaptcha.net https://www.gstatic.com "
                        + "https://www.gstatic.cn; frame-src https://www.recaptcha.net; "
                        + "connect-src https://www.recaptcha.net; img-src https://www.gstatic.com");
    }

    private static String form(AuthenticationSessions.Kept session, String content) {
        return "<form method=\"post\"><input type=\"hidden\" name=\"session\" value=\"" + Html.escape(session.id())
                + "\">" + content + "</form>";
    }

    @PostMapping({V3, R0})
    void submit(
            @PathVariable String type, ClientAddress client, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        FormFields form = FormFields.of(request, MAX_FORM);
        String inQuery = request.getParameter("session");
        String id = inQuery == null ? form.get("session") : inQuery;
        if (id == null) {
            throw new MatrixException(400, "M_MISSING_PARAM", "'session' is missing.");
        }
        Stage stage = authentication.stage(type);
        if (!(stage instanceof RecaptchaStage
                || stage instanceof TermsStage
                || stage instanceof RegistrationTokenStage)) {
            throw new MatrixException(MatrixError.notFound("There is no page for this stage. Use the client."));
        }
        Proof proof = authentication.complete(id, type, RequestFields.of(auth(form)), client);
        switch (proof) {
            case Proof.Given _ -> Html.writeDone(response, nonce());
            case Proof.Missing missing ->
                show(response, stage, authentication.session(id), "<p><b>" + Html.escape(missing.error()) + "</b></p>");
        }
    }

    /** The form's fields as a client would send them. */
    private static JsonObject auth(FormFields form) {
        JsonObjectBuilder auth = JsonObject.builder().putIfPresent("response", form.get("g-recaptcha-response"));
        String token = form.get("token");
        return auth.put("token", token == null ? "" : token).build();
    }

    private String nonce() {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        return UnpaddedBase64.encodeUrlSafe(nonce);
    }
}
