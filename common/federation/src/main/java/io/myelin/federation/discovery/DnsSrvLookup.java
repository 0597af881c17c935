package io.myelin.federation.discovery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.myelin.outbound.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Name;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;

/** Looks up SRV records at this machine's DNS servers, and caches every outcome for minutes. RFC 2782. */
public final class DnsSrvLookup implements SrvLookup {
    private static final Logger LOG = LoggerFactory.getLogger(DnsSrvLookup.class);
    private static final Duration REMEMBERED = Duration.ofMinutes(5);
    private static final int MAX_REMEMBERED = 10_000;

    private final Duration timeout;
    private final RandomGenerator random;
    private final LookupSession session;
    private final Cache<String, List<SRVRecord>> known = Caffeine.newBuilder()
            .expireAfterWrite(REMEMBERED)
            .maximumSize(MAX_REMEMBERED)
            .build();

    /** @param timeout of one look-up; without an answer in time there is no record */
    public DnsSrvLookup(Duration timeout, RandomGenerator random) {
        this.timeout = timeout;
        this.random = random;
        var resolver = new ExtendedResolver();
        resolver.setTimeout(timeout);
        resolver.setRetries(2);
        session = LookupSession.builder().resolver(resolver).build();
    }

    @Override
    public List<Endpoint> endpoints(String name) {
        List<SRVRecord> records = known.getIfPresent(name);
        if (records == null) {
            records = ask(name);
            known.put(name, records);
        }
        return inOrder(records, random);
    }

    private List<SRVRecord> ask(String name) {
        try {
            var answer = session.lookupAsync(Name.fromString(name + "."), Type.SRV, DClass.IN);
            return answer.toCompletableFuture().get(timeout.toMillis(), TimeUnit.MILLISECONDS).getRecords().stream()
                    .filter(SRVRecord.class::isInstance)
                    .map(SRVRecord.class::cast)
                    .toList();
        } catch (TextParseException e) { // DNS does not allow this label, so it has no record.
            return List.of();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof NoSuchDomainException || e.getCause() instanceof NoSuchRRSetException)) {
                LOG.debug("DNS does not say whether there is an SRV record {}: {}", name, e.getCause());
            }
            return List.of();
        } catch (TimeoutException e) {
            LOG.debug("DNS does not say in time whether there is an SRV record {}", name);
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    /** Sorts by priority; records of equal priority are in random order, weighted. */
    static List<Endpoint> inOrder(List<SRVRecord> records, RandomGenerator random) {
        var left = new ArrayList<>(records.stream()
                .filter(srv -> srv.getPort() > 0 && !srv.getTarget().equals(Name.root))
                .sorted(Comparator.comparingInt(SRVRecord::getPriority).thenComparingInt(SRVRecord::getWeight))
                .toList());
        List<Endpoint> ordered = new ArrayList<>();
        while (!left.isEmpty()) {
            SRVRecord chosen = left.remove(choose(left, random));
            ordered.add(new Endpoint(chosen.getTarget().toString(true), chosen.getPort()));
        }
        return ordered;
    }

    private static int choose(List<SRVRecord> records, RandomGenerator random) {
        int priority = records.getFirst().getPriority();
        var equals =
                records.stream().filter(srv -> srv.getPriority() == priority).toList();
        int sum = equals.stream().mapToInt(SRVRecord::getWeight).sum();
        int mark = random.nextInt(sum + 1);
        for (int i = 0; i < equals.size(); i++) {
            mark -= equals.get(i).getWeight();
            if (mark <= 0) {
                return i;
            }
        }
        return equals.size() - 1;
    }
}
