package io.myelin.accountserver.web;

import io.myelin.accountserver.threepid.ThirdPartyId;
import io.myelin.accountserver.threepid.ThirdPartyIds;
import io.myelin.accountserver.threepid.Validation;
import io.myelin.accountserver.threepid.Validation.Purpose;
import io.myelin.accountserver.threepid.Validations;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.AttemptLimit;
import io.myelin.web.FormFields;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;
import io.myelin.web.address.ClientAddress;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Sends the mails by which addresses are confirmed, and serves the page that their links lead to. Client-server API, the
 * endpoints {@code …/requestToken}.
 */
@RestController
public class EmailController {
    private static final int MAX_FORM = 8 << 10;

    private final Validations validations;
    private final ThirdPartyIds addresses;
    private final Runnable registrationCheck;
    private final AttemptLimit mails;
    private final AttemptLimit mailsOfAnHour;
    private final boolean asks;

    /**
     * @param registrationCheck throws if nobody can register
     * @param mails how many mails an address may cause, and may get
     * @param mailsOfAnHour how many mails an address may get within a longer time
     * @param asks whether the page of a link asks the person; in test mode only for a new password, since its clients are
     *     programs
     */
    public EmailController(
            Validations validations,
            ThirdPartyIds addresses,
            Runnable registrationCheck,
            AttemptLimit mails,
            AttemptLimit mailsOfAnHour,
            boolean asks) {
        this.validations = validations;
        this.addresses = addresses;
        this.registrationCheck = registrationCheck;
        this.mails = mails;
        this.mailsOfAnHour = mailsOfAnHour;
        this.asks = asks;
    }

    @PostMapping({"/_matrix/client/v3/register/email/requestToken", "/_matrix/client/r0/register/email/requestToken"})
    JsonObject forRegistration(ClientAddress client, JsonObject body) {
        registrationCheck.run();
        RequestFields request = RequestFields.of(body);
        ThirdPartyId address = address(request, client);
        if (addresses.owner(address).isPresent()) {
            throw inUse();
        }
        return begin(Purpose.REGISTER, address, request);
    }

    @PostMapping({
        "/_matrix/client/v3/account/password/email/requestToken",
        "/_matrix/client/r0/account/password/email/requestToken"
    })
    JsonObject forPassword(ClientAddress client, JsonObject body) {
        RequestFields request = RequestFields.of(body);
        ThirdPartyId address = address(request, client);
        if (addresses.owner(address).isEmpty()) {
            throw new MatrixException(400, "M_THREEPID_NOT_FOUND", "Nobody here has this address.");
        }
        return begin(Purpose.PASSWORD, address, request);
    }

    @PostMapping({
        "/_matrix/client/v3/account/3pid/email/requestToken",
        "/_matrix/client/r0/account/3pid/email/requestToken",
        "/_matrix/client/unstable/account/3pid/email/requestToken"
    })
    JsonObject forAccount(@Nullable Session session, ClientAddress client, JsonObject body) {
        RequestFields request = RequestFields.of(body);
        ThirdPartyId address = address(request, client);
        if (addresses.owner(address).isPresent()) {
            throw inUse();
        }
        return begin(Purpose.ADD, address, request);
    }

    /** Counted before anybody learns whether the address is known here. */
    private ThirdPartyId address(RequestFields request, ClientAddress client) {
        if (!validations.areOffered()) {
            throw new MatrixException(400, "M_THREEPID_MEDIUM_NOT_SUPPORTED", "This server sends no mail.");
        }
        ThirdPartyId address = ThirdPartyId.email(request.requiredString("email"));
        if (!client.onThisMachine()) {
            mails.attempt("mail from " + client.network());
        }
        return address;
    }

    private JsonObject begin(Purpose purpose, ThirdPartyId address, RequestFields request) {
        String secret = request.requiredString("client_secret");
        Long attempt = request.integer("send_attempt");
        if (attempt == null) {
            throw request.missing("send_attempt");
        }
        String nextLink = request.string("next_link");
        Runnable beforeMail = () -> {
            mails.attempt("mail to " + address.address());
            mailsOfAnHour.attempt("mail to " + address.address());
        };
        return JsonObject.of("sid", validations.begin(purpose, address, secret, attempt, nextLink, beforeMail));
    }

    private static MatrixException inUse() {
        return new MatrixException(400, "M_THREEPID_IN_USE", "The address is in use already.");
    }

    /**
     * Opens the link. Programs look what the links in mails are, and must confirm nothing by that, so the person is asked
     * first.
     */
    @GetMapping(Validations.PATH + "{purpose}/confirm")
    void open(
            @PathVariable String purpose,
            @RequestParam String sid,
            @RequestParam("client_secret") String secret,
            @RequestParam String token,
            HttpServletResponse response)
            throws IOException {
        Optional<Validation> validation = validations.find(purpose(purpose), sid, secret, token);
        if (validation.isPresent() && (asks || validation.get().purpose() == Purpose.PASSWORD)) {
            Html.write(
                    response,
                    200,
                    "Is this your address?",
                    "<p>" + question(validation.get().purpose()) + " The address is <b>"
                            + Html.escape(validation.get().of().address()) + "</b>.</p><form method=\"post\">"
                            + Html.hidden("sid", sid) + Html.hidden("client_secret", secret)
                            + Html.hidden("token", token)
                            + "<button>Yes</button></form>");
            return;
        }
        confirm(validation, response);
    }

    @PostMapping(Validations.PATH + "{purpose}/confirm")
    void submit(@PathVariable String purpose, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        FormFields form = FormFields.of(request, MAX_FORM);
        String sid = form.get("sid");
        String secret = form.get("client_secret");
        String token = form.get("token");
        confirm(
                sid == null || secret == null || token == null
                        ? Optional.empty()
                        : validations.find(purpose(purpose), sid, secret, token),
                response);
    }

    private void confirm(Optional<Validation> validation, HttpServletResponse response) throws IOException {
        if (validation.isEmpty()) {
            Html.write(
                    response,
                    400,
                    "This link is not valid",
                    "<p>It may be too old, or a newer mail was sent. Ask your client to send another one.</p>");
            return;
        }
        validations.confirm(validation.get());
        String next = validation.get().nextLink();
        if (next != null) {
            response.setHeader("Location", next);
            response.setStatus(HttpServletResponse.SC_FOUND);
            return;
        }
        Html.write(response, 200, "The address is confirmed", "<p>Close this page, and go back to your client.</p>");
    }

    private static String question(Purpose purpose) {
        return switch (purpose) {
            case REGISTER -> "Do you want to make an account here?";
            case PASSWORD -> "Do you want to set a new password for your account?";
            case ADD -> "Do you want to add your address to your account?";
        };
    }

    private static Purpose purpose(String word) {
        try {
            return Purpose.of(word);
        } catch (IllegalArgumentException e) {
            throw new MatrixException(404, "M_UNRECOGNIZED", "There is no such endpoint.");
        }
    }
}
