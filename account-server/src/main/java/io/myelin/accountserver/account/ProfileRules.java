package io.myelin.accountserver.account;

import io.myelin.contracts.Position;
import io.myelin.contracts.account.Profile;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.matrix.json.JsonString;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How profiles change. Client-server API, "Profiles". */
public final class ProfileRules {
    /** The largest size of a whole profile, as JSON. */
    public static final int MAX_BYTES = 64 << 10;

    public static final String DISPLAY_NAME = "displayname";
    public static final String AVATAR_URL = "avatar_url";

    private ProfileRules() {}

    /** A field's value as JSON; null if it is not set. */
    public static byte @Nullable [] field(Profile profile, String field) {
        return switch (field) {
            case DISPLAY_NAME -> json(profile.displayName());
            case AVATAR_URL -> json(profile.avatarUrl());
            default -> profile.fields().get(field);
        };
    }

    /** All fields that are set, as JSON, in the order of their names. */
    public static SortedMap<String, byte[]> fields(Profile profile) {
        SortedMap<String, byte[]> fields = new TreeMap<>(profile.fields());
        putIfPresent(fields, DISPLAY_NAME, json(profile.displayName()));
        putIfPresent(fields, AVATAR_URL, json(profile.avatarUrl()));
        return fields;
    }

    /** A profile with fields in the form that {@link #fields} returns. */
    public static Profile of(Profile empty, Map<String, byte[]> fields) {
        Profile profile = empty;
        for (Map.Entry<String, byte[]> field : fields.entrySet()) {
            profile = with(profile, empty.at(), field.getKey(), field.getValue());
        }
        return profile;
    }

    static boolean isShownInRooms(String field) {
        return field.equals(DISPLAY_NAME) || field.equals(AVATAR_URL);
    }

    static boolean isTooLarge(Profile profile) {
        return bytes(profile) >= MAX_BYTES;
    }

    /** The size of the whole profile as JSON. */
    static int bytes(Profile profile) {
        int bytes = 2;
        for (Map.Entry<String, byte[]> field : fields(profile).entrySet()) {
            bytes += quoted(field.getKey()).length + field.getValue().length + 2;
        }
        return bytes;
    }

    static Profile named(Profile profile, Position at, @Nullable String displayName) {
        return new Profile(
                profile.user(), at, displayName, profile.avatarUrl(), profile.fields(), profile.deactivated());
    }

    static Profile with(Profile profile, Position at, String field, byte @Nullable [] value) {
        return switch (field) {
            case DISPLAY_NAME -> named(profile, at, text(value));
            case AVATAR_URL ->
                new Profile(
                        profile.user(),
                        at,
                        profile.displayName(),
                        text(value),
                        profile.fields(),
                        profile.deactivated());
            default -> {
                // Sorted, so that the same profile is always encoded to the same bytes.
                Map<String, byte[]> fields = new TreeMap<>(profile.fields());
                if (value == null) {
                    fields.remove(field);
                } else {
                    fields.put(field, value);
                }
                yield new Profile(
                        profile.user(),
                        at,
                        profile.displayName(),
                        profile.avatarUrl(),
                        Collections.unmodifiableMap(fields),
                        profile.deactivated());
            }
        };
    }

    /** @param erased whether the user asked to be erased, so that no field remains */
    static Profile closed(Profile profile, Position at, boolean erased) {
        return erased
                ? new Profile(profile.user(), at, null, null, Map.of(), true)
                : new Profile(profile.user(), at, profile.displayName(), profile.avatarUrl(), profile.fields(), true);
    }

    private static void putIfPresent(Map<String, byte[]> fields, String name, byte @Nullable [] value) {
        if (value != null) {
            fields.put(name, value);
        }
    }

    private static byte @Nullable [] json(@Nullable String text) {
        return text == null ? null : quoted(text);
    }

    private static byte[] quoted(String text) {
        return CanonicalJson.encode(new JsonString(text));
    }

    private static @Nullable String text(byte @Nullable [] value) {
        return value != null && JsonParser.parse(value, JsonRules.LENIENT) instanceof JsonString(String text)
                ? text
                : null;
    }
}
