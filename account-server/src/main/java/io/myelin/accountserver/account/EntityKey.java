package io.myelin.accountserver.account;

import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.DehydrationCommand;
import io.myelin.contracts.account.InheritRoom;
import io.myelin.contracts.account.KeyBackupCommand;
import io.myelin.contracts.account.KeyCommand;
import io.myelin.contracts.account.ToDeviceCommand;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The entities of a user: the account itself, each thing that the user keeps, and the usage, which counts these. A command
 * that stores something is about two entities: the thing itself and the usage.
 */
public sealed interface EntityKey {
    /** The type of account data that holds a room's tags. */
    String TAGS = "m.tag";

    /** The type of global account data that lists conversations with one person. */
    String DIRECT = "m.direct";

    /** No identifier contains this character. */
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

    /** State: {@link UserState.Usage}. */
    record OfData(UserId user) implements EntityKey {
        @Override
        public String text() {
            return "data:" + user;
        }
    }

    /**
     * State: {@link UserState.Item}.
     *
     * @param room null for global account data
     */
    record OfItem(UserId user, @Nullable RoomId room, String type) implements EntityKey {
        @Override
        public String text() {
            return "item:" + (room == null ? "" : room) + SEPARATOR + user + SEPARATOR + type;
        }
    }

    /** The rooms that are conversations with one person. State: {@link UserState.Direct}. */
    record OfDirect(UserId user) implements EntityKey {
        @Override
        public String text() {
            return "drct:" + user;
        }
    }

    /**
     * Whether what the user had set for a room has followed into its replacement. State: {@link UserState.Inherited}.
     *
     * @param room the replacement
     */
    record OfInherited(UserId user, RoomId room) implements EntityKey {
        @Override
        public String text() {
            return "inhr:" + room + SEPARATOR + user;
        }
    }

    /** State: {@link UserState.Filter}. */
    record OfFilter(UserId user, String id) implements EntityKey {
        @Override
        public String text() {
            return "filt:" + id + SEPARATOR + user;
        }
    }

    /** State: {@link Inbox}. */
    record OfInbox(UserId user, String device) implements EntityKey {
        public static final String KIND = "inbx:";

        @Override
        public String text() {
            return KIND + user + SEPARATOR + device;
        }
    }

    /** State: {@link UserState.Dehydrated}. */
    record OfDehydrated(UserId user) implements EntityKey {
        @Override
        public String text() {
            return "dehy:" + user;
        }
    }

    /** State: {@link BackupState.Versions}. */
    record OfBackups(UserId user) implements EntityKey {
        @Override
        public String text() {
            return "bkup:" + user;
        }
    }

    /** State: {@link BackupState.Room}. */
    record OfBackupRoom(UserId user, long version, String room) implements EntityKey {
        public static final String KIND = "bkrm:";

        @Override
        public String text() {
            return KIND + user + SEPARATOR + version + SEPARATOR + room;
        }
    }

    /** State: {@link BackupState.Key}. */
    record OfBackupKey(UserId user, long version, String room, String session) implements EntityKey {
        public static final String KIND = "bkky:";

        @Override
        public String text() {
            return KIND + user + SEPARATOR + version + SEPARATOR + room + SEPARATOR + session;
        }
    }

    /** State: {@link UserKeys}. */
    record OfKeys(UserId user) implements EntityKey {
        @Override
        public String text() {
            return "keys:" + user;
        }
    }

    /** State: {@link OneTimeKeys}. */
    record OfOneTimeKeys(UserId user, String device) implements EntityKey {
        public static final String KIND = "otks:";

        @Override
        public String text() {
            return KIND + user + SEPARATOR + device;
        }
    }

    /** All entities that a command is about; {@link #of} first. Removing a device needs those of its keys, too. */
    static List<EntityKey> allOf(AccountCommand command) {
        if (command instanceof ToDeviceCommand.SendToDevice send) {
            return ToDeviceDecisions.recipients(send);
        }
        EntityKey main = of(command);
        return switch (main) {
            case OfInherited inherited when command instanceof InheritRoom inherit ->
                InheritanceDecisions.entities(inherited, inherit);
            case OfTags _, OfDirect _, OfItem _, OfFilter _ -> List.of(main, new OfData(command.user()));
            case OfBackups _ when command instanceof KeyBackupCommand -> List.of(main, new OfUser(command.user()));
            case OfUser _ when command instanceof DehydrationCommand -> List.of(main, new OfDehydrated(command.user()));
            case OfKeys keys
            when command instanceof KeyCommand.UploadKeys upload ->
                List.of(main, new OfUser(keys.user()), new OfOneTimeKeys(keys.user(), upload.device()));
            case OfKeys keys -> List.of(main, new OfUser(keys.user()));
            case OfOneTimeKeys _
            when command instanceof KeyCommand.ClaimKeys claim ->
                claim.claims().stream()
                        .<EntityKey>map(each -> new OfOneTimeKeys(each.user(), each.device()))
                        .distinct()
                        .toList();
            case OfUser _,
                    OfData _,
                    OfOneTimeKeys _,
                    OfInbox _,
                    OfDehydrated _,
                    OfInherited _,
                    OfBackups _,
                    OfBackupRoom _,
                    OfBackupKey _ -> List.of(main);
        };
    }

    /** The entity that a command stores or changes. */
    static EntityKey of(AccountCommand command) {
        return switch (command) {
            case AccountCommand.SetTag tag -> new OfTags(tag.user(), tag.room());
            case AccountCommand.SetAccountData data ->
                ofData(data.user(), data.room(), data.type());
            case InheritRoom inherit -> new OfInherited(inherit.user(), inherit.to());
            case AccountCommand.CreateFilter filter ->
                new OfFilter(filter.user(), DataDecisions.filterId(filter.filter()));
            case AccountCommand.OfAccount account -> new OfUser(account.user());
            case AccountCommand.SpendNonce spend -> new OfData(spend.user());
            case KeyCommand.ClaimKeys(UserId user, var claims) ->
                claims.isEmpty()
                        ? new OfKeys(user)
                        : new OfOneTimeKeys(
                                claims.getFirst().user(), claims.getFirst().device());
            case KeyCommand keys -> new OfKeys(keys.user());
            case AccountCommand.Unknown unknown -> new OfData(unknown.user());
            case ToDeviceCommand.SendToDevice send -> new OfUser(send.user());
            case DehydrationCommand dehydration -> new OfUser(dehydration.user());
            case KeyBackupCommand backup -> new OfBackups(backup.user());
            case ToDeviceCommand.DropToDevice drop -> new OfInbox(drop.user(), drop.device());
        };
    }

    private static EntityKey ofData(UserId user, @Nullable RoomId room, String type) {
        if (room != null) {
            return type.equals(TAGS) ? new OfTags(user, room) : new OfItem(user, room, type);
        }
        return type.equals(DIRECT) ? new OfDirect(user) : new OfItem(user, null, type);
    }

    /** The inverse of {@link #text}. */
    static EntityKey parse(String text) {
        String rest = text.substring(5);
        return switch (text.substring(0, 5)) {
            case "user:" -> new OfUser(new UserId(rest));
            case "data:" -> new OfData(new UserId(rest));
            case "item:" -> {
                String[] parts = rest.split(String.valueOf(SEPARATOR), 3);
                yield new OfItem(new UserId(parts[1]), parts[0].isEmpty() ? null : new RoomId(parts[0]), parts[2]);
            }
            case "drct:" -> new OfDirect(new UserId(rest));
            case "inhr:" -> {
                int user = rest.indexOf(SEPARATOR);
                yield new OfInherited(new UserId(rest.substring(user + 1)), new RoomId(rest.substring(0, user)));
            }
            case "dehy:" -> new OfDehydrated(new UserId(rest));
            case "bkup:" -> new OfBackups(new UserId(rest));
            case OfBackupRoom.KIND -> {
                String[] parts = rest.split(String.valueOf(SEPARATOR), 3);
                yield new OfBackupRoom(new UserId(parts[0]), Long.parseLong(parts[1]), parts[2]);
            }
            case OfBackupKey.KIND -> {
                String[] parts = rest.split(String.valueOf(SEPARATOR), 4);
                yield new OfBackupKey(new UserId(parts[0]), Long.parseLong(parts[1]), parts[2], parts[3]);
            }
            case OfInbox.KIND -> {
                int device = rest.indexOf(SEPARATOR);
                yield new OfInbox(new UserId(rest.substring(0, device)), rest.substring(device + 1));
            }
            case "filt:" -> {
                int user = rest.indexOf(SEPARATOR);
                yield new OfFilter(new UserId(rest.substring(user + 1)), rest.substring(0, user));
            }
            case "tags:" -> {
                int user = rest.indexOf(SEPARATOR);
                yield new OfTags(new UserId(rest.substring(user + 1)), new RoomId(rest.substring(0, user)));
            }
            case "keys:" -> new OfKeys(new UserId(rest));
            case OfOneTimeKeys.KIND -> {
                int device = rest.indexOf(SEPARATOR);
                yield new OfOneTimeKeys(new UserId(rest.substring(0, device)), rest.substring(device + 1));
            }
            default -> throw new IllegalArgumentException("There is no entity " + text);
        };
    }
}
