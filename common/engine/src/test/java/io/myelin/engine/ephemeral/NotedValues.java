package io.myelin.engine.ephemeral;

import io.myelin.engine.ownership.OwnershipEffects;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Records the effects in words and carries none of them out. */
final class NotedValues implements EphemeralEffects<String, String>, OwnershipEffects {

    final List<String> effects = new ArrayList<>();
    int life;

    /** The last record published. */
    Publication<String> last = new Publication.Mark<>(Version.NONE);

    @Override
    public void look(int lifeOfLease, Set<Integer> wanted) {
        life = lifeOfLease;
        effects.add("look");
    }

    @Override
    public void release(int shard, long epoch, long published) {
        effects.add("release");
    }

    @Override
    public void load(int shard, long epoch) {
        effects.add("load");
    }

    @Override
    public void read(int shard) {
        effects.add("read");
    }

    @Override
    public void publish(int shard, Publication<String> publication) {
        last = publication;
        effects.add(
                publication instanceof Publication.Value<String> value
                        ? value.value() + " as " + value.version().n()
                        : "mark " + publication.version().n());
    }

    @Override
    public void keep(int shard, long epoch, long rowEpoch, Map<String, String> states) {
        effects.add("keep " + new TreeMap<>(states));
    }
}
