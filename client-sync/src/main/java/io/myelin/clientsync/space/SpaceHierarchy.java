package io.myelin.clientsync.space;

import io.myelin.clientsync.read.HeldAnswer;
import io.myelin.clientsync.token.InvalidToken;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.Unavailable;
import io.myelin.contracts.room.EventPages;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.web.JsonWriter;
import io.myelin.web.MatrixException;
import io.myelin.web.StreamedJson;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The rooms of a space and of the spaces in it, depth first, page by page. Client-server API, {@code GET
 * /rooms/{id}/hierarchy}.
 */
public final class SpaceHierarchy {
    private static final String CHILD = "m.space.child";

    /** How many rooms a page has at most, and if its client does not say. */
    private static final int MOST_ROOMS_OF_PAGE = 50;

    private static final int MOST_DEPTH = 50;

    /** How many rooms all pages together look at. */
    private static final int MOST_ROOMS = 1_000;

    /** How many of these are followed as spaces. */
    private static final int MOST_SPACES = 100;

    /** How many rooms one page looks at, whether the user can find them or not. */
    private static final int MOST_LOOKED_AT = 100;

    /** How many rooms wait to be looked at. */
    private static final int MOST_WAITING = 20_000;

    /** How many walks go on at a time; others wait for a moment. */
    private static final int AT_ONCE = 8;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** How many children of one space are looked at. */
    private static final int MOST_CHILDREN = 2_000;

    /** The bytes of the events of one space that are told; further children are walked to, but their events not told. */
    private static final long MOST_CHILD_BYTES = 512 << 10;

    /** A page with more bytes than this is not filled up further. */
    private static final long MOST_BYTES = 2 << 20;

    /**
     * @param maxDepth null for as deep as there is anything
     * @param limit null for the standard
     */
    public record Request(
            UserId user,
            RoomId root,
            boolean suggestedOnly,
            @Nullable Integer maxDepth,
            @Nullable Integer limit,
            @Nullable String from) {

        int depth() {
            return maxDepth == null ? MOST_DEPTH : Math.min(maxDepth, MOST_DEPTH);
        }

        int rooms() {
            return limit == null ? MOST_ROOMS_OF_PAGE : Math.min(limit, MOST_ROOMS_OF_PAGE);
        }

        int question() {
            return Objects.hash(root, suggestedOnly, maxDepth);
        }
    }

    private record Place(RoomId room, int depth) {}

    private record Told(RoomOverview room, long joined, List<SpaceChild> children) {}

    private final RoomQueries rooms;
    private final RoomOverviews overviews;
    private final Semaphore turns = new Semaphore(AT_ONCE);

    public SpaceHierarchy(RoomQueries rooms, RoomOverviews overviews) {
        this.rooms = rooms;
        this.overviews = overviews;
    }

    /**
     * @throws MatrixException 403 if the user cannot find the space
     * @throws InvalidToken if {@code from} is of another question
     */
    public StreamedJson page(Request request) {
        HierarchyToken token = request.from() == null
                ? HierarchyToken.begin(request.question())
                : HierarchyToken.parse(request.from(), request.question());
        inTurn();
        try {
            return page(request, token, overviews.finder(request.user()));
        } finally {
            turns.release();
        }
    }

    private void inTurn() {
        try {
            if (!turns.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                MatrixError error = new MatrixError(429, "M_LIMIT_EXCEEDED", "Too many spaces are being walked.");
                throw MatrixException.with(error, "retry_after_ms", PATIENCE.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable("Interrupted", e);
        }
    }

    private StreamedJson page(Request request, HierarchyToken token, RoomOverviews.Finder finder) {
        if (finder.find(request.root()).isEmpty()) {
            throw new MatrixException(MatrixError.forbidden("There is no such room that you could see."));
        }
        List<Told> told = new ArrayList<>();
        boolean more = walk(request, token, finder, told);
        byte[] answer = write(told, more ? token.encode() : null);
        return new HeldAnswer(answer, answer.length, out -> out.raw(answer, 0, answer.length));
    }

    /** @return whether there may be more rooms */
    private boolean walk(Request request, HierarchyToken token, RoomOverviews.Finder finder, List<Told> told) {
        Set<RoomId> seen = new HashSet<>();
        Deque<Place> next = new ArrayDeque<>();
        next.push(new Place(request.root(), 0));
        long bytes = 0;
        int looked = 0;
        while (!next.isEmpty()) {
            Place place = next.pop();
            if (!seen.add(place.room())) {
                continue;
            }
            boolean isDeepest = place.depth() >= request.depth();
            if (token.done().contains(HierarchyToken.hash(place.room()))) {
                // The token is not believed: the client may have made it.
                if (token.mayBeSpace(place.room())
                        && !isDeepest
                        && finder.find(place.room())
                                .filter(RoomOverview::isSpace)
                                .isPresent()) {
                    follow(next, seen, token, place, children(place.room(), request.suggestedOnly()));
                }
                continue;
            }
            if (told.size() == request.rooms() || bytes > MOST_BYTES || looked == MOST_LOOKED_AT) {
                return true;
            }
            if (token.done().size() >= MOST_ROOMS) {
                return false;
            }
            looked++;
            RoomOverview room = finder.find(place.room()).orElse(null);
            boolean isSpace = room != null && room.isSpace() && token.spaces().size() < MOST_SPACES;
            token.add(place.room(), isSpace);
            if (room != null) {
                List<SpaceChild> children = isSpace ? children(place.room(), request.suggestedOnly()) : List.of();
                bytes += children.stream().mapToLong(SpaceHierarchy::bytes).sum();
                told.add(new Told(room, overviews.joinedMembers(place.room()), children));
                if (!isDeepest) {
                    follow(next, seen, token, place, children);
                }
            }
        }
        return false;
    }

    private static void follow(
            Deque<Place> next, Set<RoomId> seen, HierarchyToken token, Place place, List<SpaceChild> children) {
        for (SpaceChild child : children.reversed()) {
            boolean isKnown = token.done().contains(HierarchyToken.hash(child.room()));
            if (next.size() < MOST_WAITING
                    && !seen.contains(child.room())
                    && (!isKnown || token.mayBeSpace(child.room()))) {
                next.push(new Place(child.room(), place.depth() + 1));
            }
        }
    }

    private static long bytes(SpaceChild child) {
        return child.event() == null ? 0 : child.event().event().body().length;
    }

    private List<SpaceChild> children(RoomId space, boolean suggestedOnly) {
        long[] numbers = rooms.stateNumbers(space, Long.MAX_VALUE, CHILD);
        List<SpaceChild> children = new ArrayList<>();
        long[] bytes = {0};
        EventPages.forEach(
                rooms,
                space,
                Arrays.copyOf(numbers, Math.min(numbers.length, MOST_CHILDREN)),
                stored -> SpaceChild.of(stored)
                        .filter(child -> child.suggested() || !suggestedOnly)
                        .ifPresent(child -> {
                            bytes[0] += bytes(child);
                            children.add(bytes[0] > MOST_CHILD_BYTES ? child.withoutEvent() : child);
                        }));
        children.sort(SpaceChild.ORDER);
        return children;
    }

    private static byte[] write(List<Told> told, @Nullable String next) {
        JsonWriter out = new JsonWriter();
        out.beginObject().name("rooms").beginArray();
        for (Told one : told) {
            out.beginObject();
            one.room().writeFields(out, one.joined());
            out.name("children_state").beginArray();
            one.children().forEach(child -> child.write(out));
            out.endArray().endObject();
        }
        out.endArray();
        out.fieldIfPresent("next_batch", next);
        out.endObject();
        return out.toBytes();
    }
}
