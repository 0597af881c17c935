package io.myelin.accountserver.threepid;

import io.myelin.accountserver.mail.MailFailed;
import io.myelin.accountserver.mail.Mails;
import io.myelin.matrix.id.UserId;
import io.myelin.web.AttemptLimit;
import io.myelin.web.MatrixException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * Tells the owner of an account by mail that an address was added to it, or taken from it. Whoever has an access token of
 * somebody else could do so, and then set a new password: the owner is to learn of it. A mail that cannot be sent is not
 * sent later.
 */
public final class AddressNotices {
    /** Of a user with more addresses, those that were added first are told. */
    static final int MOST_TOLD = 5;

    private final ThirdPartyIds ids;
    private final Mails mails;
    private final AttemptLimit ofAnAddress;
    private final Executor executor;

    /**
     * @param ofAnAddress how many mails an address may get
     * @param executor sends the mails: nobody waits for them
     */
    public AddressNotices(ThirdPartyIds ids, Mails mails, AttemptLimit ofAnAddress, Executor executor) {
        this.ids = ids;
        this.mails = mails;
        this.ofAnAddress = ofAnAddress;
        this.executor = executor;
    }

    /** Tells the addresses that the user had before. */
    public void added(UserId user, ThirdPartyId id) {
        tell("added", user, id, false);
    }

    /** Tells the address that was taken away too. */
    public void removed(UserId user, ThirdPartyId id) {
        tell("removed", user, id, true);
    }

    private void tell(String text, UserId user, ThirdPartyId changed, boolean changedToo) {
        if (!mails.areSent()) {
            return;
        }
        Set<ThirdPartyId> told = new LinkedHashSet<>();
        if (changedToo) {
            told.add(changed);
        }
        List<ThirdPartyId> others = ids.of(user).stream()
                .map(ThirdPartyIds.Owned::id)
                .filter(id -> !id.equals(changed))
                .limit(MOST_TOLD)
                .toList();
        told.addAll(others);
        told.removeIf(id -> !id.medium().equals(ThirdPartyId.EMAIL));
        told.forEach(to -> executor.execute(() -> send(text, user, changed, to)));
    }

    private void send(String text, UserId user, ThirdPartyId changed, ThirdPartyId to) {
        try {
            // Not from what strangers can use up by asking for mails to the address.
            ofAnAddress.attempt("notice about " + user + " to " + to.address());
            mails.send(text, to.address(), Map.of("user", user.value(), "address", changed.address()));
        } catch (MatrixException | MailFailed e) {
            // The mail server's refusal is logged; too many mails are none of the owner's wishes.
        }
    }
}
