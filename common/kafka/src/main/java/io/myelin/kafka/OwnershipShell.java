package io.myelin.kafka;

import io.myelin.engine.ownership.Claims;
import io.myelin.engine.ownership.OwnerScan;
import io.myelin.engine.ownership.Ownership;
import io.myelin.engine.ownership.OwnershipEffects;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the shards' rows and claims shards on other threads; the outcomes come back through the loop's mailbox. */
final class OwnershipShell implements OwnershipEffects {

    private static final Logger LOG = LoggerFactory.getLogger(OwnershipShell.class);

    private final String service;
    private final Claims claims;
    private final Mailbox mailbox;
    private final Executor workers;
    private final List<Runnable> releases = new ArrayList<>();
    private @Nullable Ownership bound;

    OwnershipShell(String service, Claims claims, Mailbox mailbox, Executor workers) {
        this.service = service;
        this.claims = claims;
        this.mailbox = mailbox;
        this.workers = workers;
    }

    void bind(Ownership ownership) {
        bound = ownership;
    }

    private Ownership ownership() {
        Ownership ownership = bound;
        if (ownership == null) {
            throw new IllegalStateException("Not bound to an engine");
        }
        return ownership;
    }

    @Override
    public void look(int life, Set<Integer> wanted) {
        workers.execute(() -> {
            try {
                OwnerScan look = claims.look(wanted);
                mailbox.put(() -> ownership().looked(life, look, System.currentTimeMillis()));
            } catch (RuntimeException e) {
                LOG.warn("{}: {}", service, e.getMessage());
                mailbox.put(() -> ownership().lookFailed(life, System.currentTimeMillis()));
            }
        });
    }

    /** Releases the shard only after the loop has stopped answering for it; see {@link #sendReleases}. */
    @Override
    public void release(int shard, long epoch, long published) {
        releases.add(() -> {
            try {
                claims.release(shard, epoch, published);
            } catch (RuntimeException e) {
                LOG.warn("Shard {} of {} is not released: {}", shard, service, e.getMessage());
            }
            mailbox.put(() -> ownership().released(shard, epoch, System.currentTimeMillis()));
        });
    }

    boolean hasReleases() {
        return !releases.isEmpty();
    }

    void sendReleases() {
        releases.forEach(workers::execute);
        releases.clear();
    }

    /** Tells the other instances that this one is about to leave, on the caller's thread. */
    void leave() {
        try {
            claims.leave();
        } catch (RuntimeException e) {
            LOG.warn("{} leaves without notice: {}", service, e.getMessage());
        }
    }
}
