package io.myelin.accountserver.web;

import io.myelin.accountserver.threepid.PhoneNumber;
import io.myelin.accountserver.threepid.PhoneValidations;
import io.myelin.accountserver.threepid.ThirdPartyId;
import io.myelin.accountserver.threepid.ThirdPartyIds;
import io.myelin.accountserver.threepid.Validation.Purpose;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.AttemptLimit;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;
import io.myelin.web.address.ClientAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Has text messages sent by which phone numbers are confirmed, and takes the codes in them. Client-server API, the endpoints
 * {@code …/msisdn/requestToken}.
 */
@RestController
public class MsisdnController {
    /** The longest ID that an identity server gives a text message. */
    private static final int MAX_ID = 160;

    private final PhoneValidations validations;
    private final ThirdPartyIds numbers;
    private final Runnable registrationCheck;
    private final AttemptLimit messages;
    private final AttemptLimit messagesOfAnHour;
    private final AttemptLimit codes;

    /**
     * @param registrationCheck throws if nobody can register
     * @param messages how many text messages an address may cause, and a number may get
     * @param messagesOfAnHour how many text messages a number may get within a longer time
     * @param codes how many codes an address may try
     */
    public MsisdnController(
            PhoneValidations validations,
            ThirdPartyIds numbers,
            Runnable registrationCheck,
            AttemptLimit messages,
            AttemptLimit messagesOfAnHour,
            AttemptLimit codes) {
        this.validations = validations;
        this.numbers = numbers;
        this.registrationCheck = registrationCheck;
        this.messages = messages;
        this.messagesOfAnHour = messagesOfAnHour;
        this.codes = codes;
    }

    @PostMapping({"/_matrix/client/v3/register/msisdn/requestToken", "/_matrix/client/r0/register/msisdn/requestToken"})
    JsonObject forRegistration(ClientAddress client, JsonObject body) {
        registrationCheck.run();
        return begin(Purpose.REGISTER, client, RequestFields.of(body));
    }

    @PostMapping({
        "/_matrix/client/v3/account/password/msisdn/requestToken",
        "/_matrix/client/r0/account/password/msisdn/requestToken"
    })
    JsonObject forPassword(ClientAddress client, JsonObject body) {
        return begin(Purpose.PASSWORD, client, RequestFields.of(body));
    }

    @PostMapping({
        "/_matrix/client/v3/account/3pid/msisdn/requestToken",
        "/_matrix/client/r0/account/3pid/msisdn/requestToken",
        "/_matrix/client/unstable/account/3pid/msisdn/requestToken"
    })
    JsonObject forAccount(@Nullable Session session, ClientAddress client, JsonObject body) {
        return begin(Purpose.ADD, client, RequestFields.of(body));
    }

    private JsonObject begin(Purpose purpose, ClientAddress client, RequestFields request) {
        if (!validations.areOffered()) {
            throw new MatrixException(
                    400, "M_THREEPID_MEDIUM_NOT_SUPPORTED", "This server cannot confirm phone numbers.");
        }
        String secret = request.requiredString("client_secret");
        String country = request.string("country");
        if (country == null) {
            country = request.string("country_code");
        }
        var number = PhoneNumber.of(
                country == null ? request.requiredString("country") : country, request.requiredString("phone_number"));
        Long attempt = request.integer("send_attempt");
        if (attempt == null) {
            throw request.missing("send_attempt");
        }
        if (!client.onThisMachine()) { // Before anybody learns whether the number is known here.
            messages.attempt("text message from " + client.network());
        }
        ThirdPartyId full = number.msisdn();
        checkOwner(purpose, numbers.owner(full));
        messages.attempt("text message to " + full.address());
        messagesOfAnHour.attempt("text message to " + full.address());
        return validations.begin(purpose, number, secret, attempt, request.string("next_link"));
    }

    private static void checkOwner(Purpose purpose, Optional<UserId> owner) {
        boolean isWanted = purpose == Purpose.PASSWORD;
        if (owner.isPresent() && !isWanted) {
            throw new MatrixException(400, "M_THREEPID_IN_USE", "The phone number is in use already.");
        }
        if (owner.isEmpty() && isWanted) {
            throw new MatrixException(400, "M_THREEPID_NOT_FOUND", "Nobody here has this phone number.");
        }
    }

    @PostMapping(PhoneValidations.SUBMIT)
    JsonObject submit(ClientAddress client, JsonObject body) {
        RequestFields request = RequestFields.of(body);
        codes.attempt("text message's code from " + client.network());
        String sid = request.requiredString("sid");
        // However many addresses somebody guesses from: the end is the same for all IDs of one text message.
        int end = Math.max(sid.lastIndexOf('.') + 1, sid.length() - MAX_ID);
        codes.attempt("text message's code for " + sid.substring(end));
        boolean isRight =
                validations.submit(sid, request.requiredString("client_secret"), request.requiredString("token"));
        return JsonObject.of("success", Json.of(isRight));
    }
}
