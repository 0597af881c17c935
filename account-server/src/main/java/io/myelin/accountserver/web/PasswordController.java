package io.myelin.accountserver.web;

import io.myelin.accountserver.authentication.Completed;
import io.myelin.accountserver.authentication.EmailStage;
import io.myelin.accountserver.authentication.InteractiveAuthentication;
import io.myelin.accountserver.authentication.MsisdnStage;
import io.myelin.accountserver.authentication.Operation;
import io.myelin.accountserver.authentication.ProvenAddress;
import io.myelin.accountserver.authentication.UserStages;
import io.myelin.accountserver.registration.Registrations;
import io.myelin.accountserver.threepid.PhoneValidations;
import io.myelin.accountserver.threepid.ThirdPartyId;
import io.myelin.accountserver.threepid.ThirdPartyIds;
import io.myelin.accountserver.threepid.Validation.Purpose;
import io.myelin.accountserver.threepid.Validations;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.JsonResponse;
import io.myelin.web.MatrixException;
import io.myelin.web.NoGuests;
import io.myelin.web.RequestFields;
import io.myelin.web.address.ClientAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Sets a new password: for the user who makes the request, or without an access token for the user whose address the client
 * has confirmed. Client-server API, "Password management".
 */
@RestController
public class PasswordController {
    private static final List<List<String>> BY_EMAIL = List.of(List.of(EmailStage.TYPE));
    private static final List<List<String>> BY_EMAIL_OR_PHONE =
            List.of(List.of(EmailStage.TYPE), List.of(MsisdnStage.TYPE));

    private final Commands commands;
    private final Registrations registrations;
    private final InteractiveAuthentication authentication;
    private final UserStages stages;
    private final ThirdPartyIds addresses;
    private final Validations validations;
    private final PhoneValidations phones;

    public PasswordController(
            Commands commands,
            Registrations registrations,
            InteractiveAuthentication authentication,
            UserStages stages,
            ThirdPartyIds addresses,
            Validations validations,
            PhoneValidations phones) {
        this.commands = commands;
        this.registrations = registrations;
        this.authentication = authentication;
        this.stages = stages;
        this.addresses = addresses;
        this.validations = validations;
        this.phones = phones;
    }

    @NoGuests
    @PostMapping({"/_matrix/client/v3/account/password", "/_matrix/client/r0/account/password"})
    JsonResponse changePassword(@Nullable Session session, ClientAddress client, JsonObject body) {
        RequestFields request = RequestFields.of(body);
        boolean logsOut = request.bool("logout_devices", true);
        String wanted = request.string("new_password");
        if (wanted != null) {
            registrations.check(wanted); // Before a session is used up for it.
        }
        if (session == null) {
            reset(request, client, logsOut);
        } else {
            authentication.requireFor(
                    Operation.of("password", session.user(), stages.of(session.user())), request, client);
            String hash = registrations.hash(client, request.requiredString("new_password"));
            commands.execute(
                    new AccountCommand.ChangePassword(session.user(), hash, logsOut ? session.device() : null));
        }
        return JsonResponse.DONE;
    }

    /** The confirmation is used up, so that it sets one password only. */
    private void reset(RequestFields request, ClientAddress client, boolean logsOut) {
        Completed completed = authentication.requireFor(
                new Operation(
                        Operation.RESET_PASSWORD,
                        null,
                        phones.areOffered() ? BY_EMAIL_OR_PHONE : BY_EMAIL,
                        UnaryOperator.identity()),
                request,
                client);
        Optional<String> byEmail = completed.proof(EmailStage.TYPE);
        ProvenAddress proven = byEmail.or(() -> completed.proof(MsisdnStage.TYPE))
                .flatMap(ProvenAddress::of)
                .orElseThrow(PasswordController::confirmAgain);
        UserId user = addresses
                .owner(ThirdPartyId.of(
                        byEmail.isPresent() ? ThirdPartyId.EMAIL : ThirdPartyId.MSISDN, proven.address()))
                .orElseThrow(() -> new MatrixException(404, "M_NOT_FOUND", "Nobody here has this address."));
        String hash = registrations.hash(client, request.requiredString("new_password"));
        boolean isUnused = byEmail.isPresent()
                ? validations.useUp(Purpose.PASSWORD, proven.sid())
                : phones.useUp(Purpose.PASSWORD, proven.sid());
        if (!isUnused) {
            throw confirmAgain();
        }
        commands.execute(new AccountCommand.ChangePassword(user, hash, logsOut ? "" : null));
    }

    private static MatrixException confirmAgain() {
        return new MatrixException(403, "M_FORBIDDEN", "The address has to be confirmed again.");
    }
}
