package io.myelin.roomserver.decide;

import static io.myelin.matrix.event.RequiredSignatures.AUTHORISING_USER;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.Position;
import io.myelin.contracts.account.Profile;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand;
import io.myelin.contracts.room.RoomCommand.ApplyProfile;
import io.myelin.contracts.room.RoomCommand.RefreshMember;
import io.myelin.contracts.room.RoomCommand.RejectPending;
import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomTopics;
import io.myelin.engine.shard.Decision;
import io.myelin.engine.shard.Moment;
import io.myelin.engine.shard.Order;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTooLarge;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.roomserver.room.Absent;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.EventDraft;
import io.myelin.roomserver.room.EventSigner;
import io.myelin.roomserver.room.PendingRooms;
import io.myelin.roomserver.room.Refusal;
import io.myelin.roomserver.room.Room;
import io.myelin.roomserver.room.RoomChange;
import io.myelin.roomserver.room.RoomEdit;
import io.myelin.roomserver.room.RoomEntity;
import io.myelin.roomserver.room.UserEntity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings a user's new profile into the rooms of this shard. The user's entity decides the order: a room that was joined
 * before the change is refreshed, and one that is joined after it is joined with the new profile.
 */
final class ProfileDecisions {

    private static final int SLICE = 100;

    private final EventSigner signer;

    ProfileDecisions(EventSigner signer) {
        this.signer = signer;
    }

    List<Handler<?>> handlers() {
        return List.of(
                Handler.of(
                        ApplyProfile.class,
                        apply -> List.of(EntityKey.of(apply.profile().user())),
                        this::apply),
                Handler.of(
                                RefreshMember.class,
                                refresh -> Handler.roomAndUser(
                                        refresh, refresh.profile().user()),
                                this::refresh)
                        .reading(StateToRead::ofRefresh)
                        .settlingFirst(),
                Handler.of(RejectPending.class, reject -> List.of(key(reject)), ProfileDecisions::rejectPending));
    }

    private Decision<RoomEntity, RoomChange> apply(Known known, ApplyProfile command, Moment moment) {
        Profile profile = command.profile();
        UserEntity user = known.user(profile.user());
        boolean isNews = profile.isNewerThan(user.profile());
        boolean goesOn = command.after() != null
                && user.profile() != null
                && !user.profile().isNewerThan(profile);
        if (!isNews && !goesOn) {
            return Decision.unchanged(answer(moment, 0));
        }
        List<RoomChange> facts =
                isNews ? List.of(new RoomChange.Plain(new RoomFact.ProfileNoted(user.user(), profile))) : List.of();
        List<Order> orders = new ArrayList<>();
        UserEntity changed = refresh(isNews ? user.with(profile) : user, profile, command.after(), moment, orders);
        if (isNews && profile.deactivated()) {
            orders.add(order(new RejectPending(moment.shard(), profile, null), moment));
        }
        Map<String, RoomEntity> changes = Map.of(EntityKey.of(user.user()), changed);
        return new Decision<>(changes, facts, answer(moment, facts.size()), true, orders);
    }

    private static String key(RejectPending command) {
        RoomId after = command.after();
        Profile profile = command.profile();
        return EntityKey.ofPending(profile.user(), profile.at().seq(), after == null ? "" : after.value());
    }

    /** Rejects the invites and knocks of a user whose account is closed, each by an order of its own. */
    private static Decision<RoomEntity, RoomChange> rejectPending(Known known, RejectPending command, Moment moment) {
        PendingRooms some = known.pending(key(command));
        List<Order> orders = new ArrayList<>();
        some.rooms().forEach(room -> orders.add(order(new RefreshMember(room, command.profile()), moment)));
        if (!some.isAll()) {
            RoomId last = some.rooms().getLast();
            orders.add(order(new RejectPending(command.shard(), command.profile(), last), moment));
        }
        Map<String, RoomEntity> changes = Map.of(key(command), new Absent());
        return new Decision<>(changes, List.of(), answer(moment, 0), true, orders);
    }

    /**
     * Gives an order for each room of the next slice, except where one is under way, which will show the newest profile
     * anyway. So a user has at most one such order for each room, however often their name changes. The order to leave when
     * the account is closed is given for every room.
     */
    private static UserEntity refresh(
            UserEntity user, Profile profile, @Nullable RoomId after, Moment moment, List<Order> orders) {
        List<RoomId> rooms = user.joined().stream()
                .filter(room -> after == null || room.compareTo(after) > 0)
                .sorted()
                .limit(SLICE + 1)
                .toList();
        UserEntity changed = user;
        for (RoomId room : rooms.subList(0, Math.min(SLICE, rooms.size()))) {
            if (!changed.refreshed().contains(room) || profile.deactivated()) {
                orders.add(order(new RefreshMember(room, profile), moment));
                changed = changed.refreshing(room, true);
            }
        }
        if (rooms.size() > SLICE) {
            orders.add(order(new ApplyProfile(moment.shard(), profile, rooms.get(SLICE - 1)), moment));
        }
        return changed;
    }

    private static Order order(RoomCommand command, Moment moment) {
        return new Order(RoomTopics.INPUT.name(), moment.shard(), Cbor.encode(command));
    }

    private Decision<RoomEntity, RoomChange> refresh(Known known, RefreshMember command, Moment moment) {
        UserEntity user = known.user(command.profile().user()).refreshing(command.room(), false);
        try {
            return refresh(known, user, command, moment);
        } catch (Refusal | EventTooLarge refused) {
            // The room refuses this event; the next profile is tried again.
            return refreshed(user, moment);
        }
    }

    private Decision<RoomEntity, RoomChange> refresh(
            Known known, UserEntity user, RefreshMember command, Moment moment) {
        UserId id = user.user();
        Profile newest = user.newest(command.profile());
        Optional<Room> room = known.find(command.room());
        Pdu member = room.map(found -> found.get(EventTypes.MEMBER, id.value())).orElse(null);
        if (room.isEmpty() || newest == null || member == null || !isToChange(Membership.of(member), newest)) {
            return refreshed(user, moment);
        }
        RoomEdit edit = new RoomEdit(room.get(), signer, moment);
        Requester requester = new Requester(id, null, null);
        if (newest.deactivated()) {
            JsonObject left = JsonObject.of("membership", Membership.LEAVE.value());
            Pdu event = edit.append(requester, EventDraft.state(id, EventTypes.MEMBER, id.value(), left));
            return Outcome.sent(edit, event, user.in(command.room(), false));
        }
        if (ChangeMembershipDecision.shows(member, newest)) {
            return refreshed(user, moment);
        }
        JsonObject content = member.content()
                .without(MemberEvents.DISPLAY_NAME)
                .without(MemberEvents.AVATAR_URL)
                .without(AUTHORISING_USER)
                .without("reason");
        JsonObject shown = MemberEvents.withProfile(content, Membership.JOIN, newest);
        Pdu event = edit.append(requester, EventDraft.state(id, EventTypes.MEMBER, id.value(), shown));
        return Outcome.sent(edit, event, user);
    }

    /** The order is done, and the room needs no event. */
    private static Decision<RoomEntity, RoomChange> refreshed(UserEntity user, Moment moment) {
        return new Decision<>(Map.of(EntityKey.of(user.user()), user), List.of(), answer(moment, 0), true, List.of());
    }

    /** A user whose account is closed also leaves rooms where they are invited or knock. */
    private static boolean isToChange(Membership membership, Profile newest) {
        return switch (membership) {
            case JOIN -> true;
            case INVITE, KNOCK -> newest.deactivated();
            case LEAVE, BAN -> false;
        };
    }

    private static byte[] answer(Moment moment, int facts) {
        Position at = new Position(moment.shard(), moment.incarnation(), moment.seq() - 1 + facts);
        return Cbor.encode(new RoomAnswer.ProfileApplied(at));
    }
}
