package io.myelin.accountserver.account;

import io.myelin.contracts.account.AccountCommand;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;

/** The lanes of a user: the account itself, the tags of a room, and what is kept without looking at what was there. */
public sealed interface EntityKey {
    /** The type of account data that tags are kept in. */
    String TAGS = "m.tag";

    /** No identifier contains it. */
    char SEPARATOR = '\0';

    UserId user();

    String text();

    /** State: {@link UserState.Account} or {@link UserState.Unregistered}. */
    record OfUser(UserId user) implements EntityKey {
        @Override
        public String text() {
            return "user:" + user;
        }
    }

    /** State: {@link UserState.Tags}. */
    record OfTags(UserId user, RoomId room) implements EntityKey {
        @Override
        public String text() {
            return "tags:" + room + SEPARATOR + user;
        }
    }

    /** State: {@link UserState.Stateless}. Its commands stay in order, and that is all it is for. */
    record OfData(UserId user) implements EntityKey {
        @Override
        public String text() {
            return "data:" + user;
        }
    }

    static EntityKey of(AccountCommand command) {
        return switch (command) {
            case AccountCommand.SetTag tag -> new OfTags(tag.user(), tag.room());
            case AccountCommand.SetAccountData data ->
                data.room() != null && data.type().equals(TAGS)
                        ? new OfTags(data.user(), data.room())
                        : new OfData(data.user());
            case AccountCommand.CreateFilter filter -> new OfData(filter.user());
            case AccountCommand.Register register -> new OfUser(register.user());
            case AccountCommand.Login login -> new OfUser(login.user());
            case AccountCommand.Logout logout -> new OfUser(logout.user());
            case AccountCommand.ChangePassword change -> new OfUser(change.user());
            case AccountCommand.Deactivate deactivate -> new OfUser(deactivate.user());
            case AccountCommand.RenameDevice rename -> new OfUser(rename.user());
            case AccountCommand.SetProfileField field -> new OfUser(field.user());
            case AccountCommand.SpendNonce spend -> new OfData(spend.user());
            case AccountCommand.Unknown unknown -> new OfData(unknown.user());
        };
    }

    /** Undoes {@link #text}. */
    static EntityKey parse(String text) {
        String rest = text.substring(5);
        return switch (text.substring(0, 5)) {
            case "user:" -> new OfUser(new UserId(rest));
            case "data:" -> new OfData(new UserId(rest));
            case "tags:" -> {
                int user = rest.indexOf(SEPARATOR);
                yield new OfTags(new UserId(rest.substring(user + 1)), new RoomId(rest.substring(0, user)));
            }
            default -> throw new IllegalArgumentException("There is no entity " + text);
        };
    }
}
